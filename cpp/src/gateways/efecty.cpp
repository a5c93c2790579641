#include "gateways/declare.hpp"

namespace cuadre::declared {
namespace {

// No public specification of Efecty's own web services exists. This is the shape that a contract usually has; names of
// headers and fields come from the merchant's own contract, through a scheme of their own.
Scheme notification(std::string_view message) {
  Scheme made = scheme(message);
  made.encoding = Encoding::hex;
  made.pieces = {timestamp(), body()};
  made.separator = ".";
  made.carrier = in_header("X-Efecty-Signature");
  made.body = Scheme::Body::json;
  made.time_form = TimeForm::unix_s;
  made.time_at = header("X-Efecty-Timestamp");
  made.time_signed = true;
  made.key_id_at = header("X-Efecty-Key-Id");
  made.pinned = {pin_setting(field("merchant_id"), "merchant_id"), pin_setting(field("terminal_id"), "terminal_id")};
  made.settings = {"merchant_id", "terminal_id"};
  made.covered = {.body = true, .id = true, .time = true, .status = true, .amount = true, .reference = true};
  made.status = "unverified";
  made.vectors = "none";
  made.note =
      "No public specification exists: header and field names, separator and encoding are placeholders. Copy this "
      "scheme, set every field to what your contract with Efecty says, and verify with the copy.";
  return made;
}

std::vector<Scheme> all_schemes() {
  Scheme certificate = notification("notification_certificate");
  certificate.algorithm = Algorithm::rsa_sha256;
  certificate.key_form = KeyForm::pem_certificate;
  certificate.encoding = Encoding::base64;
  Scheme request = notification("request");
  request.incoming = false;
  request.covered.status = false;
  request.pinned.clear();
  return {notification("notification"), std::move(certificate), std::move(request)};
}

constexpr std::string_view kNoteNoSpec = "no public specification exists: set it by your agreement";

constexpr NotificationMap kMessages[] = {
    {.messages = "notification notification_certificate",
     .event_id = "transaction_id",
     .status = "status",
     .reference = "reference",
     .gateway_id = "transaction_id",
     .merchant = "merchant_id",
     .needed = "reference gateway_id amount",
     .amount = "amount",
     .currency = "currency",
     .amount_written = Written::either,
     .wire = kUpToTwo,
     .wire_message = "payment",
     .time = "timestamp",
     .time_written = Time::text,
     .ids = "terminal_id"},
};

constexpr StatusWord kWords[] = {
    {"notification", "pending", Kind::payment, Status::pending, kUnverified, "", kNoteNoSpec},
    {"notification", "paid", Kind::payment, Status::paid, kUnverified, "", kNoteNoSpec},
    {"notification", "expired", Kind::payment, Status::expired, kUnverified, "", kNoteNoSpec},
    {"notification", "cancelled", Kind::payment, Status::cancelled, kUnverified, "", kNoteNoSpec},
    {"notification", "reversed", Kind::payment, Status::reversed, kUnverified, "", kNoteNoSpec},
};

constexpr WireRule kWire[] = {
    {.message = "payment",
     .currencies = "COP",
     .form = {.decimals_min = 0, .decimals_max = 2, .minimum_minor = 1'000'00},
     .status = kUnverified,
     .source = "https://docs.solidgate.com/payments/alternative-payments/efecty",
     .note = "no public specification; the minimum is a reseller's"},
};

}  // namespace

Gateway efecty() {
  return {.title = "Efecty",
          .schemes = all_schemes(),
          .notification = {.messages = kMessages, .words = kWords},
          .wire = kWire};
}

}  // namespace cuadre::declared
