#include "gateways/gateways.hpp"

namespace cuadre::gateways {

Schemes checkout() {
  Scheme made = hmac_of_body("checkout", "notification", "Cko-Signature");
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

}  // namespace cuadre::gateways
