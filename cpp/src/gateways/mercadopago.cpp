#include "gateways/gateways.hpp"

namespace cuadre::gateways {

Schemes mercadopago() {
  Scheme made = scheme("mercadopago", "notification");
  made.version = "id as sent";
  Piece id = between("id:", only(query("data.id"), Piece::Only::word), ";");
  made.pieces = {id, optional(between("request-id:", only(header("x-request-id"), Piece::Only::word), ";")),
                 between("ts:", timestamp(), ";")};
  made.carrier = in_pairs("x-signature", ',', "ts", "v1");
  made.time_form = TimeForm::unix_s_or_ms;
  made.time_signed = true;
  made.id_at = {query("data.id"), timestamp()};
  made.covered = {.id = true, .time = true};
  made.status = "official";
  made.vectors = "none";
  made.source = "https://github.com/mercadopago/sdk-python/blob/2365940/mercadopago/webhook/validator.py";
  made.note =
      "The body is not signed: take the id from data.id in the address and ask the API for the payment. Mercado Pago's "
      "own "
      "SDKs disagree on whether the id is signed in lower case and whether ts is in seconds; both are read, and which "
      "one "
      "matched is told. Without data.id the signed text names no payment, so it is refused.";
  Scheme lower = made;
  lower.version = "id in lower case";
  lower.pieces[0].form = Piece::Form::lower;
  lower.id_at[0].form = Piece::Form::lower;
  return {std::move(made), std::move(lower)};
}

}  // namespace cuadre::gateways
