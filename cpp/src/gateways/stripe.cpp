#include "gateways/gateways.hpp"

namespace cuadre::gateways {

Schemes stripe() {
  Scheme made = hmac_of_body("stripe", "notification", {});
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
      "take "
      "any time in the future; here it is bounded on both sides.";
  return {std::move(made)};
}

}  // namespace cuadre::gateways
