// The engine: readings in their order, all keys valid now, every candidate compared.
#include <algorithm>
#include <array>
#include <limits>

#include "cuadre/signature.hpp"
#include "signature/carrier.hpp"
#include "signature/crypto.hpp"
#include "signature/encoding.hpp"
#include "signature/key.hpp"
#include "signature/secret.hpp"
#include "signature/text.hpp"
#include "signature/time.hpp"

namespace cuadre {
namespace {

struct Reading {
  std::vector<ReadyKey> keys;
  bool text_has_secret = false;
  bool id_in_body = false;  // and nowhere else; a body that has none is genuine all the same
};

// Why a reading refuses; nothing where it does not. What is common is told by value, for many messages may be judged;
// what only a broken or hostile sender writes is thrown where it is found, and caught in judge().
struct Refusal {
  SignatureReason reason;
  std::string detail;
};
using Refused = std::optional<Refusal>;

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

bool id_in_body(const Scheme& scheme) {
  const auto optional_field = [](const Piece& piece) { return piece.from == Piece::From::field && piece.optional; };
  const auto is_id = [](const Piece& piece) { return piece.from == Piece::From::id; };
  return !scheme.id_at.empty() && std::all_of(scheme.id_at.begin(), scheme.id_at.end(), optional_field) &&
         std::none_of(scheme.pieces.begin(), scheme.pieces.end(), is_id);
}

// A sender chooses one side and cannot make the difference overflow: both are asked as sums of small numbers.
Refused check_fresh(std::int64_t signed_us, std::int64_t now_us, std::int64_t old_s, std::int64_t new_s) {
  constexpr std::int64_t kSecond = 1'000'000;
  if (signed_us < now_us - kSecond * old_s)
    return Refusal{SignatureReason::too_old, "signed more than " + std::to_string(old_s) + " seconds ago"};
  if (signed_us > now_us + kSecond * new_s)
    return Refusal{SignatureReason::too_new, "signed more than " + std::to_string(new_s) + " seconds in the future"};
  return std::nullopt;
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

// The signatures of a message as bytes. One that is not written as the scheme writes it stays, and fits nothing.
struct Decoded {
  Decoded() = default;
  Decoded(const Decoded&) = delete;
  Decoded& operator=(const Decoded&) = delete;
  ~Decoded() {  // credentials of a genuine sender are the secret itself
    for (std::size_t i = 0; credentials && i < count; ++i) wipe(bytes[i].data(), bytes[i].capacity());
  }
  std::array<std::string, kCandidatesMax> bytes;
  std::array<bool, kCandidatesMax> good{};
  std::size_t count = 0;
  bool credentials = false;
};

Refused decode_candidates(const Scheme& scheme, const Candidates& written, Decoded& out) {
  out.count = written.count;
  out.credentials = kind(scheme.algorithm) == AlgorithmKind::credential;
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
  if (any) return std::nullopt;
  return Refusal{SignatureReason::encoding_malformed,
                 "the signature is not written as " + std::string(name(scheme.encoding)) +
                     (wanted == 0 ? "" : " of " + std::to_string(wanted) + " bytes")};
}

// Memory of a thread for signed texts, which hold no secret: a message's is not asked for anew.
std::string& text_buffer() {
  constexpr std::size_t kKept = std::size_t{1} << 16U;
  thread_local std::string text;
  if (text.capacity() > kKept) std::string().swap(text);
  return text;
}

// One reading of one message: every usable key against every candidate, none skipped for an earlier success.
class Matching {
 public:
  Matching(const Scheme& scheme, const Reading& reading, const std::vector<Key>& keys, MessageValues& values,
           const Message& message)
      : scheme_(scheme),
        reading_(reading),
        keys_(keys),
        values_(values),
        message_(message),
        kind_(kind(scheme.algorithm)),
        text_(text_buffer()) {
    text_.clear();
  }

  Refused run(const Decoded& candidates, std::int64_t now_us, Verdict& out) {
    std::string_view wanted_id;
    if (!scheme_.key_id_at.name.empty()) {
      const auto named = values_.find(scheme_.key_id_at);
      if (!named || named->empty())
        return Refusal{SignatureReason::header_missing, scheme_.key_id_at.name + " is not there"};
      wanted_id = *named;
    }
    if (shared_text()) {
      text_.reserve(signed_text_bytes(scheme_, message_, 0));
      append_signed_text(scheme_, values_, text_);
    }
    bool any_key = false, expired = false, found = false;
    for (const ReadyKey& key : reading_.keys) {
      const Key& configured = keys_[key.index];
      if (!holds_at(configured, now_us) || (!wanted_id.empty() && configured.id != wanted_id)) continue;
      any_key = true;
      if (key.public_key && !holds_at(*key.public_key, now_us)) {
        expired = true;
        continue;
      }
      const std::size_t at = compare(key, candidates);
      if (found || at == candidates.count) continue;
      found = true;
      out.key = key.index;
      out.candidate = static_cast<std::uint32_t>(at);
    }
    if (found) return std::nullopt;
    if (!any_key)
      return Refusal{SignatureReason::key_unknown, "no configured key has that id and is valid at that time"};
    if (expired) return Refusal{SignatureReason::certificate_expired, "the certificate is outside its validity"};
    return Refusal{SignatureReason::mismatch, "no configured key gives this signature"};
  }

 private:
  // Pieces that hold a secret are put together for each key, and wiped.
  bool shared_text() const noexcept { return !reading_.text_has_secret && kind_ != AlgorithmKind::credential; }

  // The first candidate that fits, or their count.
  std::size_t compare(const ReadyKey& key, const Decoded& candidates) {
    Digest made;
    WipedText own;
    const std::string_view expected =
        kind_ == AlgorithmKind::asymmetric ? std::string_view() : expected_of(key, made, own);
    std::size_t first = candidates.count;
    for (std::size_t i = 0; i < candidates.count; ++i) {
      const bool same = candidates.good[i] && (key.public_key ? key.public_key->verify(text_, candidates.bytes[i])
                                                              : equal_in_constant_time(expected, candidates.bytes[i]));
      if (same && first == candidates.count) first = i;
    }
    return first;
  }

  std::string_view expected_of(const ReadyKey& key, Digest& made, WipedText& own) {
    if (kind_ == AlgorithmKind::credential) {
      values_.set_secret(key.bytes.bytes());
      own.text = credential(scheme_, values_, key);
      return own.text;
    }
    std::string_view source = text_;
    if (!shared_text()) {
      values_.set_secret(key.bytes.bytes());
      own.text.reserve(signed_text_bytes(scheme_, message_, key.bytes.bytes().size()));
      append_signed_text(scheme_, values_, own.text);
      source = own.text;
    }
    made = key.hmac ? key.hmac->authenticate(source) : digest(scheme_.algorithm, source);
    return made.bytes();
  }

  const Scheme& scheme_;
  const Reading& reading_;
  const std::vector<Key>& keys_;
  MessageValues& values_;
  const Message& message_;
  AlgorithmKind kind_;
  std::string& text_;  // what every key signs; holds no secret
};

}  // namespace

struct Verifier::Impl {
  std::vector<Scheme> schemes;
  std::vector<Reading> readings;
  std::vector<Key> keys;
  VerifierOptions options;

