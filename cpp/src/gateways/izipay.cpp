#include "gateways/declare.hpp"

namespace cuadre::declared {
namespace {

Scheme rest(std::string_view message, std::string_view key_name) {
  Scheme made = scheme(message);
  made.pieces = {as(field("kr-answer"), Piece::Form::unescaped_slashes)};
  made.carrier = in_field("kr-hash");
  made.body = Scheme::Body::form;
  made.id_at = {field("kr-hash")};  // the same for every copy, and for nothing else
  // The sender names the key; believing that would let a message of the browser pose as one of the server.
  made.pinned = {pin(field("kr-hash-key"), key_name), pin(field("kr-hash-algorithm"), "sha256_hmac")};
  made.covered = {.id = true, .status = true, .amount = true, .reference = true};
  made.status = "official";
  made.vectors = "none";
  made.source = "https://secure.micuentaweb.pe/doc/es-PE/rest/V4.0/api/kb/ipn_usage.html";
  return made;
}

Scheme form(std::string_view message, bool incoming) {
  Scheme made = scheme(message);
  made.incoming = incoming;
  made.version = "HMAC-SHA-256";
  made.encoding = Encoding::base64;
  made.pieces = {piece(Piece::From::sorted_fields, "vads_"), secret()};
  made.separator = "+";
  made.carrier = in_field("signature");
  made.body = Scheme::Body::form;
  made.id_at = {field("signature")};  // of one message the same for every copy, whatever its values are called
  made.covered = {.id = true};
  made.status = "official";
  made.vectors = "official";
  made.source = "https://docs.lyra.com/en/collect/";
  made.note =
      "Values of all vads_ fields by name, joined by +, and the key once more behind them. Names are not signed: "
      "whoever has one message can give its values other names, so nothing but the message itself is covered. Take the "
      "ipn, or ask for the order. A + in a value is refused. TEST and PRODUCTION have two keys.";
  return made;
}

// Izipay in Peru, and everybody else on Lyra's platform.
std::vector<Scheme> all_schemes() {
  Scheme ipn = rest("ipn", "password");
  ipn.note =
      "Izipay's notice from server to server, signed with the REST password. kr-hash-key must say password: the "
      "browser's message says sha256_hmac and has another key. \\/ in kr-answer is signed as /. No time: keep seen "
      "events.";
  Scheme browser = rest("answer", "sha256_hmac");
  browser.vectors = "official";
  browser.note =
      "What the buyer's browser brings back, signed with the HMAC-SHA-256 key: tell the buyer, and book on the notice.";
  Scheme old = form("form_notification", true);
  old.version = "SHA-1";
  old.algorithm = Algorithm::sha1;
  old.encoding = Encoding::hex;
  old.id_at = {as(field("signature"), Piece::Form::lower)};
  old.vectors = "none";
  return {std::move(ipn), std::move(browser), form("form_notification", true), std::move(old),
          form("form_request", false)};
}

constexpr std::string_view kLyraStatus = "https://docs.lyra.com/en/rest/V4.0/api/kb/status_reference.html";

constexpr NotificationMap kMessages[] = {
    {.messages = "ipn answer",
     .body = Body::form,
     .inner = "kr-answer",
     .event_id = "@transactions.0.uuid+@orderStatus",
     .status = "@orderStatus",
     .reference = "@orderDetails.orderId",
     .gateway_id = "@transactions.0.uuid",
     .merchant = "@shopId",
     .needed = "gateway_id amount merchant",
     .amount = "@orderDetails.orderTotalAmount",
     .currency = "@orderDetails.orderCurrency",
     .wire = kScaled,
     .wire_message = "payment",
     .time = "@serverDate",
     .environment = "@orderDetails.mode",
     .production_word = "PRODUCTION",
     .test_word = "TEST"},
};

constexpr StatusWord kWords[] = {
    {"ipn", "PAID", Kind::payment, Status::paid, kOfficial, kLyraStatus, "cards: agreed, and taken by itself later"},
    {"ipn", "UNPAID", Kind::payment, kNone, kOfficial, kLyraStatus,
     "not paid and final: refused, cancelled or expired, ask which"},
    {"ipn", "RUNNING", Kind::payment, Status::pending, kOfficial, kLyraStatus, ""},
    {"ipn", "PARTIALLY_PAID", Kind::payment, kNone, kUnverified, kLyraStatus, ""},
};

constexpr WireRule kWire[] = {
    {.message = "payment",
     .currencies = "PEN USD",
     .form = kScaled,
     .status = kUnverified,
     .source = "https://github.com/lyra/rest-php-sdk",
     .note = "integers of the smallest unit"},
};

constexpr NotificationGap kGaps[] = {
    {"form_notification", "no public table of its words was found: take the ipn, or ask for the order"},
};

}  // namespace

Gateway izipay() {
  return {.title = "Izipay, and others on Lyra's platform",
          .schemes = all_schemes(),
          .notification = {.messages = kMessages, .words = kWords, .gaps = kGaps},
          .wire = kWire};
}

}  // namespace cuadre::declared
