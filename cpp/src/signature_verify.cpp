// The engine: readings in their order, all keys valid now, every candidate compared.
#include <algorithm>
#include <array>
#include <limits>

#include "cuadre/signature.hpp"
#include "signature_carrier.hpp"
#include "signature_crypto.hpp"
#include "signature_encoding.hpp"
#include "signature_key.hpp"
#include "signature_secret.hpp"
#include "signature_text.hpp"
#include "signature_time.hpp"

namespace cuadre {
namespace {

struct Reading {
  std::vector<ReadyKey> keys;
  bool text_has_secret = false;
};

[[noreturn]] void refuse(SignatureReason reason, const std::string& detail) { throw SignatureError(reason, detail); }

// How far a reading came: of several refusals the one that came furthest is told.
int progress(SignatureReason reason) noexcept {
  switch (reason) {
    case SignatureReason::too_old:
    case SignatureReason::too_new:
      return 5;
    case SignatureReason::certificate_expired:
      return 4;
    case SignatureReason::mismatch:
      return 3;
    case SignatureReason::header_missing:
      return 0;
    case SignatureReason::header_malformed:
      return 1;
    default:
      return 2;
  }
}

bool holds_at(const Key& key, std::int64_t now_us) noexcept {
  return (!key.not_before_us || now_us >= *key.not_before_us) && (!key.not_after_us || now_us <= *key.not_after_us);
}

bool holds_at(const PublicKey& key, std::int64_t now_us) noexcept {
  return (!key.not_before_us || now_us >= *key.not_before_us) && (!key.not_after_us || now_us <= *key.not_after_us);
}

// A sender chooses one side and cannot make the difference overflow: both are asked as sums of small numbers.
void check_fresh(std::int64_t signed_us, std::int64_t now_us, std::int64_t old_s, std::int64_t new_s) {
  constexpr std::int64_t kSecond = 1'000'000;
  if (signed_us < now_us - kSecond * old_s)
    refuse(SignatureReason::too_old, "signed more than " + std::to_string(old_s) + " seconds ago");
  if (signed_us > now_us + kSecond * new_s)
    refuse(SignatureReason::too_new, "signed more than " + std::to_string(new_s) + " seconds in the future");
}

std::string credential(const Scheme& scheme, MessageValues& values, const ReadyKey& key) {
  std::string out;
  out.reserve(1024 + key.bytes.bytes().size());
  if (!scheme.pieces.empty()) {
    append_signed_text(scheme, values, out);
  } else {
    if (scheme.algorithm == Algorithm::basic) {
      if (const auto login = values.setting("login")) out.append(*login) += ':';
    }
    out += key.bytes.bytes();
  }
  return out;
}

}  // namespace

struct Verifier::Impl {
  std::vector<Scheme> schemes;
  std::vector<Reading> readings;
  std::vector<Key> keys;
  VerifierOptions options;

