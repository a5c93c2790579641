// Signing what we send, from the same scheme that verifies it.
#include "cuadre/signature.hpp"
#include "signature/carrier.hpp"
#include "signature/crypto.hpp"
#include "signature/encoding.hpp"
#include "signature/key.hpp"
#include "signature/secret.hpp"
#include "signature/text.hpp"

namespace cuadre {
namespace {

std::string time_of(const Scheme& scheme, MessageValues& values, std::int64_t now_us) {
  if (scheme.time_form == TimeForm::none) return {};
  if (scheme.time_at.from != Piece::From::timestamp && !scheme.time_at.name.empty()) {
    if (const auto given = values.find(scheme.time_at)) return std::string(*given);
  }
  return timestamp_text(scheme, now_us);
}

// Each may stand in as many pieces as the scheme has.
std::size_t bytes_of(const Scheme& scheme, std::span<const std::pair<std::string, std::string>> values) {
  std::size_t bytes = 0;
  for (const auto& [name, value] : values) bytes += value.size() + 1;
  return bytes * (scheme.pieces.size() + 1);
}

}  // namespace

std::string sign(const Scheme& scheme, const Key& key, const Message& message,
                 std::span<const std::pair<std::string, std::string>> values, std::int64_t now_us, bool placeholders) {
  const AlgorithmKind what = kind(scheme.algorithm);
  if (what == AlgorithmKind::asymmetric)
    throw Error(ErrorCode::argument_invalid, scheme.gateway + " signs with a private key, which cuadre does not hold");
  const ReadyKey ready = ready_key(scheme, key, 0, placeholders);
  try {
    MessageValues found(scheme, message, values, values);
    found.set_secret(ready.bytes.bytes());
    const std::string time = time_of(scheme, found, now_us);
    // A header that carries the time and was not given stands as it will be sent.
    std::vector<std::pair<std::string, std::string>> completed(values.begin(), values.end());
    if (!time.empty() && !scheme.time_at.name.empty()) completed.emplace_back(scheme.time_at.name, time);
    MessageValues all(scheme, message, completed, completed);
    all.set_secret(ready.bytes.bytes());
    if (!time.empty()) all.set_timestamp(time);
    WipedText text;
    text.text.reserve(signed_text_bytes(scheme, message, ready.bytes.bytes().size()) + bytes_of(scheme, values));
    if (what == AlgorithmKind::credential && scheme.pieces.empty()) {
      const auto login = all.setting("login");
      if (scheme.algorithm == Algorithm::basic && login) text.text.append(*login) += ':';
      text.text += ready.bytes.bytes();
    } else {
      append_signed_text(scheme, all, text.text);
    }
    if (scheme.algorithm == Algorithm::token) return write_carrier(scheme.carrier, text.text, time);
    if (what == AlgorithmKind::credential) {
      WipedText encoded;
      encoded.text = encode(scheme.encoding, text.text);
      return write_carrier(scheme.carrier, encoded.text, time);
    }
    const Digest made = ready.hmac ? ready.hmac->authenticate(text.text) : digest(scheme.algorithm, text.text);
    return write_carrier(scheme.carrier, encode(scheme.encoding, made.bytes()), time);
  } catch (const SignatureError& error) {  // ours to send, so a missing part is our caller's mistake
    throw Error(ErrorCode::argument_invalid, "this message cannot be signed: " + error.message());
  }
}

}  // namespace cuadre
