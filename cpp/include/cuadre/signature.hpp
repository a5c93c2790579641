// Proving that bytes came from a gateway, and signing what we send. Nothing is believed before it is verified, and what
// was verified is said: which bytes the signature covers, which key, which reading.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cuadre/error.hpp"

namespace cuadre {

// ---- why a message is refused: name, what it means. One family, whatever the sender did.
#define CUADRE_SIGNATURE_REASONS(X)                                                          \
  X(header_missing, "a header or field that the scheme needs is not there")                  \
  X(header_repeated, "a header that stands twice")                                           \
  X(header_malformed, "a header or field that is not written as the scheme writes it")       \
  X(too_long, "a header, id or list of signatures beyond any real sender's")                 \
  X(encoding_malformed, "a signature that is not canonical hex or base64 of its length")     \
  X(timestamp_malformed, "a time that is not plain digits, or not the scheme's form")        \
  X(too_old, "signed longer ago than the tolerance")                                         \
  X(too_new, "signed further in the future than the tolerance")                              \
  X(body_malformed, "a body in which the signed fields cannot be found without doubt")       \
  X(not_covered, "a message whose own list of signed fields leaves out what must be signed") \
  X(key_unknown, "a key id that is not configured, or no key valid at that time")            \
  X(certificate_expired, "a certificate outside its validity")                               \
  X(mismatch, "no configured key gives this signature")                                      \
  X(replayed, "a message that was accepted before")

enum class SignatureReason : std::uint8_t {
#define CUADRE_X(name, text) name,
  CUADRE_SIGNATURE_REASONS(CUADRE_X)
#undef CUADRE_X
};
std::string_view name(SignatureReason reason) noexcept;

// Error(signature_refused) with the reason. Never holds a secret or the expected signature.
class SignatureError : public Error {
 public:
  SignatureError(SignatureReason reason, const std::string& detail);
  SignatureReason reason() const noexcept { return reason_; }
  std::string_view reason_name() const noexcept override { return name(reason_); }
  std::string_view detail() const noexcept;  // the message without the reason in front

