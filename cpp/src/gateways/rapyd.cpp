#include "gateways/gateways.hpp"

namespace cuadre::gateways {
namespace {

Scheme base(std::string_view message) {
  Scheme made = scheme("rapyd", message);
  made.encoding = Encoding::base64_of_hex;
  made.carrier = in_header("signature");
  made.body = Scheme::Body::json;
  made.time_form = TimeForm::unix_s;
  made.time_at = header("timestamp");
  made.time_signed = true;
  made.covered = {.body = true, .id = true, .time = true, .status = true, .amount = true, .reference = true};
  made.status = "official";
  return made;
}

Scheme webhook() {
  Scheme made = base("notification");
  made.pieces = {setting("url"), header("salt"), timestamp(), setting("access_key"), secret(), body()};
  made.settings = {"url", "access_key"};
  made.id_at = {optional(field("id")), optional(field("token"))};
  made.vectors = "community";
  made.source = "https://docs.rapyd.net/en/webhook-authentication.html";
  made.note =
      "url is the whole address as configured at Rapyd; behind a proxy the one that came in differs. The signature is "
      "base64 of the hex text, 88 characters, not of the digest. The event name proves nothing: PAYMENT_SUCCEEDED "
      "comes "
      "before any cash.";
  return made;
}

Scheme request() {
  Scheme made = base("request");
  made.incoming = false;
  made.covered.status = false;
  made.pieces = {as(piece(Piece::From::method), Piece::Form::lower),
                 piece(Piece::From::path),
                 header("salt"),
                 timestamp(),
                 setting("access_key"),
                 secret(),
                 body()};
  made.settings = {"access_key"};
  made.tolerance_s = 60;
  made.vectors = "none";
  made.source = "https://docs.rapyd.net/en/request-signatures.html";
  made.note =
      "The path starts with /v1 and has the query. Sign an empty body where there is none or it would be {}. Send the "
      "body as it was signed: 1.10 written again as 1.1 is refused. salt is 8 to 16 random characters.";
  return made;
}

}  // namespace

Schemes rapyd() { return {webhook(), request()}; }

}  // namespace cuadre::gateways
