#include "gateways/declare.hpp"

namespace cuadre::declared {
namespace {

std::vector<Scheme> all_schemes() {
  Scheme made = user_and_password("notification");
  made.id_at = {optional(field("transaction.id")), optional(field("type"))};
  made.status = "unverified";
  made.source = "https://documents.openpay.co/notificaciones";
  made.note =
      "Nothing is signed, and no official text says how notices are authenticated; user:password of the webhook object "
      "is what other programs use. Ask the API before anything is booked.";
  return {std::move(made)};
}

constexpr std::string_view kOpenpay = "https://documents.openpay.co/notificaciones";

constexpr NotificationMap kMessages[] = {
    {.messages = "notification",
     .event_id = "transaction.id+type",
     .event_type = "type",
     .status = "type",
     .status_is_event = true,
     .reference = "transaction.order_id",
     .gateway_id = "transaction.id",
     .needed = "gateway_id amount",
     .amount = "transaction.amount",
     .currency = "transaction.currency",
     .wire = kUpToTwo,
     .time = "event_date"},
};

constexpr StatusWord kWords[] = {
    {"notification", "charge.created", Kind::payment, Status::pending, kUnverified, kOpenpay, ""},
    {"notification", "charge.succeeded", Kind::payment, Status::paid, kUnverified, kOpenpay, ""},
    {"notification", "charge.failed", Kind::payment, Status::rejected, kUnverified, kOpenpay, ""},
    {"notification", "charge.cancelled", Kind::payment, Status::cancelled, kUnverified, kOpenpay, ""},
    {"notification", "charge.refunded", Kind::payment, Status::reversed, kUnverified, kOpenpay, ""},
    {"notification", "verification", Kind::other, kNone, kUnverified, kOpenpay,
     "the first call, with a verification_code"},
};

}  // namespace

Gateway openpay() {
  return {.title = "Openpay", .schemes = all_schemes(), .notification = {.messages = kMessages, .words = kWords}};
}

}  // namespace cuadre::declared
