// The data of the gateways: one small file each, put together by gateways.cpp. To add a gateway, write its file,
// declare it here and name it in the list there; its vectors go into tests/test_gateways.py.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cuadre/signature.hpp"

namespace cuadre::gateways {

using Schemes = std::vector<Scheme>;
Schemes adyen();
Schemes checkout();
Schemes credentials();  // Culqi and Openpay: nothing is signed
Schemes directa24();
Schemes dlocal();
Schemes ebanx();
Schemes efecty();
Schemes epayco();
Schemes github();
Schemes hyperswitch();
Schemes kushki();
Schemes lyra();
Schemes mercadopago();
Schemes paddle();
Schemes pagoefectivo();
Schemes payu();
Schemes payvalida();
Schemes rapyd();
Schemes standard_webhooks();
Schemes stripe();
Schemes wompi();

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

inline Scheme scheme(std::string_view gateway, std::string_view message) {
  Scheme made;
  made.gateway = gateway;
  made.message = message;
  return made;
}

// The plainest kind: an HMAC-SHA256 of the body, in a header.
inline Scheme hmac_of_body(std::string_view gateway, std::string_view message, std::string_view header_name) {
  Scheme made = scheme(gateway, message);
  made.pieces = {body()};
  made.carrier = in_header(header_name);
  made.body = Scheme::Body::json;
  made.covered = {.body = true, .id = true, .status = true, .amount = true, .reference = true};
  return made;
}

}  // namespace cuadre::gateways
