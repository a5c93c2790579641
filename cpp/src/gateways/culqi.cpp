#include "gateways/declare.hpp"

namespace cuadre::declared {
namespace {

std::vector<Scheme> all_schemes() {
  Scheme made = user_and_password("notification");
  made.id_at = {optional(field("id"))};
  made.status = "official";
  made.source = "https://github.com/culqi/culqi-woocommerce/blob/ed28db12/includes/class-fullculqi-webhooks.php";
  made.note =
      "Nothing is signed. The secret is user:password as set in Culqi's panel; whoever learns it can write any "
      "message, so ask the API for the order before anything is booked.";
  return {std::move(made)};
}

constexpr std::string_view kCulqi = "https://github.com/culqi/culqi-woocommerce";
constexpr std::string_view kNoteUnsigned = "nothing is signed: ask for the order";

constexpr NotificationMap kMessages[] = {
    {.messages = "notification",
     .inner = "data",
     .event_id = "@id+@state",
     .event_type = "type",
     .status = "@state",
     .reference = "@order_number",
     .gateway_id = "@id",
     .needed = "gateway_id amount",
     .amount = "@amount",
     .currency = "@currency_code",
     .wire = kScaled,
     .wire_message = "order"},
};

constexpr StatusWord kWords[] = {
    {"notification", "created", Kind::payment, Status::pending, kOfficial, kCulqi, kNoteUnsigned},
    {"notification", "pending", Kind::payment, Status::pending, kOfficial, kCulqi, kNoteUnsigned},
    {"notification", "paid", Kind::payment, Status::paid, kOfficial, kCulqi, kNoteUnsigned},
    {"notification", "expired", Kind::payment, Status::expired, kOfficial, kCulqi, kNoteUnsigned},
    {"notification", "deleted", Kind::payment, Status::cancelled, kOfficial, kCulqi, kNoteUnsigned},
    {"notification", "authorized", Kind::payment, Status::authorised, kOfficial, kCulqi, kNoteUnsigned},
    {"notification", "captured", Kind::payment, Status::paid, kOfficial, kCulqi, kNoteUnsigned},
    {"notification", "refunded", Kind::payment, Status::reversed, kOfficial, kCulqi, kNoteUnsigned},
};

constexpr WireRule kWire[] = {
    {.message = "order",
     .currencies = "PEN",
     .form = kScaled,
     .status = kOfficial,
     .source = "https://github.com/culqi/culqi-python"},
};

}  // namespace

Gateway culqi() {
  return {.title = "Culqi",
          .schemes = all_schemes(),
          .notification = {.messages = kMessages, .words = kWords},
          .wire = kWire};
}

}  // namespace cuadre::declared
