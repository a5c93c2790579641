#include "gateways/declare.hpp"

namespace cuadre::declared {
namespace {

Scheme base(std::string_view message, std::string_view header_name) {
  Scheme made = scheme(message);
  made.encoding = Encoding::hex;
  made.carrier = in_header(header_name);
  made.time_form = TimeForm::unix_s_or_ms;
  made.time_at = header("X-Kushki-Id");
  made.time_signed = true;
  made.body = Scheme::Body::json;
  made.covered = {.time = true};
  made.status = "official";
  made.vectors = "none";
  made.source = "https://docs.kushki.com/co/notifications/overview";
  return made;
}

std::vector<Scheme> all_schemes() {
  Scheme full = base("notification", "X-Kushki-Signature");
  full.pieces = {body(), timestamp()};
  full.separator = ".";
  full.id_at = {optional(field("ticketNumber")), optional(header("X-Kushki-Id"))};
  full.covered = {.body = true, .id = true, .time = true, .status = true, .amount = true, .reference = true};
  full.note =
      "The time stands behind the body. Kushki's own JavaScript and Python samples write the body anew before signing, "
      "Python with other blanks: sign the bytes as they came.";
  Scheme simple = base("notification_simple", "X-Kushki-SimpleSignature");
  simple.pieces = {timestamp()};
  simple.id_at = {header("X-Kushki-Id")};
  simple.note =
      "Only the time is signed: anybody who sees one message can put another body under it while it is fresh. Use the "
      "full signature; this one is for those who cannot.";
  return {std::move(full), std::move(simple)};
}

constexpr std::string_view kKushki = "https://docs.kushki.com/co/notifications/one-time-payments/webhook-cash-in";
constexpr std::string_view kNoteKushkiField = "the names are official; the field that holds them is not described";

constexpr NotificationMap kMessages[] = {
    {.messages = "notification notification_simple",
     .event_id = "ticketNumber+event",
     .event_type = "event",
     .status = "event",
     .gateway_id = "ticketNumber",
     .needed = "gateway_id amount",
     .amount = "totalAmount",
     .currency = "currencyCode|currency",
     .wire = kUpToTwo,
     .wire_message = "notification",
     .time = "completedAt",
     .time_written = Time::text,
     .ids = "token pin"},
};

constexpr StatusWord kWords[] = {
    {"notification", "approvedTransaction", Kind::payment, Status::paid, kUnverified, kKushki, kNoteKushkiField},
    {"notification", "declinedTransaction", Kind::payment, Status::rejected, kUnverified, kKushki, kNoteKushkiField},
    {"notification", "expiredTransaction", Kind::payment, Status::expired, kUnverified, kKushki, kNoteKushkiField},
};

constexpr WireRule kWire[] = {
    {.message = "card_present",
     .currencies = "COP",
     .form = {.unit = WireForm::Unit::scaled, .decimals_min = 0, .decimals_max = 0},
     .status = kOfficial,
     .source = "https://docs.kushki.com/co/card-present-payments/kushki-one/format-amount-kushki-one/"},
    {.message = "card_present",
     .currencies = "PEN",
     .form = kScaled,
     .status = kOfficial,
     .source = "https://docs.kushki.com/pe/card-present-payments/kushki-one/format-amount-kushki-one/"},
    {.message = "notification",
     .currencies = "COP",
     .form = {.decimals_min = 0, .decimals_max = 2, .maximum_minor = 1'000'000'00},
     .status = kUnverified,
     .source = kKushki,
     .note = "decimal amounts; how many is not said"},
    {.message = "notification",
     .currencies = "PEN",
     .form = kUpToTwo,
     .status = kUnverified,
     .source = kKushki,
     .note = "decimal amounts; how many is not said"},
};

}  // namespace

Gateway kushki() {
  return {.title = "Kushki",
          .schemes = all_schemes(),
          .notification = {.messages = kMessages, .words = kWords},
          .wire = kWire};
}

}  // namespace cuadre::declared