  Impl(std::vector<Scheme> given, std::vector<Key> given_keys, VerifierOptions given_options);
  void check_options() const;
  void prepare_keys();
  Refused judge(std::size_t index, const Message& message, std::int64_t now_us, bool id_later, Verdict& out) const;
  Refused read_time(const Scheme& scheme, const Candidates& written, MessageValues& values,
                    std::optional<std::int64_t>& signed_us) const;
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
        readings[i].keys.push_back(ready_key(schemes[i], keys[k], k, options.placeholders));
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
    readings[i].id_in_body = id_in_body(schemes[i]);
  }
}

Refused Verifier::Impl::read_time(const Scheme& scheme, const Candidates& written, MessageValues& values,
                                  std::optional<std::int64_t>& signed_us) const {
  if (scheme.time_form == TimeForm::none) return std::nullopt;
  std::optional<std::string_view> time = written.time;
  if (!time && scheme.time_at.from != Piece::From::timestamp) time = values.find(scheme.time_at);
  if (!time) return Refusal{SignatureReason::header_missing, "the time of the signature is not there"};
  values.set_timestamp(*time);
  signed_us = parse_timestamp(scheme.time_form, scheme.offset_minutes, *time);
  if (signed_us) return std::nullopt;
  return Refusal{SignatureReason::timestamp_malformed,
                 "the time is not written as " + std::string(name(scheme.time_form)) + " plainly"};
}

Refused Verifier::Impl::judge(std::size_t index, const Message& message, std::int64_t now_us, bool id_later,
                              Verdict& out) const {
  const Scheme& scheme = schemes[index];
  MessageValues values(scheme, message, options.settings);
  const auto carrier = values.carrier();
  if (!carrier) {
    const auto& names = scheme.carrier.names;
    return Refusal{SignatureReason::header_missing,
                   (names.empty() ? std::string("the signature") : names[0]) + " is not there"};
  }
  const Candidates written = read_carrier(scheme.carrier, *carrier);
  std::optional<std::int64_t> signed_us;
  Decoded candidates;
  if (Refused why = read_time(scheme, written, values, signed_us)) return why;
  if (Refused why = decode_candidates(scheme, written, candidates)) return why;
  check_pins(scheme, values);
  Matching matching(scheme, readings[index], keys, values, message);
  if (Refused why = matching.run(candidates, now_us, out)) return why;
  if (signed_us) {
    const std::int64_t new_s = options.tolerance_s.value_or(scheme.tolerance_s);
    const std::int64_t old_s = options.tolerance_s ? new_s : new_s + scheme.retries_s;
    if (Refused why = check_fresh(*signed_us, now_us, old_s, new_s)) return why;
  }
  out.event_id_later = id_later && readings[index].id_in_body;
  if (!out.event_id_later) out.event_id = readings[index].id_in_body ? values.event_id_if_any() : values.event_id();
  if (scheme.time_signed) out.signed_at_us = signed_us;
  out.reading = index;
  return std::nullopt;
}

namespace {

std::vector<Scheme> readings_of(std::string_view gateway, std::string_view message) {
  std::vector<Scheme> out;
  for (const Scheme& scheme : schemes_of(gateway)) {
    if (scheme.message == message) out.push_back(scheme);
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

std::string_view Verifier::key_id(std::size_t index) const noexcept { return impl_->keys[index].id; }
std::size_t Verifier::key_count() const noexcept { return impl_->keys.size(); }

std::string Verifier::event_id(std::size_t reading, const Message& message) const {
  return MessageValues(impl_->schemes[reading], message, impl_->options.settings).event_id_if_any();
}

Verdict Verifier::judge(const Message& message, std::int64_t now_us, bool id_later) const {
  constexpr std::int64_t kNow_us_max = 1LL << 62U;  // the year 148,000: sums with a tolerance stay in range
  if (now_us < 0 || now_us > kNow_us_max)
    throw Error(ErrorCode::argument_invalid, "now is microseconds since 1970, not " + std::to_string(now_us));
  Refused furthest;
  for (std::size_t i = 0; i < impl_->schemes.size(); ++i) {
    if (impl_->readings[i].keys.empty()) continue;  // no configured key is of this reading's form
    Verdict out;
    Refused why;
    try {
      why = impl_->judge(i, message, now_us, id_later, out);
    } catch (const SignatureError& error) {
      why = Refusal{error.reason(), std::string(error.detail())};
    }
    if (!why) return out;
    if (!furthest || progress(why->reason) > progress(furthest->reason)) furthest = std::move(why);
  }
  Verdict out;
  out.refused = furthest->reason;
  out.detail = std::move(furthest->detail);
  return out;
}

Verified Verifier::verify(const Message& message, std::int64_t now_us) const {
  Verdict verdict = judge(message, now_us);
  if (verdict.refused) throw SignatureError(*verdict.refused, verdict.detail);
  const Scheme& scheme = impl_->schemes[verdict.reading];
  return {scheme.gateway,    scheme.message,       impl_->keys[verdict.key].id, scheme.version,
          verdict.candidate, verdict.signed_at_us, std::move(verdict.event_id), scheme.covered};
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
