#include "signature/key.hpp"

#include <algorithm>
#include <array>

#include "signature/encoding.hpp"
#include "signature/secret.hpp"

namespace cuadre {
namespace {

// What examples, templates and fallbacks in public code carry. Compared in lower case, with - and _ alike.
constexpr auto kPublic = std::to_array<std::string_view>({
    "secret",
    "my_secret",
    "mysecret",
    "test",
    "test_secret",
    "testsecret",
    "changeme",
    "change_me",
    "password",
    "your_secret",
    "your_secret_key",
    "your_secret_key_here",
    "your_secret_here",
    "your_api_key",
    "your_api_key_here",
    "your_webhook_secret",
    "your_webhook_secret_here",
    "your_signing_secret",
    "your_signing_secret_here",
    "webhook_secret",
    "webhook_secret_key",
    "my_webhook_secret",
    "default_secret",
    "default_secret_key",
    "default_webhook_secret",
    "dev_secret",
    "development_secret",
    "super_secret_key",
    "supersecretkey",
    "super_secret_key_here",
    "insert_secret_here",
    "replace_me",
    "replace_with_your_secret",
    "change_me_in_production",
    "changeme_in_production",
    "whsec_test",
    "whsec_test_secret",
    "whsec_secret",
    "whsec_your_secret",
    "whsec_your_secret_here",
    "whsec_your_webhook_secret",
    "whsec_xxxxxxxxxxxxxxxx",
    "whsec_placeholder",
    "whsec_test_placeholder",
    "whsec_dummy",
    "whsec_changeme",
    "0123456789abcdef",
    "1234567890123456",
    "0123456789abcdef0123456789abcdef",
    "abcdefghijklmnop",
});

constexpr const char* kPlaceholder =
    "is a placeholder that public code carries, so anyone can sign with it; copy your own from the gateway's panel "
    "(the "
    "environment \"test\" accepts it)";

[[noreturn]] void refuse(const Key& key, const std::string& what) {
  throw Error(ErrorCode::secret_invalid, "the secret \"" + key.id + "\" " + what);
}

bool is_blank(std::string_view text) { return text.find_first_not_of(" \t\r\n\v\f\0") == std::string_view::npos; }

bool is_public(std::string_view text) {
  WipedText folded(text);
  for (char& c : folded.text) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + ('a' - 'A'));
    if (c == '-' || c == ' ') c = '_';
  }
  return std::find(kPublic.begin(), kPublic.end(), folded.text) != kPublic.end();
}

std::string lower_prefix_hint(const Scheme& scheme) {
  return scheme.key_prefix.empty() ? std::string() : " behind \"" + scheme.key_prefix + "\"";
}

// What the scheme's form says the text means.
void decode_key(const Scheme& scheme, const Key& key, std::string_view text, WipedText& out) {
  out.text.reserve(text.size() + 1);
  switch (scheme.key_form) {
    case KeyForm::hex:
      if (!hex_decode(text, HexCase::either, out.text))
        refuse(key, "is not hex; copy it again from the gateway's panel");
      return;
    case KeyForm::base64_prefixed:
      if (text.starts_with(scheme.key_prefix)) {
        text.remove_prefix(scheme.key_prefix.size());
      } else if (kind(scheme.algorithm) == AlgorithmKind::asymmetric) {
        refuse(key, "does not start with \"" + scheme.key_prefix + "\", as this scheme's keys do");
      }
      if (text.empty()) refuse(key, "is a prefix with nothing behind it; copy the whole secret");
      [[fallthrough]];
    case KeyForm::base64:
      if (!base64_decode(text, out.text))
        refuse(key, "is not base64" + lower_prefix_hint(scheme) + "; copy it again from the gateway's panel");
      return;
    default:
      out.text = text;
  }
}

void check_shared(const Scheme& scheme, const Key& key, std::string_view bytes) {
  if (bytes.size() < std::max<std::size_t>(1, scheme.key_bytes_min)) {
    refuse(key, "has " + std::to_string(bytes.size()) + " bytes, and this scheme's have at least " +
                    std::to_string(scheme.key_bytes_min) + "; copy the whole secret");
  }
  if (is_blank(bytes)) refuse(key, "is blank; copy it from the gateway's panel");
  if (bytes.size() > 1 && bytes.find_first_not_of(bytes[0]) == std::string_view::npos)
    refuse(key, "is one character over and over; anyone can guess it");
}

ReadyKey ready_public(const Scheme& scheme, const Key& key, ReadyKey ready) {
  const std::string_view text = key.secret.bytes();
  try {
    if (scheme.key_form == KeyForm::pem_certificate) {
      ready.public_key = PublicKey::from_certificate(scheme.algorithm, text);
    } else if (scheme.key_form == KeyForm::pem_public) {
      ready.public_key = PublicKey::from_pem(scheme.algorithm, text);
    } else {
      WipedText bytes;
      decode_key(scheme, key, text, bytes);
      ready.public_key = scheme.algorithm == Algorithm::ed25519 && bytes.text.size() == 32
                             ? PublicKey::from_raw_ed25519(bytes.text)
                             : PublicKey::from_der(scheme.algorithm, bytes.text);
    }
  } catch (const Error& error) {
    if (error.message().starts_with("the secret ")) throw;
    refuse(key, "cannot be used: " + error.message());
  }
  return ready;
}

}  // namespace

ReadyKey ready_key(const Scheme& scheme, const Key& key, std::size_t index, bool placeholders) {
  ReadyKey ready{index, Secret(""), std::nullopt, std::nullopt};
  const std::string_view text = key.secret.bytes();
  if (text.empty()) refuse(key, "is empty; set it from the gateway's panel");
  if (is_blank(text)) refuse(key, "is blank; copy it from the gateway's panel");
  const AlgorithmKind what = kind(scheme.algorithm);
  if (what == AlgorithmKind::asymmetric) return ready_public(scheme, key, std::move(ready));
  if (text.find("-----BEGIN") != std::string_view::npos)
    refuse(key, "is a PEM text, and this scheme needs a shared secret; a public key must never serve as one");
  if (!placeholders && is_public(text)) refuse(key, kPlaceholder);
  WipedText bytes;
  decode_key(scheme, key, text, bytes);
  check_shared(scheme, key, bytes.text);
  if (!placeholders && is_public(bytes.text)) refuse(key, kPlaceholder);
  ready.bytes = Secret(bytes.text);
  if (what == AlgorithmKind::hmac) ready.hmac.emplace(scheme.algorithm, bytes.text);
  return ready;
}

}  // namespace cuadre
