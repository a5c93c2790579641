#include "gateways/gateways.hpp"

namespace cuadre::gateways {
namespace {

Scheme notification(std::string_view version, const std::string& under) {
  const auto at = [&](std::string_view name) { return field(under + std::string(name)); };
  const auto maybe = [&](std::string_view name) { return empty_if_absent(at(name)); };
  Scheme made = scheme("adyen", "notification");
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
      "eventDate, live, "
      "everything in additionalData. One item in a message; more are refused, as each has a signature of its own.";
  return made;
}

Scheme platform() {
  Scheme made = hmac_of_body("adyen", "platform", "HmacSignature");
  made.key_form = KeyForm::hex;
  made.encoding = Encoding::base64;
  made.id_at = {optional(field("type")), optional(field("data.id"))};
  made.status = "official";
  made.vectors = "official";
  made.source = "https://docs.adyen.com/development-resources/webhooks/secure-webhooks/verify-hmac-signatures/";
  made.note = "The key is hex and is decoded. No time is signed: keep seen events.";
  return made;
}

}  // namespace

Schemes adyen() {
  // A signed bare item beside a list that is not signed would be read by the list.
  Scheme bare = notification("one bare item", "");
  bare.pinned = {pin(optional(field("notificationItems")), "")};
  return {notification("in notificationItems", "notificationItems.0.NotificationRequestItem."), std::move(bare),
          platform()};
}

}  // namespace cuadre::gateways
