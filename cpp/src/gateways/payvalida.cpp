#include "gateways/declare.hpp"

namespace cuadre::declared {
namespace {

std::vector<Scheme> all_schemes() {
  Scheme made = scheme("notification");
  made.version = "SHA-256";
  made.algorithm = Algorithm::sha256;
  made.encoding = Encoding::hex;
  made.pieces = {field("po_id"), among(field("status"), "approved cancelled"), secret()};
  made.carrier = in_field("pv_checksum");
  made.body = Scheme::Body::json;
  made.id_at = {field("po_id"), field("status")};
  made.covered = {.status = true, .reference = true};
  made.status = "official";
  made.vectors = "none";
  made.source = "https://docs.payvalida.com";
  made.note =
      "The amount is not covered: ask the API for it. Nothing stands between order and status, so no other status than "
      "the two documented ones is taken. The status cancelled says expired and taken back alike. Older accounts are "
      "signed with SHA-512.";
  Scheme older = made;
  older.version = "SHA-512";
  older.algorithm = Algorithm::sha512;
  return {std::move(made), std::move(older)};
}

constexpr std::string_view kPayvalida = "https://docs.payvalida.com";

constexpr NotificationMap kMessages[] = {
    {.messages = "notification",
     .event_id = "po_id+status",
     .status = "status",
     .reference = "po_id",
     .gateway_id = "pv_po_id",
     .needed = "reference amount",
     .amount = "amount",
     .currency = "iso_currency",
     .amount_written = Written::either,
     .wire = kWhole,
     .wire_message = "payment"},
};

constexpr StatusWord kWords[] = {
    {"notification", "approved", Kind::payment, Status::paid, kOfficial, kPayvalida, ""},
    {"notification", "cancelled", Kind::payment, kNone, kOfficial, kPayvalida, "expired, or paid and taken back: ask"},
};

constexpr WireRule kWire[] = {
    {.message = "cashout",
     .currencies = "COP",
     .form = kWhole,
     .status = kOfficial,
     .source = kPayvalida,
     .note = "hashed as an integer in notices"},
    {.message = "cashout",
     .currencies = "PEN",
     .form = {.decimals_min = 0, .decimals_max = 1},
     .status = kOfficial,
     .source = kPayvalida,
     .note = "one decimal only"},
    {.message = "payment",
     .currencies = "COP PEN",
     .form = kWhole,
     .status = kCommunity,
     .source = "https://docs.y.uno/docs/payvalida",
     .note = "no decimals at all"},
};

}  // namespace

Gateway payvalida() {
  return {.title = "PayValida",
          .schemes = all_schemes(),
          .notification = {.messages = kMessages, .words = kWords},
          .wire = kWire};
}

}  // namespace cuadre::declared