 private:
  SignatureReason reason_;
};

// ---- what a scheme is made of

enum class Algorithm : std::uint8_t {
  hmac_md5,
  hmac_sha1,
  hmac_sha256,
  hmac_sha384,
  hmac_sha512,
  md5,
  sha1,
  sha256,
  sha384,
  sha512,  // plain digests with the secret inside the text: not a MAC
  rsa_sha1,
  rsa_sha256,
  rsa_pss_sha256,
  ecdsa_sha256,
  ed25519,
  basic,
  token  // nothing is signed: credentials compared in constant time
};
enum class KeyForm : std::uint8_t { text, hex, base64, base64_prefixed, pem_public, pem_certificate };
enum class SignatureEncoding : std::uint8_t { hex_lower, hex_upper, hex, base64, base64_of_hex };
// unix_s_or_ms: by the number of digits. iso_utc is written in whole seconds, iso_utc_ms with three decimals; both are
// read with any. iso_offset has the scheme's offset.
enum class TimeForm : std::uint8_t { none, unix_s, unix_ms, unix_s_or_ms, iso_utc, iso_utc_ms, iso_offset };

// One piece of the signed text.
struct Piece {
  enum class From : std::uint8_t {
    literal,
    body,
    header,
    field,
    listed_fields,  // the fields that the message lists in `name`, in its order, nothing between them; pinned: the
                    // names
    sorted_fields,  // every field whose name starts with `name`, by name, the scheme's separator between them; a value
                    // that holds the separator is refused. Which value has which name is not signed.
    query,
    url,
    method,
    path,
    timestamp,
    id,
    setting,
    secret
  };
  From from = From::literal;
  // The literal, or the name of the header, field, query parameter or setting. A field is a path,
  // "data.transaction.id"; the step "0" is the only element of an array, and an array with more elements is refused.
  std::string name;
  enum class Form : std::uint8_t {
    as_is,
    lower,
    trimmed,
    // Of an amount with two decimals: "150.00" as "150.0", "150.20" as "150.2", "150.05" as it is.
    zero_hundredths_dropped,
    tenths_half_even,  // of the same: "150.25" as "150.2", "150.35" as "150.4"
    unescaped_slashes
  };
  Form form = Form::as_is;
  // What a value may hold where nothing keeps it from running into the next: checked, or body_malformed.
  enum class Only : std::uint8_t {
    anything,
    digits,
    currency,
    word,         // letters, digits, - _
    capitals,     // A-Z _
    digit_behind  // a word whose last character is a digit
  } only = Only::anything;
  std::string among;  // "approved cancelled": the only values it may have
  // A value that holds the scheme's separator is refused, or it could be cut in two places. At most one piece of a
  // scheme may hold it, and then only where all others are known not to.
  bool may_hold_separator = false;
  bool optional = false;         // absent: the piece is left out, with what stands before and behind it
  bool empty_if_absent = false;  // absent or null: it stands as an empty text, its separators stay
  std::string before, behind;    // literals that come and go with it
  std::string under;             // listed_fields: the path that the listed names start from: "data"
};

// A value that a message must have, whatever it is signed with: a literal, or that of a setting.
struct Pin {
  Piece at;
  std::string value;
  std::string setting;  // instead of `value`
};

// Where the signature stands and how it is written there.
struct Carrier {
  enum class In : std::uint8_t { header, field, query };
  In in = In::header;
  std::vector<std::string> names;  // the first that is present; two of them present is header_repeated
  enum class Syntax : std::uint8_t { bare, prefixed, pairs, versions };
  Syntax syntax = Syntax::bare;
  std::string prefix;                       // prefixed: "V2-HMAC-SHA256, Signature: ", "sha256="
  char pair_separator = ',';                // pairs: Paddle's is ';'
  std::string time_key;                     // pairs: "t", "ts"
  std::vector<std::string> signature_keys;  // pairs: "v1", "h1"; versions: "v1", "v1a"
};

// What an accepted signature vouches for.
struct Covered {
  bool body = false, id = false, time = false, status = false, amount = false, reference = false;
  friend bool operator==(const Covered&, const Covered&) = default;
};

struct Scheme {
  std::string gateway;  // "pagoefectivo"
  std::string message;  // "notification", "login", "request", "response_page"
  std::string version;  // where a gateway has several readings: "id as sent", "id in lower case"; tried in order
  bool incoming = true;
  Algorithm algorithm = Algorithm::hmac_sha256;
  KeyForm key_form = KeyForm::text;
  std::string key_prefix;  // base64_prefixed: "whsec_"
  std::size_t key_bytes_min = 16;
  SignatureEncoding encoding = SignatureEncoding::hex_lower;
  std::vector<Piece> pieces;
  std::string separator;  // between pieces that are present
  Carrier carrier;
  enum class Body : std::uint8_t { any, json, form } body = Body::any;  // how fields are found in it
  TimeForm time_form = TimeForm::none;
  Piece time_at;  // where the time stands, unless the carrier has it
  bool time_signed = false;
  int offset_minutes = 0;             // iso_offset: as the gateway writes it, -300 for Lima
  std::int64_t tolerance_s = 300;     // both ways, inclusive
  std::int64_t retries_s = 0;         // more on the old side alone: how long a message is repeated under its first time
  std::vector<Piece> id_at;           // the event's own id, for duplicates: these that are present, ":" between them
  Piece key_id_at;                    // where a message names its key; an empty name: nowhere
  std::vector<Pin> pinned;            // refused as header_malformed where another value stands
  std::vector<std::string> settings;  // what must be configured beside the secret: "merchant_id", "login", "url"
  std::vector<std::string> must_cover;  // listed_fields: what the message's list must be, in this order; empty: any
  Covered covered;
  std::string status;   // "official", "community", "unverified"
  std::string vectors;  // published ones that verify: "official", "community", or "none"
  std::string source;
  std::string note;  // what a developer must know
};

// The schemes of one gateway, empty where there is none of that name; several of one message are readings, tried in
// this order. These three are answered by the gateways' floor.
std::span<const Scheme> schemes_of(std::string_view gateway);
std::span<const std::string_view> gateway_names() noexcept;
std::vector<const Scheme*> schemes();  // all, in the order of the names

// The signed text as people read it: "id.timestamp.body", "login+X-Date+body". Empty where nothing is signed.
std::string signed_text(const Scheme& scheme);
std::string_view name(Algorithm algorithm) noexcept;
std::string_view name(KeyForm form) noexcept;
std::string_view name(SignatureEncoding encoding) noexcept;
std::string_view name(TimeForm form) noexcept;

// ---- keys

// Wiped when destroyed. Never printed.
class Secret {
 public:
  explicit Secret(std::string_view bytes);
  Secret(Secret&&) noexcept;
  Secret& operator=(Secret&&) noexcept;
  ~Secret();
  std::string_view bytes() const noexcept;

