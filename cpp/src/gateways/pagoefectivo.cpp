#include "gateways/declare.hpp"

namespace cuadre::declared {
namespace {

constexpr const char* kDocument =
    "https://github.com/leonardcodep/pagoefectivoperu-php/blob/9962ac8f/doc/Documentacion.pdf";

Scheme notification() {
  Scheme made = hmac_of_body("notification", "PE-Signature");
  // Some senders write the keys with capitals; such a message is genuine, and has no id to tell copies by.
  made.id_at = {optional(field("eventType")), optional(field("data.cip")), optional(field("operationNumber"))};
  made.status = "official";
  made.vectors = "community";
  made.source = kDocument;
  made.note =
      "Sign the bytes as they came: a parser that turns 1001.00 into 1001.0 breaks the signature. Nothing signs a "
      "time, and an event is repeated once at most: keep seen events by CIP and operation number, and ask /cips/search "
      "for lost ones.";
  return made;
}

Scheme login() {
  Scheme made = scheme("login");
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
      "and must be sent exactly as it was signed. The digest that the document prints fits the year 2018, not the "
      "printed 2020.";
  return made;
}

std::vector<Scheme> all_schemes() { return {notification(), login()}; }

constexpr std::string_view kPagoEfectivoPdf = "https://github.com/leonardcodep/pagoefectivoperu-php";
constexpr std::string_view kPagoEfectivoPages = "https://pagoefectivo.github.io/api-pe-cs-documentation/";
constexpr std::string_view kPagoEfectivoCodes = "https://github.com/RommelsosaMG/prueba4";

constexpr NotificationMap kMessages[] = {
    {.messages = "notification",
     .event_id = "data.cip|Data.Cip+operationNumber|OperationNumber",
     .event_type = "eventType|EventType",
     .status = "eventType|EventType",
     .status_is_event = true,
     .reference = "data.transactionCode|Data.TransactionCode",
     .gateway_id = "data.cip|Data.Cip",
     .paid_more_than_once = true,
     .payment_id = "operationNumber|OperationNumber",
     .needed = "gateway_id amount",
     .strip_zeros = true,
     .amount = "data.amount|Data.Amount",
     .currency = "data.currency|Data.Currency",
     .wire = kUpToTwo,
     .wire_message = "notification",
     .time = "data.paymentDate|Data.PaymentDate",
     .ids = "operationNumber|OperationNumber"},
    {.messages = "cip_response",
     .event_id = "data.0.cip+data.0.status",
     .status = "data.0.status",
     .reference = "data.0.transactionCode",
     .gateway_id = "data.0.cip",
     .paid_more_than_once = true,
     .needed = "reference gateway_id amount",
     .strip_zeros = true,
     .amount = "data.0.amount",
     .currency = "data.0.currency",
     .wire = kUpToTwo,
     .wire_message = "cip_response",
     .time = "data.0.datePayment",
     .ids = "data.0.token"},
};

constexpr StatusWord kWords[] = {
    {"notification", "cip.paid", Kind::payment, Status::paid, kOfficial, kPagoEfectivoPdf, ""},
    {"notification", "cip.expired", Kind::payment, Status::expired, kUnverified, "",
     "handled by one integrator's code; not documented"},
    {"notification", "cip.refunded", Kind::refund, kNone, kUnverified, "",
     "handled by one integrator's code; ask for the CIP"},
    {"cip_response", "21", Kind::payment, Status::expired, kCommunity, kPagoEfectivoCodes, ""},
    {"cip_response", "22", Kind::payment, Status::pending, kOfficial, kPagoEfectivoPages, ""},
    {"cip_response", "23", Kind::payment, Status::paid, kCommunity, kPagoEfectivoCodes,
     "its text, Cancelado, means paid"},
    {"cip_response", "Cancelado", Kind::payment, Status::paid, kOfficial, kPagoEfectivoPdf,
     "Spanish for settled: paid, not cancelled"},
};

constexpr WireRule kWire[] = {
    {.message = "cip_request",
     .currencies = "PEN USD",
     .form = kTwo,
     .status = kOfficial,
     .source = kPagoEfectivoPdf,
     .note = "N(18,2) by the integration document kept there"},
    {.message = "cip_response",
     .currencies = "PEN USD",
     .form = kUpToTwo,
     .status = kOfficial,
     .source = kPagoEfectivoPages,
     .note = "a JSON number: 25.00 comes back as 25"},
    {.message = "notification",
     .currencies = "PEN USD",
     .form = kUpToTwo,
     .status = kOfficial,
     .source = kPagoEfectivoPdf,
     .note = "N(18,2), a JSON number, zeros may be dropped"},
};

}  // namespace

Gateway pagoefectivo() {
  return {.title = "PagoEfectivo",
          .schemes = all_schemes(),
          .notification = {.messages = kMessages, .words = kWords},
          .wire = kWire};
}

}  // namespace cuadre::declared
