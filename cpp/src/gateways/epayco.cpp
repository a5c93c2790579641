#include "gateways/gateways.hpp"

namespace cuadre::gateways {
namespace {

using MakePiece = Piece (*)(std::string_view);

Scheme made_of(std::string_view message, MakePiece value) {
  const auto trimmed = [&](std::string_view name) { return as(value(name), Piece::Form::trimmed); };
  Scheme made = scheme("epayco", message);
  made.algorithm = Algorithm::sha256;
  made.pieces = {setting("customer_id"), secret(),
                 trimmed("x_ref_payco"), trimmed("x_transaction_id"),
                 trimmed("x_amount"),    only(trimmed("x_currency_code"), Piece::Only::currency)};
  made.separator = "^";
  made.settings = {"customer_id"};
  made.covered = {.id = true, .amount = true};
  made.status = "official";
  made.vectors = "none";
  made.source = "https://github.com/epayco/Plugin_ePayco_WooCommerce/blob/ca62607f/classes/class-wc-gateway-epayco.php";
  made.id_at = {trimmed("x_ref_payco"), trimmed("x_transaction_id")};
  return made;
}

}  // namespace

Schemes epayco() {
  Scheme confirmation = made_of("confirmation", field);
  confirmation.carrier = in_field("x_signature");
  confirmation.body = Scheme::Body::form;
  confirmation.note =
      "The state (x_cod_transaction_state, x_cod_response), the invoice and x_test_request are not covered: the "
      "signature "
      "of an approval also fits a changed state. Ask secure.epayco.co/validation/v1/reference for the state before "
      "anything is booked.";
  Scheme response = made_of("response_page", query);
  response.carrier = in_query("x_signature");
  response.note = "As the confirmation, through the buyer's browser: tell the buyer, book nothing.";
  return {std::move(confirmation), std::move(response)};
}

}  // namespace cuadre::gateways
