#include "gateways/declare.hpp"

namespace cuadre::declared {
namespace {

std::vector<Scheme> all_schemes() {
  Scheme made = hmac_of_body("notification", {});
  made.carrier = with_prefix(in_header("X-Hub-Signature-256"), "sha256=");
  made.id_at = {optional(header("X-GitHub-Delivery"))};
  made.covered = {.body = true};
  made.status = "official";
  made.vectors = "official";
  made.source = "https://docs.github.com/en/webhooks/using-webhooks/validating-webhook-deliveries";
  made.note =
      "The form many services copy. X-GitHub-Delivery, the event's id, and the event's name in X-GitHub-Event are "
      "headers that are not covered; no time is signed.";
  return {std::move(made)};
}

constexpr NotificationGap kGaps[] = {
    {"notification", "tells of no payments: read verified.payload"},
};

}  // namespace

Gateway github() { return {.title = "GitHub", .schemes = all_schemes(), .notification = {.gaps = kGaps}}; }

}  // namespace cuadre::declared
