#include "gateways/declare.hpp"

namespace cuadre::declared {
namespace {

std::vector<Scheme> all_schemes() {
  Scheme made = scheme("notification");
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
      "own SDKs disagree on whether the id is signed in lower case and whether ts is in seconds; both are read, and "
      "which one matched is told. Without data.id the signed text names no payment, so it is refused.";
  Scheme lower = made;
  lower.version = "id in lower case";
  lower.pieces[0].form = Piece::Form::lower;
  lower.id_at[0].form = Piece::Form::lower;
  return {std::move(made), std::move(lower)};
}

constexpr std::string_view kMercadoPagoTopics = "https://github.com/mercadopago/devsite-docs";
constexpr std::string_view kMercadoPago = "https://github.com/mercadopago/sdk-java";
constexpr std::string_view kNoteAsk = "holds neither status nor amount: ask for it";

constexpr NotificationMap kMessages[] = {
    {.messages = "notification",
     .event_id = "id",
     .event_type = "type",
     .status = "type",
     .status_is_event = true,
     .gateway_id = "data.id",
     .merchant = "user_id",
     .needed = "gateway_id",
     .id_apart = true,
     .time = "date_created",
     .environment = "live_mode",
     .production_word = "true",
     .test_word = "false",
     .ids = "action"},
    {.messages = "payment",
     .event_id = "id+status",
     .status = "status",
     .reference = "external_reference",
     .gateway_id = "id",
     .merchant = "collector_id",
     .needed = "gateway_id amount",
     .amount = "transaction_amount",
     .currency = "currency_id",
     .wire = kUpToTwo,
     .cop_whole = true,
     .wire_message = "payment",
     .time = "date_last_updated",
     .environment = "live_mode",
     .production_word = "true",
     .test_word = "false",
     .ids = "payment_method_id status_detail"},
};

constexpr StatusWord kWords[] = {
    {"notification", "payment", Kind::payment, kNone, kOfficial, kMercadoPagoTopics, kNoteAsk},
    {"notification", "topic_merchant_order_wh", Kind::other, kNone, kOfficial, kMercadoPagoTopics, kNoteAsk},
    {"notification", "topic_claims_integration_wh", Kind::other, kNone, kOfficial, kMercadoPagoTopics, kNoteAsk},
    {"notification", "stop_delivery_op_wh", Kind::other, kNone, kOfficial, kMercadoPagoTopics, kNoteAsk},
    {"notification", "topic_chargebacks_wh", Kind::chargeback, kNone, kOfficial, kMercadoPagoTopics, kNoteAsk},
    {"payment", "approved", Kind::payment, Status::paid, kOfficial, kMercadoPago,
     "partly refunded payments stay approved"},
    {"payment", "pending", Kind::payment, Status::pending, kOfficial, kMercadoPago, ""},
    {"payment", "authorized", Kind::payment, Status::authorised, kOfficial, kMercadoPago, ""},
    {"payment", "in_process", Kind::payment, Status::pending, kOfficial, kMercadoPago, ""},
    {"payment", "in_mediation", Kind::payment, kNone, kOfficial, kMercadoPago, "in dispute: ask for the claim"},
    {"payment", "rejected", Kind::payment, Status::rejected, kOfficial, kMercadoPago, ""},
    {"payment", "cancelled", Kind::payment, Status::cancelled, kOfficial, kMercadoPago,
     "an unpaid voucher too, by itself after 30 days"},
    {"payment", "refunded", Kind::payment, Status::reversed, kOfficial, kMercadoPago, ""},
    {"payment", "charged_back", Kind::payment, Status::reversed, kOfficial, kMercadoPago, ""},
};

constexpr WireRule kWire[] = {
    {.message = "order",
     .currencies = "COP",
     .form = kTwo,
     .status = kUnverified,
     .source = kMercadoPago,
     .note = "text such as 100.00; that pesos have the zeros too is inferred"},
    {.message = "order",
     .currencies = "PEN",
     .form = kTwo,
     .status = kOfficial,
     .source = kMercadoPago,
     .note = "text such as 100.00"},
    {.message = "payment",
     .currencies = "COP",
     .form = kWhole,
     .status = kCommunity,
     .source = "https://github.com/odoo/odoo/pull/185664",
     .note = "a fraction is refused"},
    {.message = "payment",
     .currencies = "PEN",
     .form = kUpToTwo,
     .status = kOfficial,
     .source = kMercadoPago,
     .note = "a JSON number"},
};

}  // namespace

Gateway mercadopago() {
  return {.title = "Mercado Pago",
          .schemes = all_schemes(),
          .notification = {.messages = kMessages, .words = kWords},
          .wire = kWire};
}

}  // namespace cuadre::declared
