#include "gateways/declare.hpp"

namespace cuadre::declared {
namespace {

Scheme base(std::string_view message) {
  Scheme made = scheme(message);
  made.encoding = Encoding::base64_of_hex;
  made.carrier = in_header("signature");
  made.body = Scheme::Body::json;
  made.time_form = TimeForm::unix_s;
  made.time_at = header("timestamp");
  made.time_signed = true;
  made.covered = {.body = true, .id = true, .time = true, .status = true, .amount = true, .reference = true};
  made.status = "official";
  return made;
}

Scheme webhook() {
  Scheme made = base("notification");
  made.pieces = {setting("url"), header("salt"), timestamp(), setting("access_key"), secret(), body()};
  made.settings = {"url", "access_key"};
  made.id_at = {optional(field("id")), optional(field("token"))};
  made.vectors = "community";
  made.source = "https://docs.rapyd.net/en/webhook-authentication.html";
  made.note =
      "url is the whole address as configured at Rapyd; behind a proxy the one that came in differs. The signature is "
      "base64 of the hex text, 88 characters, not of the digest. The event name proves nothing: PAYMENT_SUCCEEDED "
      "comes before any cash.";
  return made;
}

Scheme request() {
  Scheme made = base("request");
  made.incoming = false;
  made.covered.status = false;
  made.pieces = {as(piece(Piece::From::method), Piece::Form::lower),
                 piece(Piece::From::path),
                 header("salt"),
                 timestamp(),
                 setting("access_key"),
                 secret(),
                 body()};
  made.settings = {"access_key"};
  made.tolerance_s = 60;
  made.vectors = "none";
  made.source = "https://docs.rapyd.net/en/request-signatures.html";
  made.note =
      "The path starts with /v1 and has the query. Sign an empty body where there is none or it would be {}. Send the "
      "body as it was signed: 1.10 written again as 1.1 is refused. salt is 8 to 16 random characters.";
  return made;
}

std::vector<Scheme> all_schemes() { return {webhook(), request()}; }

constexpr std::string_view kRapydCash = "https://docs.rapyd.net/en/cash-payment-message-sequences.html";
constexpr std::string_view kRapydFixtures = "https://github.com/omnipay-taiwan/omnipay-rapyd";
constexpr std::string_view kRapydRefunds = "https://docs.rapyd.net/en/refund-finite-state-diagram.html";
constexpr std::string_view kRapydPayouts = "https://docs.rapyd.net/en/payout---finite-state-diagram.html";
constexpr std::string_view kRapydReturned = "https://docs.rapyd.net/en/payout-returned-webhook.html";
constexpr std::string_view kNotePaid = "what stands in data.paid beside this status was not published";
constexpr std::string_view kRequestSignatures = "https://docs.rapyd.net/en/request-signatures.html";

constexpr NotificationMap kMessages[] = {
    {.messages = "notification",
     .kind = EventKind::refund,
     .event_id = "data.id+data.status",
     .event_type = "type",
     .status = "data.status",
     .reference = "data.merchant_reference_id",
     .gateway_id = "data.id",
     .needed = "gateway_id amount",
     .amount = "data.amount",
     .currency = "data.currency",
     .wire = kUpToTwo,
     .time = "data.updated_at",
     .time_written = Time::unix_s,
     .ids = "data.payment",
     .marker = "data.id^refund_"},
    // What was sent and what arrives may be in two currencies: no amount is taken.
    {.messages = "notification",
     .kind = EventKind::payout,
     .event_id = "data.id+data.status",
     .event_type = "type",
     .status = "data.status",
     .reference = "data.merchant_reference_id",
     .gateway_id = "data.id",
     .needed = "gateway_id",
     .marker = "data.id^payout_"},
    {.messages = "notification",
     .kind = EventKind::payment,
     .event_id = "id|token",
     .event_type = "type",
     .status = "data.status+data.paid",
     .reference = "data.merchant_reference_id",
     .gateway_id = "data.id",
     .needed = "gateway_id amount",
     .amount = "data.amount",
     .currency = "data.currency_code",
     .wire = kUpToTwo,
     .wire_message = "payment",
     .time = "data.paid_at",
     .time_written = Time::unix_s,
     .ids = "trigger_operation_id data.ewallet_id"},
};

constexpr StatusWord kWords[] = {
    {"notification", "NEW:false", Kind::payment, Status::pending, kUnverified, kRapydCash, kNotePaid},
    {"notification", "ACT:false", Kind::payment, Status::pending, kOfficial, kRapydCash,
     "sent with PAYMENT_SUCCEEDED before any cash was paid"},
    {"notification", "CLO:true", Kind::payment, Status::paid, kOfficial, kRapydCash, "data.status and data.paid"},
    {"notification", "CAN:false", Kind::payment, Status::cancelled, kCommunity, kRapydFixtures,
     "data.status and data.paid"},
    {"notification", "ERR:false", Kind::payment, kNone, kUnverified, kRapydCash,
     "rejected or expired, the sequences disagree: ask for the payment"},
    {"notification", "EXP:false", Kind::payment, Status::expired, kUnverified, kRapydCash, kNotePaid},
    {"notification", "REV:false", Kind::payment, Status::reversed, kUnverified, kRapydCash, kNotePaid},
    {"notification", "REV:true", Kind::payment, Status::reversed, kUnverified, kRapydCash, kNotePaid},
    {"notification", "Pending", Kind::refund, Status::processing, kOfficial, kRapydRefunds, ""},
    {"notification", "Completed", Kind::refund, Status::completed, kOfficial, kRapydRefunds, ""},
    {"notification", "Rejected", Kind::refund, Status::failed, kOfficial, kRapydRefunds, ""},
    {"notification", "Error", Kind::refund, Status::failed, kOfficial, kRapydRefunds, ""},
    {"notification", "Canceled", Kind::refund, Status::failed, kOfficial, kRapydRefunds, ""},
    {"notification", "Created", Kind::payout, Status::pending, kOfficial, kRapydPayouts, ""},
    {"notification", "Pending", Kind::payout, Status::processing, kOfficial, kRapydPayouts, ""},
    {"notification", "Confirmation", Kind::payout, Status::processing, kOfficial, kRapydPayouts, ""},
    {"notification", "Completed", Kind::payout, Status::completed, kOfficial, kRapydPayouts,
     "not final: it may come back"},
    {"notification", "Canceled", Kind::payout, Status::cancelled, kOfficial, kRapydPayouts, ""},
    {"notification", "Error", Kind::payout, Status::failed, kOfficial, kRapydPayouts, ""},
    {"notification", "Expired", Kind::payout, Status::expired, kOfficial, kRapydPayouts, ""},
    {"notification", "Returned", Kind::payout, Status::returned, kOfficial, kRapydReturned, ""},
};

constexpr WireRule kWire[] = {
    {.message = "payment",
     .currencies = "COP",
     .form = kUpToTwo,
     .status = kOfficial,
     .source = kRequestSignatures,
     .note = "a JSON number; zeros may be dropped by a serialiser, and the signature breaks"},
    {.message = "payment",
     .currencies = "PEN",
     .form = kUpToTwo,
     .status = kUnverified,
     .source = kRequestSignatures,
     .note = "no PEN sample was found"},
};

}  // namespace

Gateway rapyd() {
  return {.title = "Rapyd",
          .schemes = all_schemes(),
          .notification = {.messages = kMessages, .words = kWords},
          .wire = kWire};
}

}  // namespace cuadre::declared
