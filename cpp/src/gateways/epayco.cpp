#include "gateways/declare.hpp"

namespace cuadre::declared {
namespace {

using MakePiece = Piece (*)(std::string_view);

Scheme made_of(std::string_view message, MakePiece value) {
  const auto trimmed = [&](std::string_view name) { return as(value(name), Piece::Form::trimmed); };
  Scheme made = scheme(message);
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

std::vector<Scheme> all_schemes() {
  Scheme confirmation = made_of("confirmation", field);
  confirmation.carrier = in_field("x_signature");
  confirmation.body = Scheme::Body::form;
  confirmation.note =
      "The state (x_cod_transaction_state, x_cod_response), the invoice and x_test_request are not covered: the "
      "signature of an approval also fits a changed state. Ask secure.epayco.co/validation/v1/reference for the state "
      "before anything is booked.";
  Scheme response = made_of("response_page", query);
  response.carrier = in_query("x_signature");
  response.note = "As the confirmation, through the buyer's browser: tell the buyer, book nothing.";
  return {std::move(confirmation), std::move(response)};
}

constexpr std::string_view kEpayco = "https://github.com/epayco/Plugin_ePayco_WooCommerce";
constexpr std::string_view kNoteUncovered = "not covered by the signature: ask before anything is booked";
constexpr std::string_view kNoteSecondary = "started, expired or anti-fraud by secondary texts: ask";

constexpr NotificationMap kMessages[] = {
    {.messages = "confirmation",
     .body = Body::form,
     .event_id = "x_ref_payco+x_transaction_id+x_cod_transaction_state|x_cod_response",
     .status = "x_cod_transaction_state|x_cod_response",
     .reference = "x_id_invoice|x_id_factura",
     .gateway_id = "x_ref_payco",
     .merchant = "x_cust_id_cliente",
     .needed = "gateway_id amount merchant",
     .amount = "x_amount",
     .currency = "x_currency_code",
     .amount_written = Written::text,
     .wire = kUpToTwo,
     .wire_message = "confirmation",
     .time = "x_transaction_date",
     .environment = "x_test_request",
     .production_word = "FALSE",
     .test_word = "TRUE",
     .ids = "x_transaction_id"},
};

constexpr StatusWord kWords[] = {
    {"confirmation", "1", Kind::payment, Status::paid, kOfficial, kEpayco, kNoteUncovered},
    {"confirmation", "2", Kind::payment, Status::rejected, kOfficial, kEpayco, kNoteUncovered},
    {"confirmation", "3", Kind::payment, Status::pending, kOfficial, kEpayco, kNoteUncovered},
    {"confirmation", "4", Kind::payment, Status::rejected, kOfficial, kEpayco, kNoteUncovered},
    {"confirmation", "6", Kind::payment, Status::reversed, kOfficial, kEpayco, kNoteUncovered},
    {"confirmation", "7", Kind::payment, Status::pending, kOfficial, kEpayco, kNoteUncovered},
    {"confirmation", "8", Kind::payment, kNone, kUnverified, kEpayco, kNoteSecondary},
    {"confirmation", "9", Kind::payment, kNone, kUnverified, kEpayco, kNoteSecondary},
    {"confirmation", "10", Kind::payment, Status::cancelled, kUnverified, kEpayco, kNoteUncovered},
    {"confirmation", "11", Kind::payment, Status::cancelled, kUnverified, kEpayco, kNoteUncovered},
    {"confirmation", "12", Kind::payment, kNone, kUnverified, kEpayco, kNoteSecondary},
};

constexpr WireRule kWire[] = {
    {.message = "confirmation",
     .currencies = "COP",
     .form = kUpToTwo,
     .status = kUnverified,
     .source = kEpayco,
     .note = "x_amount; the text that arrived is what was signed"},
};

constexpr NotificationGap kGaps[] = {
    {"response_page", kInBrowser},
};

}  // namespace

Gateway epayco() {
  return {.title = "ePayco",
          .schemes = all_schemes(),
          .notification = {.messages = kMessages, .words = kWords, .gaps = kGaps},
          .wire = kWire};
}

}  // namespace cuadre::declared
