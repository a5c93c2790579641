#include "gateways/declare.hpp"

namespace cuadre::declared {
namespace {

Scheme payin(std::string_view message) {
  Scheme made = scheme(message);
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
      "so keep seen events. login is your own X-Login, never the received one.";
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
  Scheme made = hmac_of_body("payout_request", "Payload-Signature");
  made.incoming = false;
  made.key_bytes_min = 12;
  made.covered.status = false;
  made.status = "official";
  made.vectors = "none";
  made.source = "https://docs.dlocal.com/reference/payouts-security";
  made.note = "Payouts of API v2. No time is signed; external_id is what keeps a request from counting twice.";
  return made;
}

std::vector<Scheme> all_schemes() { return {notification(), request(), payout_request()}; }

constexpr std::string_view kDlocalPayments = "https://docs.dlocal.com/reference/payment-status-codes";
constexpr std::string_view kDlocalOlder = "https://github.com/fmazzoli-dlocal/documentation";
constexpr std::string_view kDlocalRefunds = "https://docs.dlocal.com/reference/refund-status-codes";
constexpr std::string_view kDlocalChargebacks = "https://docs.dlocal.com/docs/chargebacks";
constexpr std::string_view kDlocalPayouts = "https://docs.dlocal.com/reference/notification-parameters-payouts";

constexpr NotificationMap kMessages[] = {
    {.messages = "notification",
     .kind = EventKind::refund,
     .event_id = "id+status",
     .status = "status",
     .reference = "order_id",
     .gateway_id = "id",
     .needed = "gateway_id amount",
     .amount = "amount",
     .currency = "currency",
     .wire = kUpToTwo,
     .wire_message = "notification",
     .time = "created_date",
     .ids = "payment_id id_payment transaction_id idempotency_key",
     .marker = "id^REF"},
    {.messages = "notification",
     .kind = EventKind::chargeback,
     .event_id = "id+status",
     .status = "status",
     .reference = "order_id",
     .gateway_id = "id",
     .needed = "gateway_id amount",
     .amount = "amount",
     .currency = "currency",
     .wire = kUpToTwo,
     .wire_message = "notification",
     .time = "created_date",
     .ids = "payment_id status_code",
     .marker = "payment_id"},
    {.messages = "notification",
     .kind = EventKind::payment,
     .event_id = "id+status",
     .status = "status",
     .reference = "order_id",
     .gateway_id = "id",
     .needed = "reference gateway_id amount",
     .amount = "amount",
     .currency = "currency",
     .wire = kUpToTwo,
     .wire_message = "notification",
     .time = "created_date",
     .ids = "payment_method_id status_code"},
    {.messages = "payout_notification",
     .body = Body::form,
     .event_id = "cashout_id+date",
     .status = "=notified",
     .reference = "external_id",
     .gateway_id = "cashout_id",
     .needed = "reference gateway_id",
     .time = "date",
     .time_written = Time::utc,
     .ids = "bank_reference_id"},
};

constexpr StatusWord kWords[] = {
    {"notification", "PENDING", Kind::payment, Status::pending, kOfficial, kDlocalPayments, ""},
    {"notification", "PAID", Kind::payment, Status::paid, kOfficial, kDlocalPayments, ""},
    {"notification", "REJECTED", Kind::payment, Status::rejected, kOfficial, kDlocalPayments, ""},
    {"notification", "CANCELLED", Kind::payment, Status::cancelled, kOfficial, kDlocalPayments, ""},
    {"notification", "AUTHORIZED", Kind::payment, Status::authorised, kOfficial, kDlocalPayments, ""},
    {"notification", "VERIFIED", Kind::payment, kNone, kOfficial, kDlocalPayments,
     "a card was checked, no money moved"},
    {"notification", "EXPIRED", Kind::payment, Status::expired, kOfficial, kDlocalOlder,
     "in the lists of 2019 and 2021, not in today's"},
    {"notification", "PENDING", Kind::refund, Status::processing, kOfficial, kDlocalRefunds, ""},
    {"notification", "SUCCESS", Kind::refund, Status::completed, kOfficial, kDlocalRefunds, ""},
    {"notification", "REJECTED", Kind::refund, Status::failed, kOfficial, kDlocalRefunds, ""},
    {"notification", "CANCELLED", Kind::refund, Status::failed, kOfficial, kDlocalRefunds, ""},
    {"notification", "PENDING", Kind::chargeback, kNone, kOfficial, kDlocalChargebacks, kNoteDispute},
    {"notification", "SUCCESS", Kind::chargeback, kNone, kOfficial, kDlocalChargebacks, kNoteDispute},
    {"notification", "COMPLETED", Kind::chargeback, kNone, kCommunity, kWikimedia, kNoteDispute},
    {"payout_notification", "notified", Kind::payout, kNone, kOfficial, kDlocalPayouts,
     "the form holds no status, this word is ours: ask for the payout"},
};

constexpr WireRule kWire[] = {
    {.message = "notification",
     .currencies = "COP PEN",
     .form = kUpToTwo,
     .status = kCommunity,
     .source = "https://github.com/wikimedia/wikimedia-fundraising-SmashPig",
     .note = "a JSON number, seen as 29 and as 29.00"},
    {.message = "request",
     .currencies = "COP",
     .form = kWhole,
     .status = kOfficial,
     .source = "https://docs.dlocal.com/docs/colombia"},
    {.message = "request",
     .currencies = "PEN",
     .form = kTwo,
     .status = kOfficial,
     .source = "https://docs.dlocal.com/docs/peru"},
    {.message = "payout_request",
     .currencies = "COP PEN",
     .form = kUpToTwo,
     .status = kOfficial,
     .source = "https://docs.dlocal.com/reference/payouts-security",
     .note = "text with at most two decimals"},
};

constexpr SchemeGap kSchemeGaps[] = {
    {"payout_notification",
     "the text behind the form field control (64 upper-case hex digits) is published nowhere: take the notification as "
     "a hint, and ask check_status_cashout",
     "https://docs.dlocal.com/reference/notification-parameters-payouts"},
};

constexpr std::string_view kDlocalCo = "https://docs.dlocal.com/docs/colombia";
constexpr std::string_view kDlocalPe = "https://docs.dlocal.com/docs/peru";
constexpr DocumentRule kDocuments[] = {
    {.country = "CO",
     .type = "CC",
     .length_min = 6,
     .length_max = 11,
     .status = "official",
     .source = kDlocalCo,
     .note = "CC or NIT; 6 to 10 in 2019"},
    {.country = "CO",
     .type = "NIT",
     .length_min = 6,
     .length_max = 11,
     .status = "official",
     .source = kDlocalCo,
     .note = "CC or NIT; the check digit is not spoken of"},
    {.country = "PE",
     .type = "DNI",
     .length_min = 8,
     .length_max = 9,
     .status = "official",
     .source = kDlocalPe,
     .note = ""},
    {.country = "PE",
     .type = "RUC",
     .length_min = 11,
     .length_max = 11,
     .status = "official",
     .source = kDlocalPe,
     .note = ""},
};

}  // namespace

Gateway dlocal() {
  return {.title = "dLocal",
          .schemes = all_schemes(),
          .scheme_gaps = kSchemeGaps,
          .notification = {.messages = kMessages, .words = kWords},
          .wire = kWire,
          .documents = kDocuments};
}

}  // namespace cuadre::declared
