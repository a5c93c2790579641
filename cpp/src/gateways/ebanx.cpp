#include "gateways/declare.hpp"

namespace cuadre::declared {
namespace {

std::vector<Scheme> all_schemes() {
  Scheme made = scheme("notification");
  made.algorithm = Algorithm::rsa_sha1;
  made.key_form = KeyForm::pem_certificate;
  made.encoding = Encoding::base64;
  made.pieces = {body()};
  made.carrier = carrier(Carrier::In::header, {"X-SignatureContent", "X-Signature-Content"});
  made.body = Scheme::Body::form;
  made.id_at = {optional(field("notification_type")), optional(field("hash_codes"))};
  made.covered = {.body = true, .id = true};
  made.status = "official";
  made.vectors = "none";
  made.source = "https://developers.ebanx.com/integrations/notifications";
  made.note =
      "RSA with SHA-1, too weak to book on: a hint to ask the API. One notice names many payments (hash_codes) and no "
      "status. X-SignatureFingerprint names the certificate. EBANX publishes it to its merchants alone, so no vector "
      "exists.";
  return {std::move(made)};
}

constexpr std::string_view kEbanx = "https://developers.ebanx.com/integrations/notifications";
constexpr std::string_view kNoteManyPayments = "one notice, several payments, no status: ask for each";

constexpr NotificationMap kMessages[] = {
    {.messages = "notification",
     .body = Body::form,
     .event_id = "hash_codes+notification_type",
     .event_type = "operation",
     .status = "notification_type",
     .status_is_event = true,
     .gateway_id = "hash_codes",
     .needed = "gateway_id"},
    {.messages = "payment",
     .event_id = "payment.hash+payment.status",
     .status = "payment.status",
     .reference = "payment.merchant_payment_code",
     .gateway_id = "payment.hash",
     .needed = "reference gateway_id amount",
     .amount = "payment.amount_ext",
     .currency = "payment.currency_ext",
     .amount_written = Written::text,
     .wire = kUpToTwo,
     .wire_message = "payment",
     .time = "payment.confirm_date",
     .ids = "payment.pin payment.cip_code payment.voucher_id"},
};

constexpr StatusWord kWords[] = {
    {"notification", "update", Kind::payment, kNone, kOfficial, kEbanx, kNoteManyPayments},
    {"notification", "chargeback", Kind::chargeback, kNone, kOfficial, kEbanx, kNoteManyPayments},
    {"notification", "chargeback_credit", Kind::chargeback, kNone, kOfficial, kEbanx, kNoteManyPayments},
    {"notification", "refund", Kind::refund, kNone, kOfficial, kEbanx, kNoteManyPayments},
    {"payment", "OP", Kind::payment, Status::pending, kOfficial, kEbanx, ""},
    {"payment", "PE", Kind::payment, Status::pending, kOfficial, kEbanx, ""},
    {"payment", "CO", Kind::payment, Status::paid, kOfficial, kEbanx, ""},
    {"payment", "CA", Kind::payment, Status::cancelled, kOfficial, kEbanx, ""},
};

constexpr WireRule kWire[] = {
    {.message = "payment",
     .currencies = "COP PEN",
     .form = kUpToTwo,
     .status = kOfficial,
     .source = "https://github.com/ebanx/benjamin",
     .note = "decimal text"},
};

constexpr std::string_view kOverviews = "https://developers.ebanx.com (country overview pages)";
constexpr DocumentRule kDocuments[] = {
    {.country = "CO",
     .type = "CC",
     .length_min = 2,
     .length_max = 15,
     .status = "official",
     .source = kOverviews,
     .note = "CC, NIT and CE"},
    {.country = "CO",
     .type = "CE",
     .length_min = 2,
     .length_max = 15,
     .status = "official",
     .source = kOverviews,
     .note = "CC, NIT and CE"},
    {.country = "CO",
     .type = "NIT",
     .length_min = 2,
     .length_max = 15,
     .status = "official",
     .source = kOverviews,
     .note = "CC, NIT and CE"},
    {.country = "PE",
     .type = "DNI",
     .length_min = 8,
     .length_max = 9,
     .status = "official",
     .source = kOverviews,
     .note = "DNI and others of 8, 9 or 11"},
    {.country = "PE",
     .type = "CE",
     .length_min = 8,
     .length_max = 9,
     .status = "official",
     .source = kOverviews,
     .note = "DNI and others of 8, 9 or 11"},
    {.country = "PE",
     .type = "CE",
     .length_min = 11,
     .length_max = 11,
     .status = "official",
     .source = kOverviews,
     .note = "DNI and others of 8, 9 or 11"},
    {.country = "PE",
     .type = "RUC",
     .length_min = 11,
     .length_max = 11,
     .status = "official",
     .source = kOverviews,
     .note = "DNI and others of 8, 9 or 11"},
};

}  // namespace

Gateway ebanx() {
  return {.title = "EBANX",
          .schemes = all_schemes(),
          .notification = {.messages = kMessages, .words = kWords},
          .wire = kWire,
          .documents = kDocuments};
}

}  // namespace cuadre::declared