  Impl(std::vector<Scheme> given, std::vector<Key> given_keys, VerifierOptions given_options);
  void check_options() const;
  void prepare_keys();
  Verified verify(std::size_t index, const Message& message, std::int64_t now_us) const;
  struct Match {
    std::size_t key, candidate;
  };
  struct Decoded {
    std::array<std::string, kCandidatesMax> bytes;
    std::array<bool, kCandidatesMax> good{};
    std::size_t count = 0;
  };
  std::optional<Match> match(std::size_t index, MessageValues& values, const Message& message,
                             const Decoded& candidates, std::int64_t now_us) const;
  bool usable(std::size_t index, const ReadyKey& key, std::string_view wanted_id, std::int64_t now_us) const;
  Decoded decode_candidates(const Scheme& scheme, const Candidates& written) const;
};

Verifier::Impl::Impl(std::vector<Scheme> given, std::vector<Key> given_keys, VerifierOptions given_options)
    : schemes(std::move(given)), keys(std::move(given_keys)), options(std::move(given_options)) {
  if (schemes.empty()) throw Error(ErrorCode::scheme_unknown, "no scheme was given; give at least one reading");
  check_options();
  prepare_keys();
}

void Verifier::Impl::check_options() const {
  constexpr std::int64_t kTolerance_s_max = 10LL * 366 * 86400;
  if (options.tolerance_s && (*options.tolerance_s < 0 || *options.tolerance_s > kTolerance_s_max)) {
    throw Error(ErrorCode::argument_invalid,
                "tolerance is 0 to ten years, not " + std::to_string(*options.tolerance_s) + " seconds");
  }
  for (const Scheme& scheme : schemes) {
    if (scheme.carrier.names.empty() && scheme.algorithm != Algorithm::basic)
      throw Error(ErrorCode::argument_invalid, "the scheme " + scheme.gateway + " does not say where signatures stand");
    for (const std::string& wanted : scheme.settings) {
      const auto found = std::find_if(options.settings.begin(), options.settings.end(),
                                      [&](const auto& setting) { return setting.first == wanted; });
      if (found == options.settings.end() || found->second.empty())
        throw Error(ErrorCode::argument_invalid,
                    scheme.gateway + " needs the setting \"" + wanted + "\"; configure it");
    }
  }
}

void Verifier::Impl::prepare_keys() {
  if (keys.empty()) throw Error(ErrorCode::secret_invalid, "no secret was given; give at least one");
  for (std::size_t i = 0; i < keys.size(); ++i) {
    for (std::size_t k = 0; k < i; ++k) {
      if (keys[k].id == keys[i].id)
        throw Error(ErrorCode::secret_invalid, "two secrets are called \"" + keys[i].id + "\"; give each its own id");
    }
    if (keys[i].not_before_us && keys[i].not_after_us && *keys[i].not_before_us > *keys[i].not_after_us)
      throw Error(ErrorCode::secret_invalid, "the secret \"" + keys[i].id + "\" ends before it begins");
  }
  readings.resize(schemes.size());
  for (std::size_t k = 0; k < keys.size(); ++k) {
    std::exception_ptr first_failure;
    bool used = false;
    for (std::size_t i = 0; i < schemes.size(); ++i) {
      try {
        readings[i].keys.push_back(ready_key(schemes[i], keys[k], k));
        used = true;
      } catch (const Error&) {
        if (!first_failure) first_failure = std::current_exception();
      }
    }
    if (!used) std::rethrow_exception(first_failure);
  }
  for (std::size_t i = 0; i < schemes.size(); ++i) {
    readings[i].text_has_secret = std::any_of(schemes[i].pieces.begin(), schemes[i].pieces.end(),
                                              [](const Piece& piece) { return piece.from == Piece::From::secret; });
  }
}

bool Verifier::Impl::usable(std::size_t /*index*/, const ReadyKey& key, std::string_view wanted_id,
                            std::int64_t now_us) const {
  return holds_at(keys[key.index], now_us) && (wanted_id.empty() || keys[key.index].id == wanted_id);
}

Verifier::Impl::Decoded Verifier::Impl::decode_candidates(const Scheme& scheme, const Candidates& written) const {
  Decoded out;
  out.count = written.count;
  const std::size_t wanted = digest_bytes(scheme.algorithm);
  bool any = false;
  for (std::size_t i = 0; i < written.count; ++i) {
    if (scheme.algorithm == Algorithm::token) {
      out.bytes[i] = written.text[i];
      out.good[i] = true;
    } else {
      out.good[i] = !written.text[i].empty() && decode(scheme.encoding, written.text[i], out.bytes[i]) &&
                    (wanted == 0 || out.bytes[i].size() == wanted);
    }
    any |= out.good[i];
  }
  if (!any)
    refuse(SignatureReason::encoding_malformed, "the signature is not written as " +
                                                    std::string(name(scheme.encoding)) +
                                                    (wanted == 0 ? "" : " of " + std::to_string(wanted) + " bytes"));
  return out;
}

// Every usable key against every candidate, none skipped for an earlier success.
std::optional<Verifier::Impl::Match> Verifier::Impl::match(std::size_t index, MessageValues& values,
                                                           const Message& message, const Decoded& candidates,
                                                           std::int64_t now_us) const {
  const Scheme& scheme = schemes[index];
  const Reading& reading = readings[index];
  const AlgorithmKind what = kind(scheme.algorithm);
  std::string_view wanted_id;
  if (!scheme.key_id_at.name.empty()) {
    const auto named = values.find(scheme.key_id_at);
    if (!named || named->empty()) refuse(SignatureReason::header_missing, scheme.key_id_at.name + " is not there");
    wanted_id = *named;
  }
  std::string text;  // holds no secret: pieces that do are put together for each key
  const bool shared_text = !reading.text_has_secret && what != AlgorithmKind::credential;
  if (shared_text) {
    text.reserve(signed_text_bytes(scheme, message, 0));
    append_signed_text(scheme, values, text);
  }
  std::optional<Match> found;
  bool any_key = false;
  bool expired = false;
  for (const ReadyKey& key : reading.keys) {
    if (!usable(index, key, wanted_id, now_us)) continue;
    any_key = true;
    if (key.public_key && !holds_at(*key.public_key, now_us)) {
      expired = true;
      continue;
    }
    Digest made;
    WipedText own;
    std::string_view expected;
    if (what == AlgorithmKind::credential) {
      values.set_secret(key.bytes.bytes());
      own.text = credential(scheme, values, key);
      expected = own.text;
    } else if (what != AlgorithmKind::asymmetric) {
      std::string_view source = text;
      if (!shared_text) {
        values.set_secret(key.bytes.bytes());
        own.text.reserve(signed_text_bytes(scheme, message, key.bytes.bytes().size()));
        append_signed_text(scheme, values, own.text);
        source = own.text;
      }
      made = key.hmac ? key.hmac->authenticate(source) : digest(scheme.algorithm, source);
      expected = made.bytes();
    }
    for (std::size_t i = 0; i < candidates.count; ++i) {
      const bool same = candidates.good[i] && (key.public_key ? key.public_key->verify(text, candidates.bytes[i])
                                                              : equal_in_constant_time(expected, candidates.bytes[i]));
      if (same && !found) found = Match{key.index, i};
    }
  }
  if (!any_key) refuse(SignatureReason::key_unknown, "no configured key has that id and is valid at that time");
  if (!found && expired) refuse(SignatureReason::certificate_expired, "the certificate is outside its validity");
  return found;
}

Verified Verifier::Impl::verify(std::size_t index, const Message& message, std::int64_t now_us) const {
  const Scheme& scheme = schemes[index];
  MessageValues values(scheme, message, options.settings);
  const auto carrier = values.carrier();
  if (!carrier) {
    refuse(SignatureReason::header_missing,
           (scheme.carrier.names.empty() ? std::string("the signature") : scheme.carrier.names[0]) + " is not there");
  }
  const Candidates written = read_carrier(scheme.carrier, *carrier);
  std::optional<std::int64_t> signed_us;
  if (scheme.time_form != TimeForm::none) {
    std::optional<std::string_view> time = written.time;
    if (!time && scheme.time_at.from != Piece::From::timestamp) time = values.find(scheme.time_at);
    if (!time) refuse(SignatureReason::header_missing, "the time of the signature is not there");
    values.set_timestamp(*time);
    signed_us = parse_timestamp(scheme.time_form, scheme.offset_minutes, *time);
    if (!signed_us)
      refuse(SignatureReason::timestamp_malformed,
             "the time is not written as " + std::string(name(scheme.time_form)) + " plainly");
  }
  const Decoded candidates = decode_candidates(scheme, written);
  check_pins(scheme, values);
  const std::optional<Match> found = match(index, values, message, candidates, now_us);
  if (!found) refuse(SignatureReason::mismatch, "no configured key gives this signature");
  if (signed_us) {
    const std::int64_t new_s = options.tolerance_s.value_or(scheme.tolerance_s);
    check_fresh(*signed_us, now_us, options.tolerance_s ? new_s : new_s + scheme.retries_s, new_s);
  }
  Verified out;
  out.gateway = scheme.gateway;
  out.message = scheme.message;
  out.version = scheme.version;
  out.key_id = keys[found->key].id;
  out.candidate = static_cast<std::uint32_t>(found->candidate);
  if (scheme.time_signed) out.signed_at_us = signed_us;
  out.event_id = values.event_id();
  out.covered = scheme.covered;
  return out;
}

namespace {

std::vector<Scheme> readings_of(std::string_view gateway, std::string_view message) {
  std::vector<Scheme> out;
  for (const Scheme& scheme : schemes()) {
    if (scheme.gateway == gateway && scheme.message == message) out.push_back(scheme);
  }
  if (out.empty())
    throw Error(ErrorCode::scheme_unknown, "no signature scheme of gateway \"" + std::string(gateway) +
                                               "\" for message \"" + std::string(message) +
                                               "\"; see the list of gateways");
  return out;
}

}  // namespace

Verifier::Verifier(std::string_view gateway, std::string_view message, std::vector<Key> keys, VerifierOptions options)
    : Verifier(readings_of(gateway, message), std::move(keys), std::move(options)) {}
Verifier::Verifier(std::vector<Scheme> readings, std::vector<Key> keys, VerifierOptions options)
    : impl_(std::make_unique<Impl>(std::move(readings), std::move(keys), std::move(options))) {}
Verifier::Verifier(Verifier&&) noexcept = default;
Verifier::~Verifier() = default;

std::span<const Scheme> Verifier::readings() const noexcept { return impl_->schemes; }

Verified Verifier::verify(const Message& message, std::int64_t now_us) const {
  constexpr std::int64_t kNow_us_max = 1LL << 62U;  // the year 148,000: sums with a tolerance stay in range
  if (now_us < 0 || now_us > kNow_us_max)
    throw Error(ErrorCode::argument_invalid, "now is microseconds since 1970, not " + std::to_string(now_us));
  std::optional<SignatureError> furthest;
  for (std::size_t i = 0; i < impl_->schemes.size(); ++i) {
    if (impl_->readings[i].keys.empty()) continue;  // no configured key is of this reading's form
    try {
      return impl_->verify(i, message, now_us);
    } catch (const SignatureError& error) {
      if (!furthest || progress(error.reason()) > progress(furthest->reason())) furthest = error;
    }
  }
  throw SignatureError(*furthest);
}

bool signature_matches(Algorithm algorithm, std::string_view key, std::string_view text, std::string_view signature) {
  switch (kind(algorithm)) {
    case AlgorithmKind::hmac:
      return equal_in_constant_time(HmacKey(algorithm, key).authenticate(text).bytes(), signature);
    case AlgorithmKind::digest:
      return equal_in_constant_time(digest(algorithm, text).bytes(), signature);
    case AlgorithmKind::asymmetric:
      break;
    case AlgorithmKind::credential:
      throw Error(ErrorCode::argument_invalid, "credentials are compared, not computed; use a Verifier");
  }
  if (key.find("-----BEGIN CERTIFICATE") != std::string_view::npos)
    return PublicKey::from_certificate(algorithm, key).verify(text, signature);
  if (key.find("-----BEGIN") != std::string_view::npos)
    return PublicKey::from_pem(algorithm, key).verify(text, signature);
  if (algorithm == Algorithm::ed25519 && key.size() == 32)
    return PublicKey::from_raw_ed25519(key).verify(text, signature);
  return PublicKey::from_der(algorithm, key).verify(text, signature);
}

}  // namespace cuadre
