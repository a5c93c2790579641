#include "gateways/declare.hpp"

namespace cuadre::declared {
namespace {

std::vector<Scheme> all_schemes() {
  Scheme made = hmac_of_body("notification", "x-webhook-signature-512");
  made.algorithm = Algorithm::hmac_sha512;
  made.id_at = {optional(field("event_id"))};
  made.status = "official";
  made.vectors = "none";
  made.source = "https://github.com/juspay/hyperswitch-docs";
  made.note =
      "What Hyperswitch sends to merchants, under the profile's response hash key. No time is signed: keep seen event "
      "ids, and order by the updated time in the body.";
  return {std::move(made)};
}

constexpr NotificationGap kGaps[] = {
    {"notification", "no public text says what stands in its body: read verified.payload"},
};

}  // namespace

Gateway hyperswitch() { return {.title = "Hyperswitch", .schemes = all_schemes(), .notification = {.gaps = kGaps}}; }

}  // namespace cuadre::declared