 private:
  std::unique_ptr<char[]> data_;
  std::size_t size_ = 0;
};

struct Key {
  std::string id;  // the configuration's name for it: "2026-07"
  Secret secret;   // as configured; the verifier decodes it by each reading's key form
  std::optional<std::int64_t> not_before_us, not_after_us;
};

// ---- a message

struct HeaderLine {
  std::string_view name, value;
};

// Views of the caller's memory.
struct Message {
  std::string_view body;
  std::span<const HeaderLine> headers;
  std::string_view url;     // the whole configured address, or what came in
  std::string_view method;  // "POST"
};

struct Verified {
  std::string gateway, message;
  std::string key_id;
  std::string version;          // which reading matched, where there are several
  std::uint32_t candidate = 0;  // which of several signatures in the carrier
  std::optional<std::int64_t> signed_at_us;
  std::string event_id;  // empty where the message has none
  Covered covered;
};

// What Verified says, by number: no name is copied. Where `refused` holds a reason, `detail` says it for people, and
// nothing else is set.
struct Verdict {
  std::optional<SignatureReason> refused;
  std::string detail;
  std::size_t reading = 0;  // of Verifier::readings()
  std::size_t key = 0;      // for Verifier::key_id()
  std::uint32_t candidate = 0;
  std::optional<std::int64_t> signed_at_us;
  std::string event_id;
  bool event_id_later = false;  // not looked for yet: Verifier::event_id() does
};

struct VerifierOptions {
  std::optional<std::int64_t> tolerance_s;  // instead of the scheme's; 0 means 0
  std::vector<std::pair<std::string, std::string>> settings;
  bool placeholders = false;  // accept secrets that public code carries: for tests with published vectors alone
};

// Immutable after construction; safe to use from several threads.
class Verifier {
 public:
  // Throws Error(secret_invalid) for secrets that are empty, blank, a prefix alone, too short, of the wrong form, a
  // public fallback, or a PEM text offered as an HMAC key; Error(scheme_unknown); Error(argument_invalid) for a missing
  // setting. None of these messages shows the secret.
  Verifier(std::string_view gateway, std::string_view message, std::vector<Key> keys, VerifierOptions options = {});
  Verifier(std::vector<Scheme> readings, std::vector<Key> keys, VerifierOptions options = {});
  Verifier(Verifier&&) noexcept;
  ~Verifier();

  // Throws SignatureError for anything that is not a genuine, fresh message, whatever is wrong with it.
  Verified verify(const Message& message, std::int64_t now_us) const;

  // The same, with refusals as values: where many messages are looked at, an exception each would cost as much as the
  // rest of the work. Throws Error(argument_invalid) for a time before 1970.
  // `id_later`: an event id that can only be had by reading the signed body is not looked for.
  Verdict judge(const Message& message, std::int64_t now_us, bool id_later = false) const;
  // The id that was left for later, of a message that fits that reading; empty where the body has none.
  std::string event_id(std::size_t reading, const Message& message) const;

  std::span<const Scheme> readings() const noexcept;
  std::string_view key_id(std::size_t index) const noexcept;  // in the order that they were given
  std::size_t key_count() const noexcept;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

// `now` as the scheme writes it, for the header or field that the time stands in. Empty without a time.
std::string timestamp_text(const Scheme& scheme, std::int64_t now_us);

// The signature text for what we send, as it stands in its header or field, under the first reading of the scheme;
// `pieces` gives header, field and setting values by name.
std::string sign(const Scheme& scheme, const Key& key, const Message& message,
                 std::span<const std::pair<std::string, std::string>> values, std::int64_t now_us,
                 bool placeholders = false);

// One signature over these bytes, nothing else looked at: for conformance tests and diagnosis. The key is raw bytes for
// HMAC and Ed25519, PEM or DER of a public key for the others; plain digests take none. Throws Error(secret_invalid)
// for a key of another kind, Error(argument_invalid) for credentials.
bool signature_matches(Algorithm algorithm, std::string_view key, std::string_view text, std::string_view signature);

// Equal bytes in time that depends on the lengths alone.
bool equal_in_constant_time(std::string_view left, std::string_view right) noexcept;

}  // namespace cuadre
