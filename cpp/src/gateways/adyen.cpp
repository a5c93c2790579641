#include "gateways/declare.hpp"

namespace cuadre::declared {
namespace {

Scheme notification(std::string_view version, const std::string& under) {
  const auto at = [&](std::string_view name) { return field(under + std::string(name)); };
  const auto maybe = [&](std::string_view name) { return empty_if_absent(at(name)); };
  Scheme made = scheme("notification");
  made.version = version;
  made.key_form = KeyForm::hex;
  made.encoding = Encoding::base64;
  made.pieces = {at("pspReference"),
                 maybe("originalReference"),
                 maybe("merchantAccountCode"),
                 with_separator(maybe("merchantReference")),
                 only(at("amount.value"), Piece::Only::digits),
                 only(at("amount.currency"), Piece::Only::currency),
                 at("eventCode"),
                 only(at("success"), Piece::Only::word)};
  made.separator = ":";
  made.carrier = in_field(under + "additionalData.hmacSignature");
  made.body = Scheme::Body::json;
  made.id_at = {at("pspReference"), at("eventCode"), at("success")};
  made.covered = {.id = true, .status = true, .amount = true, .reference = true};
  made.status = "official";
  made.vectors = "official";
  made.source = "https://github.com/Adyen/adyen-python-api-library/blob/main/Adyen/util.py";
  made.note =
      "The key is hex and is decoded. Nothing is escaped, whatever older texts say, so a colon may stand in the "
      "merchant's reference alone: anywhere else it is refused, or it could pose as a separator. Not covered: reason, "
      "eventDate, live, everything in additionalData. One item in a message; more are refused, as each has a signature "
      "of its own.";
  return made;
}

Scheme platform() {
  Scheme made = hmac_of_body("platform", "HmacSignature");
  made.key_form = KeyForm::hex;
  made.encoding = Encoding::base64;
  made.id_at = {optional(field("type")), optional(field("data.id"))};
  made.status = "official";
  made.vectors = "official";
  made.source = "https://docs.adyen.com/development-resources/webhooks/secure-webhooks/verify-hmac-signatures/";
  made.note = "The key is hex and is decoded. No time is signed: keep seen events.";
  return made;
}

std::vector<Scheme> all_schemes() {
  // A signed bare item beside a list that is not signed would be read by the list.
  Scheme bare = notification("one bare item", "");
  bare.pinned = {pin(optional(field("notificationItems")), "")};
  return {notification("in notificationItems", "notificationItems.0.NotificationRequestItem."), std::move(bare),
          platform()};
}

constexpr std::string_view kAdyen = "https://docs.adyen.com/development-resources/webhooks/webhook-types";
constexpr std::string_view kAdyenCapture = "https://docs.adyen.com/online-payments/capture/";
constexpr std::string_view kAdyenJava = "https://github.com/Adyen/adyen-java-api-library";
constexpr std::string_view kAdyenReports = "https://docs.adyen.com/development-resources/webhooks/troubleshoot";
constexpr std::string_view kCurrencyCodes = "https://docs.adyen.com/development-resources/currency-codes/";

constexpr NotificationMap kMessages[] = {
    {.messages = "notification",
     .event_id = "notificationItems.0.NotificationRequestItem.pspReference+notificationItems.0.NotificationRequestItem."
                 "eventCode+notificationItems.0.NotificationRequestItem.success",
     .event_type = "notificationItems.0.NotificationRequestItem.eventCode",
     .status =
         "notificationItems.0.NotificationRequestItem.eventCode+notificationItems.0.NotificationRequestItem.success",
     .status_is_event = true,
     .reference = "notificationItems.0.NotificationRequestItem.merchantReference",
     .gateway_id = "notificationItems.0.NotificationRequestItem.pspReference",
     .merchant = "notificationItems.0.NotificationRequestItem.merchantAccountCode",
     .needed = "reference gateway_id amount merchant",
     .amount = "notificationItems.0.NotificationRequestItem.amount.value",
     .currency = "notificationItems.0.NotificationRequestItem.amount.currency",
     .wire = kScaled,
     .wire_message = "payment",
     .time = "notificationItems.0.NotificationRequestItem.eventDate",
     .environment = "live",
     .production_word = "true",
     .test_word = "false",
     .ids = "notificationItems.0.NotificationRequestItem.originalReference",
     .marker = "notificationItems"},
    {.messages = "notification",
     .event_id = "pspReference+eventCode+success",
     .event_type = "eventCode",
     .status = "eventCode+success",
     .status_is_event = true,
     .reference = "merchantReference",
     .gateway_id = "pspReference",
     .merchant = "merchantAccountCode",
     .needed = "reference gateway_id amount merchant",
     .amount = "amount.value",
     .currency = "amount.currency",
     .wire = kScaled,
     .wire_message = "payment",
     .time = "eventDate",
     .ids = "originalReference"},
};

constexpr StatusWord kWords[] = {
    {"notification", "AUTHORISATION:true", Kind::payment, Status::authorised, kOfficial, kAdyenCapture,
     kNoteAuthorised},
    {"notification", "AUTHORISATION:false", Kind::payment, Status::rejected, kUnverified, kAdyen, ""},
    {"notification", "CANCELLATION:true", Kind::payment, Status::cancelled, kCommunity, kWikimedia, ""},
    {"notification", "CANCELLATION:false", Kind::payment, kNone, kUnverified, kAdyen, "the payment stands"},
    {"notification", "CAPTURE:true", Kind::payment, Status::paid, kOfficial, kAdyenJava, ""},
    {"notification", "CAPTURE:false", Kind::payment, kNone, kOfficial, kAdyenJava, "not captured"},
    {"notification", "CAPTURE_FAILED:true", Kind::payment, Status::rejected, kCommunity, kWikimedia, ""},
    {"notification", "REFUND:true", Kind::refund, Status::completed, kOfficial, kAdyenJava,
     "may still fail: REFUND_FAILED"},
    {"notification", "REFUND:false", Kind::refund, Status::failed, kOfficial, kAdyenJava, ""},
    {"notification", "REFUND_FAILED:true", Kind::refund, Status::failed, kUnverified, kAdyen, ""},
    {"notification", "REFUNDED_REVERSED:true", Kind::refund, Status::failed, kCommunity, kWikimedia,
     "came back after it was sent"},
    {"notification", "CHARGEBACK:true", Kind::chargeback, kNone, kCommunity, kWikimedia, kNoteDispute},
    {"notification", "CHARGEBACK_REVERSED:true", Kind::chargeback, kNone, kCommunity, kWikimedia, kNoteDispute},
    {"notification", "REPORT_AVAILABLE:true", Kind::report, kNone, kOfficial, kAdyenReports,
     "pspReference is the file, reason its address"},
};

constexpr WireRule kWire[] = {
    {.message = "payment", .currencies = "COP", .form = kScaled, .status = kOfficial, .source = kCurrencyCodes},
    {.message = "payment", .currencies = "PEN", .form = kScaled, .status = kUnverified, .source = kCurrencyCodes},
};

constexpr NotificationGap kGaps[] = {
    {"platform", "tells of balances and transfers, not of a shop's payments: read verified.payload"},
};

}  // namespace

Gateway adyen() {
  return {.title = "Adyen",
          .schemes = all_schemes(),
          .notification = {.messages = kMessages, .words = kWords, .gaps = kGaps},
          .wire = kWire};
}

}  // namespace cuadre::declared
