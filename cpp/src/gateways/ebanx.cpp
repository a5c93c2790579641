#include "gateways/gateways.hpp"

namespace cuadre::gateways {

Schemes ebanx() {
  Scheme made = scheme("ebanx", "notification");
  made.algorithm = Algorithm::rsa_sha1;
  made.key_form = KeyForm::pem_certificate;
  made.encoding = Encoding::base64;
  made.pieces = {body()};
  made.carrier = carrier(Carrier::In::header, {"X-SignatureContent", "X-Signature-Content"});
  made.body = Scheme::Body::form;
  made.id_at = {optional(field("notification_type")), optional(field("hash_codes"))};
  made.covered = {.body = true, .id = true};
  made.status = "official";
  made.vectors = "none";
  made.source = "https://developers.ebanx.com/integrations/notifications";
  made.note =
      "RSA with SHA-1, too weak to book on: a hint to ask the API. One notice names many payments (hash_codes) and no "
      "status. X-SignatureFingerprint names the certificate. EBANX publishes it to its merchants alone, so no vector "
      "exists.";
  return {std::move(made)};
}

}  // namespace cuadre::gateways
