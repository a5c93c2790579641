#include "gateways/declare.hpp"

namespace cuadre::declared {
namespace {

std::vector<Scheme> all_schemes() {
  Scheme made = hmac_of_body("notification", {});
  made.pieces = {timestamp(), body()};
  made.separator = ":";
  made.carrier = in_pairs("Paddle-Signature", ';', "ts", "h1");
  made.time_form = TimeForm::unix_s;
  made.time_signed = true;
  made.id_at = {optional(field("event_id"))};
  made.covered.time = true;
  made.status = "official";
  made.vectors = "official";
  made.source = "https://github.com/PaddleHQ/paddle-python-sdk";
  made.note =
      "The secret is the whole text with its pdl_ntfset_, not decoded. Several h1 stand in the header while a secret "
      "is replaced. Paddle's own libraries allow 5 seconds of age; set tolerance_s for the same.";
  return {std::move(made)};
}

constexpr std::string_view kPaddle = "https://developer.paddle.com/webhooks";

constexpr NotificationMap kMessages[] = {
    {.messages = "notification",
     .event_id = "event_id",
     .event_type = "event_type",
     .status = "event_type",
     .status_is_event = true,
     .gateway_id = "data.id",
     .needed = "gateway_id amount",
     .amount = "data.details.totals.grand_total",
     .currency = "data.currency_code",
     .amount_written = Written::text,
     .wire = kScaled,
     .wire_message = "transaction",
     .time = "occurred_at",
     .ids = "notification_id"},
};

constexpr StatusWord kWords[] = {
    {"notification", "transaction.paid", Kind::payment, Status::paid, kUnverified, kPaddle, ""},
    {"notification", "transaction.canceled", Kind::payment, Status::cancelled, kUnverified, kPaddle, ""},
    {"notification", "customer.created", Kind::other, kNone, kUnverified, kPaddle, ""},
};

constexpr WireRule kWire[] = {
    {.message = "transaction",
     .currencies = "COP PEN",
     .form = kScaled,
     .status = kUnverified,
     .source = "https://developer.paddle.com/api-reference/currencies",
     .note = "text in the lowest unit; ask the currencies endpoint for decimal_places"},
};

}  // namespace

Gateway paddle() {
  return {.title = "Paddle",
          .schemes = all_schemes(),
          .notification = {.messages = kMessages, .words = kWords},
          .wire = kWire};
}

}  // namespace cuadre::declared
