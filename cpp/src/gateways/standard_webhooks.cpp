#include "gateways/declare.hpp"

namespace cuadre::declared {
namespace {

Scheme base(std::string_view message, const std::string& prefix) {
  Scheme made = scheme(message);
  made.version = prefix + "-*";
  made.key_form = KeyForm::base64_prefixed;
  made.encoding = Encoding::base64;
  made.pieces = {piece(Piece::From::id), timestamp(), body()};
  made.separator = ".";
  made.carrier = in_header(prefix + "-signature");
  made.carrier.syntax = Carrier::Syntax::versions;
  made.time_form = TimeForm::unix_s;
  made.time_at = header(prefix + "-timestamp");
  made.time_signed = true;
  made.id_at = {header(prefix + "-id")};
  made.covered = {.body = true, .id = true, .time = true, .status = true, .amount = true, .reference = true};
  made.status = "official";
  made.vectors = "official";
  made.source = "https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md";
  return made;
}

Scheme symmetric(const std::string& prefix) {
  Scheme made = base("notification", prefix);
  made.key_prefix = "whsec_";
  made.key_bytes_min = 24;
  made.carrier.signature_keys = {"v1"};
  made.note =
      "Also Svix, whose headers are named svix-*. The secret is base64 behind whsec_ and is decoded. A dot in the id "
      "would make the signed text ambiguous, and is refused.";
  return made;
}

Scheme asymmetric(const std::string& prefix) {
  Scheme made = base("notification_ed25519", prefix);
  made.algorithm = Algorithm::ed25519;
  made.key_prefix = "whpk_";
  made.key_bytes_min = 32;
  made.carrier.signature_keys = {"v1a"};
  made.note = "The key is the sender's public one, base64 behind whpk_. Nothing of yours has to be kept secret.";
  return made;
}

std::vector<Scheme> all_schemes() {
  return {symmetric("webhook"), symmetric("svix"), asymmetric("webhook"), asymmetric("svix")};
}

constexpr std::string_view kAnySender =
    "signs the bodies of any sender: read verified.payload by the sender's own text";
constexpr NotificationGap kGaps[] = {
    {"notification", kAnySender},
    {"notification_ed25519", kAnySender},
};

}  // namespace

Gateway standard_webhooks() {
  return {.title = "Standard Webhooks, and Svix", .schemes = all_schemes(), .notification = {.gaps = kGaps}};
}

}  // namespace cuadre::declared
