#include "gateways/declare.hpp"

namespace cuadre::declared {
namespace {

std::vector<Scheme> all_schemes() {
  Scheme made = hmac_of_body("notification", {});
  made.pieces = {timestamp(), body()};
  made.separator = ".";
  made.carrier = in_pairs("Stripe-Signature", ',', "t", "v1");
  made.time_form = TimeForm::unix_s;
  made.time_signed = true;
  made.id_at = {optional(field("id"))};
  made.covered.time = true;
  made.key_bytes_min = 14;  // the secret of Stripe's own published vector
  made.status = "official";
  made.vectors = "official";
  made.source = "https://docs.stripe.com/webhooks#verify-manually";
  made.note =
      "The secret is the whole text with its whsec_, not decoded. Several v1 stand in the header while a secret is "
      "replaced; v0 is not a signature of live events and is passed over. Stripe's own libraries for Python and .NET "
      "take any time in the future; here it is bounded on both sides.";
  return {std::move(made)};
}

constexpr std::string_view kStripe = "https://docs.stripe.com/api/events/types";
constexpr std::string_view kAmounts = "https://github.com/stripe/stripe-ios/pull/2391";

constexpr NotificationMap kMessages[] = {
    {.messages = "notification",
     .event_id = "id",
     .event_type = "type",
     .status = "type",
     .status_is_event = true,
     .gateway_id = "data.object.id",
     .merchant = "account",
     .needed = "gateway_id amount",
     .amount = "data.object.amount",
     .currency = "data.object.currency",
     .currency_any_case = true,
     .wire = kScaled,
     .wire_message = "payment",
     .time = "created",
     .time_written = Time::unix_s,
     .environment = "livemode",
     .production_word = "true",
     .test_word = "false"},
};

constexpr StatusWord kWords[] = {
    {"notification", "payment_intent.succeeded", Kind::payment, Status::paid, kUnverified, kStripe, ""},
    {"notification", "payment_intent.processing", Kind::payment, Status::pending, kUnverified, kStripe, ""},
    {"notification", "payment_intent.payment_failed", Kind::payment, Status::rejected, kUnverified, kStripe, ""},
    {"notification", "payment_intent.canceled", Kind::payment, Status::cancelled, kUnverified, kStripe, ""},
    {"notification", "customer.created", Kind::other, kNone, kUnverified, kStripe, ""},
};

constexpr WireRule kWire[] = {
    {.message = "payment",
     .currencies = "COP",
     .form = kScaled,
     .status = kCommunity,
     .source = kAmounts,
     .note = "centavos, whatever the peso looks like"},
    {.message = "payment", .currencies = "PEN", .form = kScaled, .status = kUnverified, .source = kAmounts},
};

}  // namespace

Gateway stripe() {
  return {.title = "Stripe",
          .schemes = all_schemes(),
          .notification = {.messages = kMessages, .words = kWords},
          .wire = kWire};
}

}  // namespace cuadre::declared
