#include "gateways/gateways.hpp"

namespace cuadre::gateways {

Schemes github() {
  Scheme made = hmac_of_body("github", "notification", {});
  made.carrier = with_prefix(in_header("X-Hub-Signature-256"), "sha256=");
  made.id_at = {optional(header("X-GitHub-Delivery"))};
  made.covered = {.body = true};
  made.status = "official";
  made.vectors = "official";
  made.source = "https://docs.github.com/en/webhooks/using-webhooks/validating-webhook-deliveries";
  made.note =
      "The form many services copy. X-GitHub-Delivery, the event's id, and the event's name in X-GitHub-Event are "
      "headers "
      "that are not covered; no time is signed.";
  return {std::move(made)};
}

}  // namespace cuadre::gateways
