#include "gateways/gateways.hpp"

namespace cuadre::gateways {
namespace {

Scheme payin(std::string_view message) {
  Scheme made = scheme("dlocal", message);
  made.pieces = {setting("login"), timestamp(), body()};
  made.carrier = with_prefix(in_header("Authorization"), "V2-HMAC-SHA256, Signature: ");
  made.key_bytes_min = 12;  // the key of the published vector
  made.body = Scheme::Body::json;
  made.time_form = TimeForm::iso_utc_ms;
  made.time_at = header("X-Date");
  made.time_signed = true;
  made.settings = {"login"};
  made.covered = {.body = true, .id = true, .time = true, .status = true, .amount = true, .reference = true};
  made.status = "official";
  made.vectors = "community";
  made.source = "https://docs.dlocal.com/reference/payins-security";
  return made;
}

Scheme notification() {
  Scheme made = payin("notification");
  made.carrier.names.emplace_back("Signature");
  made.retries_s = std::int64_t{5} * 24 * 3600;
  made.id_at = {optional(field("id")), optional(field("status"))};
  made.source = "https://docs.dlocal.com/docs/receive-notifications";
  made.note =
      "Payments, refunds and chargebacks come to one address. Some pages name the header Signature instead of "
      "Authorization. Repeated for four days, and no page says whether with a new X-Date: five days old is accepted, "
      "so "
      "keep seen events. login is your own X-Login, never the received one.";
  return made;
}

Scheme request() {
  Scheme made = payin("request");
  made.incoming = false;
  made.covered.status = false;
  made.note =
      "Send the X-Date that was signed and the very bytes of the body; the body of a GET is empty. Directa24, a sister "
      "company, puts the date before the login: never use one for the other.";
  return made;
}

Scheme payout_request() {
  Scheme made = hmac_of_body("dlocal", "payout_request", "Payload-Signature");
  made.incoming = false;
  made.key_bytes_min = 12;
  made.covered.status = false;
  made.status = "official";
  made.vectors = "none";
  made.source = "https://docs.dlocal.com/reference/payouts-security";
  made.note = "Payouts of API v2. No time is signed; external_id is what keeps a request from counting twice.";
  return made;
}

}  // namespace

Schemes dlocal() { return {notification(), request(), payout_request()}; }

}  // namespace cuadre::gateways
