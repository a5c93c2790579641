#include "gateways/gateways.hpp"

namespace cuadre::gateways {

Schemes paddle() {
  Scheme made = hmac_of_body("paddle", "notification", {});
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
      "is "
      "replaced. Paddle's own libraries allow 5 seconds of age; set tolerance_s for the same.";
  return {std::move(made)};
}

}  // namespace cuadre::gateways
