#include "gateways/gateways.hpp"

namespace cuadre::gateways {
namespace {

constexpr const char* kDocument =
    "https://github.com/leonardcodep/pagoefectivoperu-php/blob/9962ac8f/doc/Documentacion.pdf";

Scheme notification() {
  Scheme made = hmac_of_body("pagoefectivo", "notification", "PE-Signature");
  // Some senders write the keys with capitals; such a message is genuine, and has no id to tell copies by.
  made.id_at = {optional(field("eventType")), optional(field("data.cip")), optional(field("operationNumber"))};
  made.status = "official";
  made.vectors = "community";
  made.source = kDocument;
  made.note =
      "Sign the bytes as they came: a parser that turns 1001.00 into 1001.0 breaks the signature. Nothing signs a "
      "time, "
      "and an event is repeated once at most: keep seen events by CIP and operation number, and ask /cips/search for "
      "lost "
      "ones.";
  return made;
}

Scheme login() {
  Scheme made = scheme("pagoefectivo", "login");
  made.incoming = false;
  made.algorithm = Algorithm::sha256;
  made.pieces = {setting("id_service"), setting("access_key"), secret(), timestamp()};
  made.separator = ".";
  made.carrier = in_field("hashString");
  made.body = Scheme::Body::json;
  made.time_form = TimeForm::iso_offset;
  made.offset_minutes = -300;
  made.time_at = field("dateRequest");
  made.time_signed = true;
  made.settings = {"id_service", "access_key"};
  made.covered = {.time = true};
  made.status = "official";
  made.vectors = "official";
  made.source = kDocument;
  made.note =
      "A plain digest with the secret inside. dateRequest is the present time in Lima in whole seconds with -05:00, "
      "and "
      "must be sent exactly as it was signed. The digest that the document prints fits the year 2018, not the printed "
      "2020.";
  return made;
}

}  // namespace

Schemes pagoefectivo() { return {notification(), login()}; }

}  // namespace cuadre::gateways
