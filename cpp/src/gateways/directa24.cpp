#include "gateways/declare.hpp"

namespace cuadre::declared {
namespace {

std::vector<Scheme> all_schemes() {
  Scheme request = scheme("request");
  request.incoming = false;
  request.pieces = {timestamp(), setting("login"), body()};
  request.carrier = with_prefix(in_header("Authorization"), "D24 ");
  request.body = Scheme::Body::json;
  request.time_form = TimeForm::iso_utc;
  request.time_at = header("X-Date");
  request.time_signed = true;
  request.settings = {"login"};
  request.covered = {.body = true, .id = true, .time = true, .amount = true, .reference = true};
  request.status = "official";
  request.vectors = "none";
  request.source =
      "https://docs.directa24.com/api-documentation/deposits-api/technical-and-security-aspects/"
      "calculating-the-signature";
  request.note =
      "The date stands before the login, in whole seconds; dLocal, a sister company, does it the other way round. The "
      "digest on the documentation page is a placeholder.";
  Scheme cashout = hmac_of_body("cashout_request", "Payload-Signature");
  cashout.incoming = false;
  cashout.covered.status = false;
  cashout.status = "official";
  cashout.vectors = "none";
  cashout.source =
      "https://docs.d24.com/api-documentation/cashouts-api/technical-and-security-aspects/"
      "calculating-the-payload-signature";
  cashout.note = "No time is signed. The digest on the documentation page is a placeholder.";
  return {std::move(request), std::move(cashout)};
}

constexpr std::string_view kDirecta24 = "https://docs.d24.com";
constexpr std::string_view kDirecta24Sdk = "https://github.com/directa24/cashin-java-sdk";

constexpr NotificationMap kMessages[] = {
    {.messages = "refund",
     .event_id = "refund_id+refund_info.result",
     .status = "refund_info.result",
     .gateway_id = "refund_id",
     .needed = "gateway_id amount",
     .amount = "refund_info.amount",
     .currency = "refund_info.currency",
     .wire = kUpToTwo,
     .time = "refund_info.created_at"},
    // usd_amount and local_amount stand side by side and `currency` says neither which: no amount is taken.
    {.messages = "deposit",
     .event_id = "deposit_id+status",
     .status = "status",
     .reference = "invoice_id",
     .gateway_id = "deposit_id",
     .needed = "reference gateway_id",
     .ids = "user_id"},
};

constexpr StatusWord kWords[] = {
    {"deposit", "PENDING", Kind::payment, Status::pending, kOfficial, kDirecta24Sdk, ""},
    {"deposit", "COMPLETED", Kind::payment, Status::paid, kUnverified, kDirecta24, ""},
    {"deposit", "CANCELLED", Kind::payment, Status::cancelled, kUnverified, kDirecta24, ""},
    {"deposit", "DECLINED", Kind::payment, Status::rejected, kUnverified, kDirecta24, ""},
    {"deposit", "EXPIRED", Kind::payment, Status::expired, kUnverified, kDirecta24, ""},
    {"refund", "SUCCESS", Kind::refund, Status::completed, kOfficial, kDirecta24Sdk, ""},
};

constexpr WireRule kWire[] = {
    {.message = "deposit",
     .currencies = "COP PEN",
     .form = kUpToTwo,
     .status = kUnverified,
     .source = kDirecta24,
     .note = "how many decimals is not said"},
};

}  // namespace

Gateway directa24() {
  return {.title = "Directa24",
          .schemes = all_schemes(),
          .notification = {.messages = kMessages, .words = kWords},
          .wire = kWire};
}

}  // namespace cuadre::declared
