// Gateways that sign nothing: their notices carry a user and a password that the merchant chose.
#include "gateways/gateways.hpp"

namespace cuadre::gateways {
namespace {

Scheme basic(std::string_view gateway) {
  Scheme made = scheme(gateway, "notification");
  made.algorithm = Algorithm::basic;
  made.encoding = Encoding::base64;
  made.key_bytes_min = 12;  // user:password
  made.carrier = with_prefix(in_header("Authorization"), "Basic ");
  made.body = Scheme::Body::json;
  made.vectors = "none";
  return made;
}

}  // namespace

Schemes credentials() {
  Scheme culqi = basic("culqi");
  culqi.id_at = {optional(field("id"))};
  culqi.status = "official";
  culqi.source = "https://github.com/culqi/culqi-woocommerce/blob/ed28db12/includes/class-fullculqi-webhooks.php";
  culqi.note =
      "Nothing is signed. The secret is user:password as set in Culqi's panel; whoever learns it can write any "
      "message, so "
      "ask the API for the order before anything is booked.";
  Scheme openpay = basic("openpay");
  openpay.id_at = {optional(field("transaction.id")), optional(field("type"))};
  openpay.status = "unverified";
  openpay.source = "https://documents.openpay.co/notificaciones";
  openpay.note =
      "Nothing is signed, and no official text says how notices are authenticated; user:password of the webhook object "
      "is "
      "what other programs use. Ask the API before anything is booked.";
  return {std::move(culqi), std::move(openpay)};
}

}  // namespace cuadre::gateways
