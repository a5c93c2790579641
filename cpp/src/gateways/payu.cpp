#include "gateways/gateways.hpp"

namespace cuadre::gateways {
namespace {

constexpr const char* kSite = "https://developers.payulatam.com/latam/en/docs/integrations/webcheckout-integration/";

Scheme base(std::string_view message, std::string_view page) {
  Scheme made = scheme("payu", message);
  made.separator = "~";
  made.encoding = Encoding::hex;
  made.covered = {.amount = true, .reference = true};
  made.status = "official";
  made.source = std::string(kSite) + std::string(page);
  return made;
}

Scheme confirmation() {
  Scheme made = base("confirmation", "confirmation-page.html");
  made.pieces = {secret(),
                 only(field("merchant_id"), Piece::Only::digits),
                 with_separator(field("reference_sale")),
                 only(as(field("value"), Piece::Form::payu_confirmation), Piece::Only::anything),
                 only(field("currency"), Piece::Only::currency),
                 only(field("state_pol"), Piece::Only::digits)};
  made.carrier = in_field("sign");
  made.body = Scheme::Body::form;
  // reference_pol would tell two payments of one coupon apart, and is not covered: a replay could change it.
  made.id_at = {field("reference_sale"), field("state_pol"), as(field("value"), Piece::Form::payu_confirmation)};
  made.covered.status = true;
  made.note =
      "The amount is signed with one decimal where its second decimal is zero (150.00 as 150.0, 150.20 as 150.2) and "
      "with "
      "two otherwise (150.05). Not covered: transaction_id, reference_pol, payment method, test. No time, so keep seen "
      "events; retries change transaction_id and keep reference_pol. MD5 is not a MAC: set SHA256 in PayU's panel.";
  return made;
}

Scheme response_page() {
  Scheme made = base("response_page", "response-page.html");
  made.pieces = {secret(),
                 only(query("merchantId"), Piece::Only::digits),
                 with_separator(query("referenceCode")),
                 as(query("TX_VALUE"), Piece::Form::payu_response),
                 only(query("currency"), Piece::Only::currency),
                 only(query("transactionState"), Piece::Only::digits)};
  made.carrier = in_query("signature");
  made.covered.status = true;
  made.note =
      "A page the buyer's browser opens: tell the buyer, book nothing. The amount is signed rounded half-even to one "
      "decimal (150.25 as 150.2, 150.35 as 150.4), so the last decimal is not covered.";
  return made;
}

Scheme request() {
  Scheme made = base("request", "payment-form.html");
  made.incoming = false;
  made.encoding = Encoding::hex_lower;
  made.pieces = {secret(), setting("merchant_id"), with_separator(field("referenceCode")), field("amount"),
                 field("currency")};
  made.settings = {"merchant_id"};
  made.carrier = in_field("signature");
  made.body = Scheme::Body::form;
  made.note =
      "The amount is signed as the very text that is sent: 20000, 20000.0 and 20000.00 give three signatures. PayU "
      "also "
      "offers HMAC-SHA256 and describes nowhere how it is keyed, so it is not here.";
  return made;
}

// PayU signs with what the account says; the strongest first.
Schemes in_each_digest(const Scheme& base) {
  Schemes made(3, base);
  made[0].algorithm = Algorithm::sha256;
  made[0].version = "SHA-256";
  made[0].vectors = base.message == "request" ? "official" : "none";
  made[1].algorithm = Algorithm::sha1;
  made[1].version = "SHA-1";
  made[1].vectors = made[0].vectors;
  made[2].algorithm = Algorithm::md5;
  made[2].version = "MD5";
  made[2].vectors = "official";
  return made;
}

}  // namespace

Schemes payu() {
  Schemes made;
  for (const Scheme& scheme : {confirmation(), response_page(), request()}) {
    for (Scheme& reading : in_each_digest(scheme)) made.push_back(std::move(reading));
  }
  return made;
}

}  // namespace cuadre::gateways
