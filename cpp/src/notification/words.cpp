// Every status word of every gateway, and what it is among ours. Data alone.
#include "cuadre/notification.hpp"

namespace cuadre {
namespace {

using Kind = EventKind;
using Status = EventStatus;
constexpr std::optional<Status> kNone;  // known, and deliberately no status

constexpr std::string_view kOfficial = "official", kCommunity = "community", kUnverified = "unverified";

// Where the words were read.
constexpr std::string_view kPagoEfectivoPdf = "https://github.com/leonardcodep/pagoefectivoperu-php";
constexpr std::string_view kPagoEfectivoPages = "https://pagoefectivo.github.io/api-pe-cs-documentation/";
constexpr std::string_view kPagoEfectivoCodes = "https://github.com/RommelsosaMG/prueba4";
constexpr std::string_view kDlocalPayments = "https://docs.dlocal.com/reference/payment-status-codes";
constexpr std::string_view kDlocalOlder = "https://github.com/fmazzoli-dlocal/documentation";
constexpr std::string_view kDlocalRefunds = "https://docs.dlocal.com/reference/refund-status-codes";
constexpr std::string_view kDlocalChargebacks = "https://docs.dlocal.com/docs/chargebacks";
constexpr std::string_view kWikimedia = "https://github.com/wikimedia/wikimedia-fundraising-SmashPig";
constexpr std::string_view kDlocalPayouts = "https://docs.dlocal.com/reference/notification-parameters-payouts";
constexpr std::string_view kPayu =
    "https://developers.payulatam.com/latam/en/docs/getting-started/response-codes-and-variables.html";
constexpr std::string_view kRapydCash = "https://docs.rapyd.net/en/cash-payment-message-sequences.html";
constexpr std::string_view kRapydFixtures = "https://github.com/omnipay-taiwan/omnipay-rapyd";
constexpr std::string_view kRapydRefunds = "https://docs.rapyd.net/en/refund-finite-state-diagram.html";
constexpr std::string_view kRapydPayouts = "https://docs.rapyd.net/en/payout---finite-state-diagram.html";
constexpr std::string_view kRapydReturned = "https://docs.rapyd.net/en/payout-returned-webhook.html";
constexpr std::string_view kMercadoPagoTopics = "https://github.com/mercadopago/devsite-docs";
constexpr std::string_view kMercadoPago = "https://github.com/mercadopago/sdk-java";
constexpr std::string_view kWompi = "https://docs.wompi.co/docs/colombia/eventos/";
constexpr std::string_view kEpayco = "https://github.com/epayco/Plugin_ePayco_WooCommerce";
constexpr std::string_view kKushki = "https://docs.kushki.com/co/notifications/one-time-payments/webhook-cash-in";
constexpr std::string_view kPayvalida = "https://docs.payvalida.com";
constexpr std::string_view kOpenpay = "https://documents.openpay.co/notificaciones";
constexpr std::string_view kCulqi = "https://github.com/culqi/culqi-woocommerce";
constexpr std::string_view kAdyen = "https://docs.adyen.com/development-resources/webhooks/webhook-types";
constexpr std::string_view kAdyenCapture = "https://docs.adyen.com/online-payments/capture/";
constexpr std::string_view kAdyenJava = "https://github.com/Adyen/adyen-java-api-library";
constexpr std::string_view kAdyenReports = "https://docs.adyen.com/development-resources/webhooks/troubleshoot";
constexpr std::string_view kCheckout = "https://www.checkout.com/docs/reporting-and-insights/events-api/event-types";
constexpr std::string_view kEbanx = "https://developers.ebanx.com/integrations/notifications";
constexpr std::string_view kDirecta24 = "https://docs.d24.com";
constexpr std::string_view kDirecta24Sdk = "https://github.com/directa24/cashin-java-sdk";
constexpr std::string_view kLyraStatus = "https://docs.lyra.com/en/rest/V4.0/api/kb/status_reference.html";
constexpr std::string_view kStripe = "https://docs.stripe.com/api/events/types";
constexpr std::string_view kPaddle = "https://developer.paddle.com/webhooks";

constexpr std::string_view kNoteNoSpec = "no public specification exists: set it by your agreement";
constexpr std::string_view kNoteAsk = "holds neither status nor amount: ask for it";
constexpr std::string_view kNoteUncovered = "not covered by the signature: ask before anything is booked";
constexpr std::string_view kNoteSecondary = "started, expired or anti-fraud by secondary texts: ask";
constexpr std::string_view kNoteKushkiField = "the names are official; the field that holds them is not described";
constexpr std::string_view kNoteUnsigned = "nothing is signed: ask for the order";
constexpr std::string_view kNoteAuthorised = "agreed; taken at once by default, or by a capture, as the account is set";
constexpr std::string_view kNoteDispute = "ask for the dispute";
constexpr std::string_view kNoteManyPayments = "one notice, several payments, no status: ask for each";
constexpr std::string_view kNotePaid = "what stands in data.paid beside this status was not published";

constexpr StatusWord kWords[] = {
    {"pagoefectivo", "notification", "cip.paid", Kind::payment, Status::paid, kOfficial, kPagoEfectivoPdf, ""},
    {"pagoefectivo", "notification", "cip.expired", Kind::payment, Status::expired, kUnverified, "",
     "handled by one integrator's code; not documented"},
    {"pagoefectivo", "notification", "cip.refunded", Kind::refund, kNone, kUnverified, "",
     "handled by one integrator's code; ask for the CIP"},
    {"pagoefectivo", "cip_response", "21", Kind::payment, Status::expired, kCommunity, kPagoEfectivoCodes, ""},
    {"pagoefectivo", "cip_response", "22", Kind::payment, Status::pending, kOfficial, kPagoEfectivoPages, ""},
    {"pagoefectivo", "cip_response", "23", Kind::payment, Status::paid, kCommunity, kPagoEfectivoCodes,
     "its text, Cancelado, means paid"},
    {"pagoefectivo", "cip_response", "Cancelado", Kind::payment, Status::paid, kOfficial, kPagoEfectivoPdf,
     "Spanish for settled: paid, not cancelled"},
    {"efecty", "notification", "pending", Kind::payment, Status::pending, kUnverified, "", kNoteNoSpec},
    {"efecty", "notification", "paid", Kind::payment, Status::paid, kUnverified, "", kNoteNoSpec},
    {"efecty", "notification", "expired", Kind::payment, Status::expired, kUnverified, "", kNoteNoSpec},
    {"efecty", "notification", "cancelled", Kind::payment, Status::cancelled, kUnverified, "", kNoteNoSpec},
    {"efecty", "notification", "reversed", Kind::payment, Status::reversed, kUnverified, "", kNoteNoSpec},
    {"dlocal", "notification", "PENDING", Kind::payment, Status::pending, kOfficial, kDlocalPayments, ""},
    {"dlocal", "notification", "PAID", Kind::payment, Status::paid, kOfficial, kDlocalPayments, ""},
    {"dlocal", "notification", "REJECTED", Kind::payment, Status::rejected, kOfficial, kDlocalPayments, ""},
    {"dlocal", "notification", "CANCELLED", Kind::payment, Status::cancelled, kOfficial, kDlocalPayments, ""},
    {"dlocal", "notification", "AUTHORIZED", Kind::payment, Status::authorised, kOfficial, kDlocalPayments, ""},
    {"dlocal", "notification", "VERIFIED", Kind::payment, kNone, kOfficial, kDlocalPayments,
     "a card was checked, no money moved"},
    {"dlocal", "notification", "EXPIRED", Kind::payment, Status::expired, kOfficial, kDlocalOlder,
     "in the lists of 2019 and 2021, not in today's"},
    {"dlocal", "notification", "PENDING", Kind::refund, Status::processing, kOfficial, kDlocalRefunds, ""},
    {"dlocal", "notification", "SUCCESS", Kind::refund, Status::completed, kOfficial, kDlocalRefunds, ""},
    {"dlocal", "notification", "REJECTED", Kind::refund, Status::failed, kOfficial, kDlocalRefunds, ""},
    {"dlocal", "notification", "CANCELLED", Kind::refund, Status::failed, kOfficial, kDlocalRefunds, ""},
    {"dlocal", "notification", "PENDING", Kind::chargeback, kNone, kOfficial, kDlocalChargebacks, kNoteDispute},
    {"dlocal", "notification", "SUCCESS", Kind::chargeback, kNone, kOfficial, kDlocalChargebacks, kNoteDispute},
    {"dlocal", "notification", "COMPLETED", Kind::chargeback, kNone, kCommunity, kWikimedia, kNoteDispute},
    {"dlocal", "payout_notification", "notified", Kind::payout, kNone, kOfficial, kDlocalPayouts,
     "the form holds no status, this word is ours: ask for the payout"},
    {"payu", "confirmation", "4", Kind::payment, Status::paid, kOfficial, kPayu, ""},
    {"payu", "confirmation", "5", Kind::payment, Status::expired, kOfficial, kPayu, ""},
    {"payu", "confirmation", "6", Kind::payment, Status::rejected, kOfficial, kPayu, ""},
    {"rapyd", "notification", "NEW:false", Kind::payment, Status::pending, kUnverified, kRapydCash, kNotePaid},
    {"rapyd", "notification", "ACT:false", Kind::payment, Status::pending, kOfficial, kRapydCash,
     "sent with PAYMENT_SUCCEEDED before any cash was paid"},
    {"rapyd", "notification", "CLO:true", Kind::payment, Status::paid, kOfficial, kRapydCash,
     "data.status and data.paid"},
    {"rapyd", "notification", "CAN:false", Kind::payment, Status::cancelled, kCommunity, kRapydFixtures,
     "data.status and data.paid"},
    {"rapyd", "notification", "ERR:false", Kind::payment, kNone, kUnverified, kRapydCash,
     "rejected or expired, the sequences disagree: ask for the payment"},
    {"rapyd", "notification", "EXP:false", Kind::payment, Status::expired, kUnverified, kRapydCash, kNotePaid},
    {"rapyd", "notification", "REV:false", Kind::payment, Status::reversed, kUnverified, kRapydCash, kNotePaid},
    {"rapyd", "notification", "REV:true", Kind::payment, Status::reversed, kUnverified, kRapydCash, kNotePaid},
    {"rapyd", "notification", "Pending", Kind::refund, Status::processing, kOfficial, kRapydRefunds, ""},
    {"rapyd", "notification", "Completed", Kind::refund, Status::completed, kOfficial, kRapydRefunds, ""},
    {"rapyd", "notification", "Rejected", Kind::refund, Status::failed, kOfficial, kRapydRefunds, ""},
    {"rapyd", "notification", "Error", Kind::refund, Status::failed, kOfficial, kRapydRefunds, ""},
    {"rapyd", "notification", "Canceled", Kind::refund, Status::failed, kOfficial, kRapydRefunds, ""},
    {"rapyd", "notification", "Created", Kind::payout, Status::pending, kOfficial, kRapydPayouts, ""},
    {"rapyd", "notification", "Pending", Kind::payout, Status::processing, kOfficial, kRapydPayouts, ""},
    {"rapyd", "notification", "Confirmation", Kind::payout, Status::processing, kOfficial, kRapydPayouts, ""},
    {"rapyd", "notification", "Completed", Kind::payout, Status::completed, kOfficial, kRapydPayouts,
     "not final: it may come back"},
    {"rapyd", "notification", "Canceled", Kind::payout, Status::cancelled, kOfficial, kRapydPayouts, ""},
    {"rapyd", "notification", "Error", Kind::payout, Status::failed, kOfficial, kRapydPayouts, ""},
    {"rapyd", "notification", "Expired", Kind::payout, Status::expired, kOfficial, kRapydPayouts, ""},
    {"rapyd", "notification", "Returned", Kind::payout, Status::returned, kOfficial, kRapydReturned, ""},
    {"mercadopago", "notification", "payment", Kind::payment, kNone, kOfficial, kMercadoPagoTopics, kNoteAsk},
    {"mercadopago", "notification", "topic_merchant_order_wh", Kind::other, kNone, kOfficial, kMercadoPagoTopics,
     kNoteAsk},
    {"mercadopago", "notification", "topic_claims_integration_wh", Kind::other, kNone, kOfficial, kMercadoPagoTopics,
     kNoteAsk},
    {"mercadopago", "notification", "stop_delivery_op_wh", Kind::other, kNone, kOfficial, kMercadoPagoTopics, kNoteAsk},
    {"mercadopago", "notification", "topic_chargebacks_wh", Kind::chargeback, kNone, kOfficial, kMercadoPagoTopics,
     kNoteAsk},
    {"mercadopago", "payment", "approved", Kind::payment, Status::paid, kOfficial, kMercadoPago,
     "partly refunded payments stay approved"},
    {"mercadopago", "payment", "pending", Kind::payment, Status::pending, kOfficial, kMercadoPago, ""},
    {"mercadopago", "payment", "authorized", Kind::payment, Status::authorised, kOfficial, kMercadoPago, ""},
    {"mercadopago", "payment", "in_process", Kind::payment, Status::pending, kOfficial, kMercadoPago, ""},
    {"mercadopago", "payment", "in_mediation", Kind::payment, kNone, kOfficial, kMercadoPago,
     "in dispute: ask for the claim"},
    {"mercadopago", "payment", "rejected", Kind::payment, Status::rejected, kOfficial, kMercadoPago, ""},
    {"mercadopago", "payment", "cancelled", Kind::payment, Status::cancelled, kOfficial, kMercadoPago,
     "an unpaid voucher too, by itself after 30 days"},
    {"mercadopago", "payment", "refunded", Kind::payment, Status::reversed, kOfficial, kMercadoPago, ""},
    {"mercadopago", "payment", "charged_back", Kind::payment, Status::reversed, kOfficial, kMercadoPago, ""},
    {"wompi", "event", "PENDING", Kind::payment, Status::pending, kOfficial, kWompi, ""},
    {"wompi", "event", "APPROVED", Kind::payment, Status::paid, kOfficial, kWompi, ""},
    {"wompi", "event", "DECLINED", Kind::payment, Status::rejected, kOfficial, kWompi, ""},
    {"wompi", "event", "VOIDED", Kind::payment, Status::reversed, kOfficial, kWompi, "cards alone"},
    {"wompi", "event", "ERROR", Kind::payment, Status::rejected, kOfficial, kWompi, ""},
    {"epayco", "confirmation", "1", Kind::payment, Status::paid, kOfficial, kEpayco, kNoteUncovered},
    {"epayco", "confirmation", "2", Kind::payment, Status::rejected, kOfficial, kEpayco, kNoteUncovered},
    {"epayco", "confirmation", "3", Kind::payment, Status::pending, kOfficial, kEpayco, kNoteUncovered},
    {"epayco", "confirmation", "4", Kind::payment, Status::rejected, kOfficial, kEpayco, kNoteUncovered},
    {"epayco", "confirmation", "6", Kind::payment, Status::reversed, kOfficial, kEpayco, kNoteUncovered},
    {"epayco", "confirmation", "7", Kind::payment, Status::pending, kOfficial, kEpayco, kNoteUncovered},
    {"epayco", "confirmation", "8", Kind::payment, kNone, kUnverified, kEpayco, kNoteSecondary},
    {"epayco", "confirmation", "9", Kind::payment, kNone, kUnverified, kEpayco, kNoteSecondary},
    {"epayco", "confirmation", "10", Kind::payment, Status::cancelled, kUnverified, kEpayco, kNoteUncovered},
    {"epayco", "confirmation", "11", Kind::payment, Status::cancelled, kUnverified, kEpayco, kNoteUncovered},
    {"epayco", "confirmation", "12", Kind::payment, kNone, kUnverified, kEpayco, kNoteSecondary},
    {"kushki", "notification", "approvedTransaction", Kind::payment, Status::paid, kUnverified, kKushki,
     kNoteKushkiField},
    {"kushki", "notification", "declinedTransaction", Kind::payment, Status::rejected, kUnverified, kKushki,
     kNoteKushkiField},
    {"kushki", "notification", "expiredTransaction", Kind::payment, Status::expired, kUnverified, kKushki,
     kNoteKushkiField},
    {"payvalida", "notification", "approved", Kind::payment, Status::paid, kOfficial, kPayvalida, ""},
    {"payvalida", "notification", "cancelled", Kind::payment, kNone, kOfficial, kPayvalida,
     "expired, or paid and taken back: ask"},
    {"openpay", "notification", "charge.created", Kind::payment, Status::pending, kUnverified, kOpenpay, ""},
    {"openpay", "notification", "charge.succeeded", Kind::payment, Status::paid, kUnverified, kOpenpay, ""},
    {"openpay", "notification", "charge.failed", Kind::payment, Status::rejected, kUnverified, kOpenpay, ""},
    {"openpay", "notification", "charge.cancelled", Kind::payment, Status::cancelled, kUnverified, kOpenpay, ""},
    {"openpay", "notification", "charge.refunded", Kind::payment, Status::reversed, kUnverified, kOpenpay, ""},
    {"openpay", "notification", "verification", Kind::other, kNone, kUnverified, kOpenpay,
     "the first call, with a verification_code"},
    {"culqi", "notification", "created", Kind::payment, Status::pending, kOfficial, kCulqi, kNoteUnsigned},
    {"culqi", "notification", "pending", Kind::payment, Status::pending, kOfficial, kCulqi, kNoteUnsigned},
    {"culqi", "notification", "paid", Kind::payment, Status::paid, kOfficial, kCulqi, kNoteUnsigned},
    {"culqi", "notification", "expired", Kind::payment, Status::expired, kOfficial, kCulqi, kNoteUnsigned},
    {"culqi", "notification", "deleted", Kind::payment, Status::cancelled, kOfficial, kCulqi, kNoteUnsigned},
    {"culqi", "notification", "authorized", Kind::payment, Status::authorised, kOfficial, kCulqi, kNoteUnsigned},
    {"culqi", "notification", "captured", Kind::payment, Status::paid, kOfficial, kCulqi, kNoteUnsigned},
    {"culqi", "notification", "refunded", Kind::payment, Status::reversed, kOfficial, kCulqi, kNoteUnsigned},
    {"adyen", "notification", "AUTHORISATION:true", Kind::payment, Status::authorised, kOfficial, kAdyenCapture,
     kNoteAuthorised},
    {"adyen", "notification", "AUTHORISATION:false", Kind::payment, Status::rejected, kUnverified, kAdyen, ""},
    {"adyen", "notification", "CANCELLATION:true", Kind::payment, Status::cancelled, kCommunity, kWikimedia, ""},
    {"adyen", "notification", "CANCELLATION:false", Kind::payment, kNone, kUnverified, kAdyen, "the payment stands"},
    {"adyen", "notification", "CAPTURE:true", Kind::payment, Status::paid, kOfficial, kAdyenJava, ""},
    {"adyen", "notification", "CAPTURE:false", Kind::payment, kNone, kOfficial, kAdyenJava, "not captured"},
    {"adyen", "notification", "CAPTURE_FAILED:true", Kind::payment, Status::rejected, kCommunity, kWikimedia, ""},
    {"adyen", "notification", "REFUND:true", Kind::refund, Status::completed, kOfficial, kAdyenJava,
     "may still fail: REFUND_FAILED"},
    {"adyen", "notification", "REFUND:false", Kind::refund, Status::failed, kOfficial, kAdyenJava, ""},
    {"adyen", "notification", "REFUND_FAILED:true", Kind::refund, Status::failed, kUnverified, kAdyen, ""},
    {"adyen", "notification", "REFUNDED_REVERSED:true", Kind::refund, Status::failed, kCommunity, kWikimedia,
     "came back after it was sent"},
    {"adyen", "notification", "CHARGEBACK:true", Kind::chargeback, kNone, kCommunity, kWikimedia, kNoteDispute},
    {"adyen", "notification", "CHARGEBACK_REVERSED:true", Kind::chargeback, kNone, kCommunity, kWikimedia,
     kNoteDispute},
    {"adyen", "notification", "REPORT_AVAILABLE:true", Kind::report, kNone, kOfficial, kAdyenReports,
     "pspReference is the file, reason its address"},
    {"checkout", "notification", "payment_approved", Kind::payment, Status::authorised, kUnverified, kCheckout,
     kNoteAuthorised},
    {"checkout", "notification", "payment_pending", Kind::payment, Status::pending, kUnverified, kCheckout, ""},
    {"checkout", "notification", "payment_captured", Kind::payment, Status::paid, kUnverified, kCheckout, ""},
    {"checkout", "notification", "payment_declined", Kind::payment, Status::rejected, kUnverified, kCheckout, ""},
    {"checkout", "notification", "payment_expired", Kind::payment, Status::expired, kUnverified, kCheckout,
     "the event exists; what else it may mean was not read"},
    {"checkout", "notification", "payment_canceled", Kind::payment, Status::cancelled, kUnverified, kCheckout, ""},
    {"checkout", "notification", "payment_refunded", Kind::refund, Status::completed, kUnverified, kCheckout, ""},
    {"ebanx", "notification", "update", Kind::payment, kNone, kOfficial, kEbanx, kNoteManyPayments},
    {"ebanx", "notification", "chargeback", Kind::chargeback, kNone, kOfficial, kEbanx, kNoteManyPayments},
    {"ebanx", "notification", "chargeback_credit", Kind::chargeback, kNone, kOfficial, kEbanx, kNoteManyPayments},
    {"ebanx", "notification", "refund", Kind::refund, kNone, kOfficial, kEbanx, kNoteManyPayments},
    {"ebanx", "payment", "OP", Kind::payment, Status::pending, kOfficial, kEbanx, ""},
    {"ebanx", "payment", "PE", Kind::payment, Status::pending, kOfficial, kEbanx, ""},
    {"ebanx", "payment", "CO", Kind::payment, Status::paid, kOfficial, kEbanx, ""},
    {"ebanx", "payment", "CA", Kind::payment, Status::cancelled, kOfficial, kEbanx, ""},
    {"directa24", "deposit", "PENDING", Kind::payment, Status::pending, kOfficial, kDirecta24Sdk, ""},
    {"directa24", "deposit", "COMPLETED", Kind::payment, Status::paid, kUnverified, kDirecta24, ""},
    {"directa24", "deposit", "CANCELLED", Kind::payment, Status::cancelled, kUnverified, kDirecta24, ""},
    {"directa24", "deposit", "DECLINED", Kind::payment, Status::rejected, kUnverified, kDirecta24, ""},
    {"directa24", "deposit", "EXPIRED", Kind::payment, Status::expired, kUnverified, kDirecta24, ""},
    {"directa24", "refund", "SUCCESS", Kind::refund, Status::completed, kOfficial, kDirecta24Sdk, ""},
    {"izipay", "ipn", "PAID", Kind::payment, Status::paid, kOfficial, kLyraStatus,
     "cards: agreed, and taken by itself later"},
    {"izipay", "ipn", "UNPAID", Kind::payment, kNone, kOfficial, kLyraStatus,
     "not paid and final: refused, cancelled or expired, ask which"},
    {"izipay", "ipn", "RUNNING", Kind::payment, Status::pending, kOfficial, kLyraStatus, ""},
    {"izipay", "ipn", "PARTIALLY_PAID", Kind::payment, kNone, kUnverified, kLyraStatus, ""},
    {"stripe", "notification", "payment_intent.succeeded", Kind::payment, Status::paid, kUnverified, kStripe, ""},
    {"stripe", "notification", "payment_intent.processing", Kind::payment, Status::pending, kUnverified, kStripe, ""},
    {"stripe", "notification", "payment_intent.payment_failed", Kind::payment, Status::rejected, kUnverified, kStripe,
     ""},
    {"stripe", "notification", "payment_intent.canceled", Kind::payment, Status::cancelled, kUnverified, kStripe, ""},
    {"stripe", "notification", "customer.created", Kind::other, kNone, kUnverified, kStripe, ""},
    {"paddle", "notification", "transaction.paid", Kind::payment, Status::paid, kUnverified, kPaddle, ""},
    {"paddle", "notification", "transaction.canceled", Kind::payment, Status::cancelled, kUnverified, kPaddle, ""},
    {"paddle", "notification", "customer.created", Kind::other, kNone, kUnverified, kPaddle, ""},
};

}  // namespace

std::span<const StatusWord> status_words() noexcept { return kWords; }

}  // namespace cuadre
