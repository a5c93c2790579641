#include "gateways/gateways.hpp"

namespace cuadre::gateways {
namespace {

// No public specification of Efecty's own web services exists. This is the shape that a contract usually has; names of
// headers and fields come from the merchant's own contract, through a scheme of their own.
Scheme notification(std::string_view message) {
  Scheme made = scheme("efecty", message);
  made.encoding = Encoding::hex;
  made.pieces = {timestamp(), body()};
  made.separator = ".";
  made.carrier = in_header("X-Efecty-Signature");
  made.body = Scheme::Body::json;
  made.time_form = TimeForm::unix_s;
  made.time_at = header("X-Efecty-Timestamp");
  made.time_signed = true;
  made.key_id_at = header("X-Efecty-Key-Id");
  made.pinned = {pin_setting(field("merchant_id"), "merchant_id"), pin_setting(field("terminal_id"), "terminal_id")};
  made.settings = {"merchant_id", "terminal_id"};
  made.covered = {.body = true, .id = true, .time = true, .status = true, .amount = true, .reference = true};
  made.status = "unverified";
  made.vectors = "none";
  made.note =
      "No public specification exists: header and field names, separator and encoding are placeholders. Copy this "
      "scheme, "
      "set every field to what your contract with Efecty says, and verify with the copy.";
  return made;
}

}  // namespace

Schemes efecty() {
  Scheme certificate = notification("notification_certificate");
  certificate.algorithm = Algorithm::rsa_sha256;
  certificate.key_form = KeyForm::pem_certificate;
  certificate.encoding = Encoding::base64;
  Scheme request = notification("request");
  request.incoming = false;
  request.covered.status = false;
  request.pinned.clear();
  return {notification("notification"), std::move(certificate), std::move(request)};
}

}  // namespace cuadre::gateways
