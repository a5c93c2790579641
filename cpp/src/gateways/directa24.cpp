#include "gateways/gateways.hpp"

namespace cuadre::gateways {

Schemes directa24() {
  Scheme request = scheme("directa24", "request");
  request.incoming = false;
  request.pieces = {timestamp(), setting("login"), body()};
  request.carrier = with_prefix(in_header("Authorization"), "D24 ");
  request.body = Scheme::Body::json;
  request.time_form = TimeForm::iso_utc;
  request.time_at = header("X-Date");
  request.time_signed = true;
  request.settings = {"login"};
  request.covered = {.body = true, .id = true, .time = true, .amount = true, .reference = true};
  request.status = "official";
  request.vectors = "none";
  request.source =
      "https://docs.directa24.com/api-documentation/deposits-api/technical-and-security-aspects/"
      "calculating-the-signature";
  request.note =
      "The date stands before the login, in whole seconds; dLocal, a sister company, does it the other way round. The "
      "digest on the documentation page is a placeholder.";
  Scheme cashout = hmac_of_body("directa24", "cashout_request", "Payload-Signature");
  cashout.incoming = false;
  cashout.covered.status = false;
  cashout.status = "official";
  cashout.vectors = "none";
  cashout.source =
      "https://docs.d24.com/api-documentation/cashouts-api/technical-and-security-aspects/"
      "calculating-the-payload-signature";
  cashout.note = "No time is signed. The digest on the documentation page is a placeholder.";
  return {std::move(request), std::move(cashout)};
}

}  // namespace cuadre::gateways
