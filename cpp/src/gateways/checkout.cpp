#include "gateways/declare.hpp"

namespace cuadre::declared {
namespace {

std::vector<Scheme> all_schemes() {
  Scheme made = hmac_of_body("notification", "Cko-Signature");
  made.encoding = Encoding::hex;
  made.id_at = {optional(field("id"))};
  made.status = "official";
  made.vectors = "none";
  made.source = "https://www.checkout.com/docs/workflows/set-up-your-webhook-receiver";
  made.note =
      "Checkout.com. Sign the bytes as they came: writing the JSON anew changes numbers. No time is signed: keep seen "
      "event ids. The product ubble uses another Cko-Signature (ECDSA with a time), which this is not.";
  return {std::move(made)};
}

constexpr std::string_view kCheckout = "https://www.checkout.com/docs/reporting-and-insights/events-api/event-types";

constexpr NotificationMap kMessages[] = {
    {.messages = "notification",
     .event_id = "id",
     .event_type = "type",
     .status = "type",
     .status_is_event = true,
     .reference = "data.reference",
     .gateway_id = "data.id",
     .needed = "gateway_id amount",
     .amount = "data.amount",
     .currency = "data.currency",
     .wire = kScaled,
     .wire_message = "payment",
     .time = "created_on"},
};

constexpr StatusWord kWords[] = {
    {"notification", "payment_approved", Kind::payment, Status::authorised, kUnverified, kCheckout, kNoteAuthorised},
    {"notification", "payment_pending", Kind::payment, Status::pending, kUnverified, kCheckout, ""},
    {"notification", "payment_captured", Kind::payment, Status::paid, kUnverified, kCheckout, ""},
    {"notification", "payment_declined", Kind::payment, Status::rejected, kUnverified, kCheckout, ""},
    {"notification", "payment_expired", Kind::payment, Status::expired, kUnverified, kCheckout,
     "the event exists; what else it may mean was not read"},
    {"notification", "payment_canceled", Kind::payment, Status::cancelled, kUnverified, kCheckout, ""},
    {"notification", "payment_refunded", Kind::refund, Status::completed, kUnverified, kCheckout, ""},
};

constexpr WireRule kWire[] = {
    {.message = "payment",
     .currencies = "COP PEN",
     .form = kScaled,
     .status = kUnverified,
     .source = "https://github.com/juspay/connector-service",
     .note = "minor units; what the peso counts as was seen in a third party's code only"},
};

}  // namespace

Gateway checkout() {
  return {.title = "Checkout.com",
          .schemes = all_schemes(),
          .notification = {.messages = kMessages, .words = kWords},
          .wire = kWire};
}

}  // namespace cuadre::declared
