#include "gateways/declare.hpp"

namespace cuadre::declared {
namespace {

Scheme event() {
  Scheme made = scheme("event");
  made.algorithm = Algorithm::sha256;
  made.encoding = Encoding::hex;
  // Nothing stands between the values: their forms are what keeps one from running into the next.
  made.pieces = {only(field("data.transaction.id"), Piece::Only::digit_behind),
                 only(field("data.transaction.status"), Piece::Only::capitals),
                 only(field("data.transaction.amount_in_cents"), Piece::Only::digits), timestamp(), secret()};
  made.pinned = {pin(piece(Piece::From::listed_fields, "signature.properties"),
                     "transaction.id transaction.status transaction.amount_in_cents")};
  made.carrier = in_field("signature.checksum");
  made.body = Scheme::Body::json;
  made.time_form = TimeForm::unix_s;
  made.time_at = field("timestamp");
  made.time_signed = true;
  made.retries_s = std::int64_t{28} * 3600;
  made.id_at = {field("data.transaction.id"), field("data.transaction.status")};
  made.covered = {.id = true, .time = true, .status = true, .amount = true};
  made.status = "official";
  made.vectors = "none";
  made.source = "https://docs.wompi.co/docs/colombia/eventos/";
  made.note =
      "The message says which of its fields are signed, and that list is not signed: any other than the documented id, "
      "status and amount, in this order, is refused. Nothing stands between the values, so digits can move from the "
      "time to the amount: only the age of the time stops that, never widen the tolerance to years. Not covered: "
      "reference, currency, environment; compare the payment's id and its amount. The digest on the documentation page "
      "does not follow from its own input.";
  return made;
}

Scheme integrity() {
  Scheme made = scheme("integrity");
  made.incoming = false;
  made.algorithm = Algorithm::sha256;
  made.pieces = {field("reference"), only(field("amount_in_cents"), Piece::Only::digits),
                 only(field("currency"), Piece::Only::currency), optional(field("expiration_time")), secret()};
  made.carrier = in_query("signature:integrity");
  made.covered = {.amount = true, .reference = true};
  made.status = "official";
  made.vectors = "official";
  made.source = "https://docs.wompi.co/docs/colombia/widget-checkout-web/";
  made.note =
      "Nothing stands between reference and amount: ORDER-12 with 3450000 and ORDER-123 with 450000 are signed alike. "
      "Let no reference end in a digit, and compare the amount that was paid with the order.";
  return made;
}

std::vector<Scheme> all_schemes() { return {event(), integrity()}; }

constexpr std::string_view kWompi = "https://docs.wompi.co/docs/colombia/eventos/";

constexpr NotificationMap kMessages[] = {
    {.messages = "event",
     .event_id = "data.transaction.id+data.transaction.status+timestamp",
     .event_type = "event",
     .status = "data.transaction.status",
     .reference = "data.transaction.reference",
     .gateway_id = "data.transaction.id",
     .needed = "reference gateway_id amount",
     .amount = "data.transaction.amount_in_cents",
     .currency = "data.transaction.currency",
     .currency_only = "COP",
     .wire = kScaled,
     .wire_message = "event",
     .time = "timestamp",
     .time_written = Time::unix_s,
     .environment = "environment",
     .production_word = "prod",
     .test_word = "test"},
};

constexpr StatusWord kWords[] = {
    {"event", "PENDING", Kind::payment, Status::pending, kOfficial, kWompi, ""},
    {"event", "APPROVED", Kind::payment, Status::paid, kOfficial, kWompi, ""},
    {"event", "DECLINED", Kind::payment, Status::rejected, kOfficial, kWompi, ""},
    {"event", "VOIDED", Kind::payment, Status::reversed, kOfficial, kWompi, "cards alone"},
    {"event", "ERROR", Kind::payment, Status::rejected, kOfficial, kWompi, ""},
};

constexpr WireRule kWire[] = {
    {.message = "event",
     .currencies = "COP",
     .form = kScaled,
     .status = kOfficial,
     .source = kWompi,
     .note = "amount_in_cents"},
    {.message = "transaction",
     .currencies = "COP",
     .form = kScaled,
     .status = kOfficial,
     .source = "https://docs.wompi.co/docs/colombia/widget-checkout-web/",
     .note = "amount_in_cents"},
};

}  // namespace

Gateway wompi() {
  return {.title = "Wompi",
          .schemes = all_schemes(),
          .notification = {.messages = kMessages, .words = kWords},
          .wire = kWire};
}

}  // namespace cuadre::declared
