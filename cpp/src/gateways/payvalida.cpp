#include "gateways/gateways.hpp"

namespace cuadre::gateways {

Schemes payvalida() {
  Scheme made = scheme("payvalida", "notification");
  made.version = "SHA-256";
  made.algorithm = Algorithm::sha256;
  made.encoding = Encoding::hex;
  made.pieces = {field("po_id"), among(field("status"), "approved cancelled"), secret()};
  made.carrier = in_field("pv_checksum");
  made.body = Scheme::Body::json;
  made.id_at = {field("po_id"), field("status")};
  made.covered = {.status = true, .reference = true};
  made.status = "official";
  made.vectors = "none";
  made.source = "https://docs.payvalida.com";
  made.note =
      "The amount is not covered: ask the API for it. Nothing stands between order and status, so no other status than "
      "the two documented ones is taken. The status cancelled says expired and taken back alike. Older accounts are "
      "signed with SHA-512.";
  Scheme older = made;
  older.version = "SHA-512";
  older.algorithm = Algorithm::sha512;
  return {std::move(made), std::move(older)};
}

}  // namespace cuadre::gateways
