// One attempt to verify, told as a dictionary instead of an exception: what `cuadre verify` prints, and what diagnosis
// repeats over changed input. It runs the engine that verifies everything else; there is no second one.
#include <pybind11/pybind11.h>
#include <pybind11/stl.h>

#include <algorithm>
#include <array>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cuadre/signature.hpp"
#include "signature/scheme_dict.hpp"

namespace py = pybind11;

namespace cuadre::bindings {
namespace {

using Pairs = std::vector<std::pair<std::string, std::string>>;
using Changes = std::map<std::string, std::string>;

template <class Value, std::size_t N>
Value by_name(const std::array<Value, N>& all, std::string_view wanted) {
  for (const Value value : all) {
    if (name(value) == wanted) return value;
  }
  throw Error(ErrorCode::argument_invalid, "no \"" + std::string(wanted) + "\" among the words of schemes");
}

constexpr std::array kEncodings = {SignatureEncoding::hex_lower, SignatureEncoding::hex_upper, SignatureEncoding::hex,
                                   SignatureEncoding::base64, SignatureEncoding::base64_of_hex};
constexpr std::array kKeyForms = {KeyForm::text, KeyForm::hex, KeyForm::base64, KeyForm::base64_prefixed};
constexpr std::array kTimeForms = {TimeForm::unix_s,  TimeForm::unix_ms,    TimeForm::unix_s_or_ms,
                                   TimeForm::iso_utc, TimeForm::iso_utc_ms, TimeForm::iso_offset};

// "2,0,1": the pieces in that order; nothing happens where their number differs.
void reorder(Scheme& scheme, std::string_view order) {
  std::vector<Piece> made;
  for (const char c : order) {
    if (c == ',') continue;
    const auto at = static_cast<std::size_t>(c - '0');
    if (at >= scheme.pieces.size()) return;
    made.push_back(scheme.pieces[at]);
  }
  if (made.size() == scheme.pieces.size()) scheme.pieces = std::move(made);
}

// The signed text of another scheme under this one's headers.
void take_text(Scheme& scheme, std::size_t index) {
  const std::vector<const Scheme*> all = schemes();
  if (index >= all.size()) return;
  const Scheme& other = *all[index];
  scheme.pieces = other.pieces;
  scheme.separator = other.separator;
  scheme.algorithm = other.algorithm;
  scheme.encoding = other.encoding;
  scheme.key_form = other.key_form;
  scheme.key_prefix = other.key_prefix;
  scheme.must_cover = other.must_cover;
}

void change(Scheme& scheme, const Changes& changes) {
  for (const auto& [what, value] : changes) {
    if (what == "text_of") take_text(scheme, std::stoul(value));
    if (what == "order") reorder(scheme, value);
    if (what == "encoding") scheme.encoding = by_name(kEncodings, value);
    if (what == "key_form") scheme.key_form = by_name(kKeyForms, value);
    if (what == "key_prefix") scheme.key_prefix = value;
    if (what == "time_form") {
      scheme.time_form = by_name(kTimeForms, value);
      if (scheme.offset_minutes == 0) scheme.offset_minutes = -300;  // Lima and Bogotá; only iso_offset asks
    }
    if (what == "prefix") {
      scheme.carrier.syntax = value.empty() ? Carrier::Syntax::bare : Carrier::Syntax::prefixed;
      scheme.carrier.prefix = value;
    }
    if (what == "amounts") {
      for (Piece& piece : scheme.pieces) {
        if (piece.form == Piece::Form::zero_hundredths_dropped || piece.form == Piece::Form::tenths_half_even)
          piece.form = Piece::Form::as_is;
      }
    }
  }
  if (changes.empty()) return;
  scheme.key_bytes_min = 1;  // whether a secret is too short is said by the plain attempt
  scheme.settings.clear();   // what another scheme needs and nobody gave is a part that is not there
}

py::dict genuine(const Verified& verified) {
  py::dict out;
  out["reason"] = "";
  out["detail"] = "";
  out["gateway"] = verified.gateway;
  out["message"] = verified.message;
  out["version"] = verified.version;
  out["key_id"] = verified.key_id;
  out["event_id"] = py::bytes(verified.event_id);
  out["signed_at_us"] = verified.signed_at_us;
  out["covered"] = names_of(verified.covered);
  return out;
}

py::dict attempt_signature(const std::string& gateway, const std::string& message, const Pairs& secrets,
                           const Pairs& settings, const py::bytes& body, const Pairs& headers, const std::string& url,
                           const std::string& method, std::int64_t now_us, std::optional<std::int64_t> tolerance_s,
                           const Changes& changes, bool placeholders) {
  std::vector<Scheme> readings;
  for (const Scheme& scheme : schemes_of(gateway)) {
    if (scheme.message != message) continue;
    readings.push_back(scheme);
    change(readings.back(), changes);
  }
  if (readings.empty())
    throw Error(ErrorCode::scheme_unknown, "no signature scheme of gateway \"" + gateway + "\" for message \"" +
                                               message + "\"; cuadre gateways lists them");
  std::vector<Key> keys;
  for (const auto& [id, bytes] : secrets) keys.push_back(Key{id, Secret(bytes), {}, {}});
  std::vector<HeaderLine> lines;
  for (const auto& [header, value] : headers) lines.push_back({header, value});
  try {
    const Verifier verifier(std::move(readings), std::move(keys), {tolerance_s, settings, placeholders});
    return genuine(verifier.verify({std::string_view(body), lines, url, method}, now_us));
  } catch (const SignatureError& error) {
    py::dict out;
    out["reason"] = name(error.reason());
    out["detail"] = error.message();
    return out;
  }
}

std::string_view from_name(Piece::From from) {
  constexpr auto kNames =
      std::to_array<std::string_view>({"literal", "body", "header", "field", "listed_fields", "sorted_fields", "query",
                                       "url", "method", "path", "timestamp", "id", "setting", "secret"});
  static_assert(kNames.size() == static_cast<std::size_t>(Piece::From::secret) + 1);
  return kNames[static_cast<std::size_t>(from)];
}

py::dict parts(const Scheme& scheme) {
  py::dict out;
  out["gateway"] = scheme.gateway;
  out["message"] = scheme.message;
  out["version"] = scheme.version;
  out["algorithm"] = name(scheme.algorithm);
  out["key_form"] = name(scheme.key_form);
  out["key_prefix"] = scheme.key_prefix;
  out["encoding"] = name(scheme.encoding);
  out["time_form"] = name(scheme.time_form);
  py::list pieces;
  for (const Piece& piece : scheme.pieces) pieces.append(py::make_tuple(from_name(piece.from), piece.name));
  out["pieces"] = pieces;
  out["signed_text"] = signed_text(scheme);
  out["carrier_names"] = py::cast(scheme.carrier.names);
  out["prefix"] = scheme.carrier.prefix;
  out["time_key"] = scheme.carrier.time_key;
  out["time_from"] = from_name(scheme.time_at.from);
  out["time_name"] = scheme.time_at.name;
  out["tolerance_s"] = scheme.tolerance_s;
  out["retries_s"] = scheme.retries_s;
  return out;
}

py::list signature_parts() {
  py::list list;
  for (const Scheme* scheme : schemes()) list.append(parts(*scheme));
  return list;
}

constexpr const char* kAttempt =
    "Verify once and tell the outcome as a dictionary; for the command line and for diagnosis.\n\n"
    "Args:\n"
    "    gateway, message: which scheme; all its readings are tried.\n"
    "    secrets: pairs of key id and bytes.\n"
    "    settings: pairs of name and text.\n"
    "    body, headers, url, method: the message.\n"
    "    now_us: microseconds since 1970.\n"
    "    tolerance_s: seconds, instead of the scheme's.\n"
    "    changes: what to change in the scheme first, by name; empty for the scheme as it is.\n"
    "    placeholders: accept secrets that public code carries.\n\n"
    "Returns:\n"
    "    `reason` is empty for a genuine message, or why it is refused.\n\n"
    "Raises:\n"
    "    SchemeUnknownError (scheme_unknown): no such gateway or message.\n"
    "    SecretInvalidError (secret_invalid): a secret that cannot be used; it is not shown.\n"
    "    ArgumentInvalidError (argument_invalid): a missing setting, or a time or tolerance out of range.";
constexpr const char* kSignaturePartsDoc =
    "How every scheme is put together, as dictionaries in the order of the table. Raises nothing.";

}  // namespace

void bind_diagnose(py::module_& module) {
  module.def("attempt_signature", &attempt_signature, py::arg("gateway"), py::arg("message"), py::arg("secrets"),
             py::arg("settings"), py::arg("body"), py::arg("headers"), py::arg("url"), py::arg("method"),
             py::arg("now_us"), py::arg("tolerance_s") = py::none(), py::arg("changes") = Changes{},
             py::arg("placeholders") = false, kAttempt);
  module.def("signature_parts", &signature_parts, kSignaturePartsDoc);
}

}  // namespace cuadre::bindings
