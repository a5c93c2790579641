// What the declarations are written with: one file a gateway, which says everything the core knows of it. To add one,
// write its file and its name in the list here; its vectors go into tests/gateways.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cuadre/gateways.hpp"

namespace cuadre::declared {

// By name. A gateway is called as its file and its function are.
#define CUADRE_GATEWAYS(X) \
  X(adyen)                 \
  X(checkout)              \
  X(culqi)                 \
  X(directa24)             \
  X(dlocal)                \
  X(ebanx)                 \
  X(efecty)                \
  X(epayco)                \
  X(github)                \
  X(hyperswitch)           \
  X(izipay)                \
  X(kushki)                \
  X(mercadopago)           \
  X(niubiz)                \
  X(openpay)               \
  X(paddle)                \
  X(pagoefectivo)          \
  X(payermax)              \
  X(payu)                  \
  X(payvalida)             \
  X(rapyd)                 \
  X(standard_webhooks)     \
  X(stripe)                \
  X(sumup)                 \
  X(wompi)
#define CUADRE_X(name) Gateway name();
CUADRE_GATEWAYS(CUADRE_X)
#undef CUADRE_X

// ---- words of rows: how a fact is known, what several gateways say alike

inline constexpr std::string_view kOfficial = "official", kCommunity = "community", kUnverified = "unverified";
inline constexpr std::string_view kWikimedia = "https://github.com/wikimedia/wikimedia-fundraising-SmashPig";
inline constexpr std::string_view kNoteAuthorised =
    "agreed; taken at once by default, or by a capture, as the account is set";
inline constexpr std::string_view kNoteDispute = "ask for the dispute";
inline constexpr std::string_view kInBrowser =
    "a page in the buyer's browser: tell the buyer, and book on the confirmation";

// ---- messages and amounts

using Kind = EventKind;
using Status = EventStatus;
inline constexpr std::optional<Status> kNone;  // known, and deliberately no status
using Body = NotificationMap::Body;
using Time = NotificationMap::Time;
using Written = NotificationMap::Written;

inline constexpr WireForm kTwo{.decimals_min = 2, .decimals_max = 2};
inline constexpr WireForm kUpToTwo{.decimals_min = 0, .decimals_max = 2};
inline constexpr WireForm kWhole{.decimals_min = 0, .decimals_max = 0};
inline constexpr WireForm kScaled{.unit = WireForm::Unit::scaled};  // in the smallest unit, of which 100 are one

// ---- schemes

using Encoding = SignatureEncoding;

inline Piece piece(Piece::From from, std::string_view name = {}) {
  Piece made;
  made.from = from;
  made.name = name;
  return made;
}
inline Piece literal(std::string_view text) { return piece(Piece::From::literal, text); }
inline Piece body() { return piece(Piece::From::body); }
inline Piece header(std::string_view name) { return piece(Piece::From::header, name); }
inline Piece field(std::string_view path) { return piece(Piece::From::field, path); }
inline Piece query(std::string_view name) { return piece(Piece::From::query, name); }
inline Piece setting(std::string_view name) { return piece(Piece::From::setting, name); }
inline Piece timestamp() { return piece(Piece::From::timestamp); }
inline Piece secret() { return piece(Piece::From::secret); }

inline Piece as(Piece made, Piece::Form form) {
  made.form = form;
  return made;
}
inline Piece only(Piece made, Piece::Only what) {
  made.only = what;
  return made;
}
inline Piece among(Piece made, std::string_view values) {
  made.among = values;
  return made;
}
inline Piece with_separator(Piece made) {
  made.may_hold_separator = true;
  return made;
}
inline Piece optional(Piece made) {
  made.optional = true;
  return made;
}
inline Piece empty_if_absent(Piece made) {
  made.empty_if_absent = true;
  return made;
}
inline Piece between(std::string_view before, Piece made, std::string_view behind) {
  made.before = before;
  made.behind = behind;
  return made;
}

inline Carrier carrier(Carrier::In in, std::vector<std::string> names) {
  Carrier made;
  made.in = in;
  made.names = std::move(names);
  return made;
}
inline Carrier in_header(std::string_view name) { return carrier(Carrier::In::header, {std::string(name)}); }
inline Carrier in_field(std::string_view name) { return carrier(Carrier::In::field, {std::string(name)}); }
inline Carrier in_query(std::string_view name) { return carrier(Carrier::In::query, {std::string(name)}); }
inline Carrier with_prefix(Carrier made, std::string_view prefix) {
  made.syntax = Carrier::Syntax::prefixed;
  made.prefix = prefix;
  return made;
}
inline Carrier in_pairs(std::string_view name, char separator, std::string_view time_key,
                        std::string_view signature_key) {
  Carrier made = in_header(name);
  made.syntax = Carrier::Syntax::pairs;
  made.pair_separator = separator;
  made.time_key = time_key;
  made.signature_keys = {std::string(signature_key)};
  return made;
}

inline Pin pin(Piece at, std::string_view value) { return {std::move(at), std::string(value), {}}; }
inline Pin pin_setting(Piece at, std::string_view name) { return {std::move(at), {}, std::string(name)}; }

inline Scheme scheme(std::string_view message) {
  Scheme made;
  made.message = message;
  return made;
}

// The plainest kind: an HMAC-SHA256 of the body, in a header.
inline Scheme hmac_of_body(std::string_view message, std::string_view header_name) {
  Scheme made = scheme(message);
  made.pieces = {body()};
  made.carrier = in_header(header_name);
  made.body = Scheme::Body::json;
  made.covered = {.body = true, .id = true, .status = true, .amount = true, .reference = true};
  return made;
}

// Nothing is signed: the notice carries a user and a password that the merchant chose.
inline Scheme user_and_password(std::string_view message) {
  Scheme made = scheme(message);
  made.algorithm = Algorithm::basic;
  made.encoding = Encoding::base64;
  made.key_bytes_min = 12;  // user:password
  made.carrier = with_prefix(in_header("Authorization"), "Basic ");
  made.body = Scheme::Body::json;
  made.vectors = "none";
  return made;
}

}  // namespace cuadre::declared
