// Verifiers and signing for Python. Raw bytes in; a message that is not genuine is one exception with a reason.
#include "cuadre/signature.hpp"

#include <pybind11/pybind11.h>
#include <pybind11/stl.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "border/arrow_capsule.hpp"
#include "border/interruptible.hpp"
#include "cuadre/signature/column.hpp"
#include "signature/object.hpp"
#include "signature/scheme_dict.hpp"

namespace py = pybind11;

namespace cuadre::bindings {
namespace {

using Settings = std::vector<std::pair<std::string, std::string>>;

Key key_of(const py::handle& value) {
  if (!PyTuple_Check(value.ptr()) || PyTuple_GET_SIZE(value.ptr()) != 4)
    throw py::type_error("a key is a tuple: id, secret, not_before_us, not_after_us");
  const auto tuple = py::reinterpret_borrow<py::tuple>(value);
  const py::object secret = tuple[1];
  if (!PyBytes_Check(secret.ptr()) && !PyUnicode_Check(secret.ptr()))
    throw py::type_error(std::string("a secret is str or bytes, not ") + Py_TYPE(secret.ptr())->tp_name);
  std::string_view bytes;
  try {
    bytes = text_or_bytes(secret, "a secret");
  } catch (const SignatureError&) {
    throw Error(ErrorCode::secret_invalid, "a secret holds what is not text; give it as bytes");
  }
  return {tuple[0].cast<std::string>(), Secret(bytes), tuple[2].cast<std::optional<std::int64_t>>(),
          tuple[3].cast<std::optional<std::int64_t>>()};
}

std::vector<Key> keys_of(const py::list& keys) {
  std::vector<Key> out;
  for (const py::handle key : keys) out.push_back(key_of(key));
  return out;
}

VerifierOptions options_of(const py::dict& settings, std::optional<std::int64_t> tolerance_s, bool placeholders) {
  VerifierOptions options{tolerance_s, {}, placeholders};
  for (const auto& item : settings)
    options.settings.emplace_back(item.first.cast<std::string>(), item.second.cast<std::string>());
  return options;
}

BoundVerifier make_verifier(const std::string& gateway, const std::string& message, const py::list& keys,
                            const py::dict& settings, std::optional<std::int64_t> tolerance_s, py::object result,
                            bool placeholders) {
  return {Verifier(gateway, message, keys_of(keys), options_of(settings, tolerance_s, placeholders)),
          std::move(result)};
}

BoundVerifier from_readings(const py::list& readings, const py::list& keys, const py::dict& settings,
                            std::optional<std::int64_t> tolerance_s, py::object result) {
  std::vector<Scheme> schemes_given;
  for (const py::handle reading : readings) {
    if (!PyDict_Check(reading.ptr())) throw py::type_error("a reading is a dict, as schemes() lists them");
    schemes_given.push_back(scheme_of(py::reinterpret_borrow<py::dict>(reading)));
  }
  return {Verifier(std::move(schemes_given), keys_of(keys), options_of(settings, tolerance_s, false)),
          std::move(result)};
}

Table verify_table(const BoundVerifier& bound, const py::object& table, std::int64_t now_us, const std::string& method,
                   unsigned threads) {
  ArrowArrayStream stream = take_stream(table);
  return run_interruptible(
      [&](Progress& shared) {
        return verify_column(bound.verifier(), &stream, {now_us, method, threads, &shared});
      },
      py::none());
}

const Scheme& scheme_named(const std::string& gateway, const std::string& message, const std::string& version) {
  for (const Scheme& scheme : schemes_of(gateway)) {
    if (scheme.message == message && (version.empty() || scheme.version == version)) return scheme;
  }
  throw Error(ErrorCode::scheme_unknown, "no signature scheme of gateway \"" + gateway + "\" for message \"" + message +
                                             (version.empty() ? "\"" : "\" in version \"" + version + "\"") +
                                             "; schemes() lists them");
}

std::string sign_message(const std::string& gateway, const std::string& message, const py::object& key,
                         const py::object& body, const std::string& url, const std::string& method,
                         const Settings& values, std::int64_t now_us, const std::string& version, bool placeholders) {
  const Scheme& scheme = scheme_named(gateway, message, version);
  return sign(scheme, key_of(key), {bytes_of(body, "the body"), {}, url, method}, values, now_us, placeholders);
}

std::string timestamp_of(const std::string& gateway, const std::string& message, std::int64_t now_us,
                         const std::string& version) {
  return timestamp_text(scheme_named(gateway, message, version), now_us);
}

bool check(const std::string& algorithm, const py::object& key, const py::object& text, const py::object& signature) {
  return signature_matches(algorithm_of(algorithm), bytes_of(key, "the key"), bytes_of(text, "the message"),
                           bytes_of(signature, "the signature"));
}

py::list list_schemes(const std::string& gateway, const std::string& message) {
  py::list out;
  const auto add = [&](const Scheme& scheme) {
    if (message.empty() || scheme.message == message) out.append(dict_of(scheme));
  };
  if (gateway.empty()) {
    for (const Scheme* scheme : schemes()) add(*scheme);
  } else {
    for (const Scheme& scheme : schemes_of(gateway)) add(scheme);
  }
  return out;
}

std::vector<std::string> list_reasons() {
  return {
#define CUADRE_X(name, text) #name,
      CUADRE_SIGNATURE_REASONS(CUADRE_X)
#undef CUADRE_X
  };
}

void bind_verifier(py::module_& module) {
  py::class_<BoundVerifier> type(module, "Verifier", "Decides whether messages are a gateway's own. Immutable.");
  type.def(py::init(&make_verifier), py::arg("gateway"), py::arg("message"), py::arg("keys"),
           py::arg("settings") = py::dict(), py::arg("tolerance_s") = py::none(), py::arg("result") = py::none(),
           py::arg("placeholders") = false,
           "Make the verifier of a gateway's message.\n\nArgs:\n"
           "    gateway: Its name, as schemes() lists it.\n    message: Which of its messages.\n"
           "    keys: Tuples (id, secret as str or bytes, not_before_us or None, not_after_us or None).\n"
           "    settings: What the scheme needs beside the secret, by name.\n"
           "    tolerance_s: Seconds that a signed time may differ, both ways, instead of the scheme's; 0 means 0.\n"
           "    result: A subclass of Verified without more slots, for what is accepted; None: Verified itself.\n"
           "    placeholders: Accept secrets that public code carries; for published vectors alone.\n\n"
           "Raises:\n    SecretInvalidError: secret_invalid\n    SchemeUnknownError: scheme_unknown\n"
           "    ArgumentInvalidError: argument_invalid")
      .def_static(
          "from_readings", &from_readings, py::arg("readings"), py::arg("keys"), py::arg("settings") = py::dict(),
          py::arg("tolerance_s") = py::none(), py::arg("result") = py::none(),
          "Make a verifier of schemes of your own.\n\nArgs:\n"
          "    readings: Dicts as schemes() lists them, tried in this order; what is left out has its default.\n"
          "    keys: As for the class.\n    settings: As for the class.\n    tolerance_s: As for the class.\n"
          "    result: As for the class.\n\n"
          "Raises:\n    SecretInvalidError: secret_invalid\n    SchemeUnknownError: scheme_unknown\n"
          "    ArgumentInvalidError: argument_invalid")
      .def(
          "verify_column", &verify_table, py::arg("table"), py::arg("now_us"), py::arg("method") = "POST",
          py::arg("threads") = 0U,
          "Judge every row of a table as a message of its own.\n\nArgs:\n"
          "    table: Anything that speaks Arrow, with a column body, headers by name, url and received_at.\n"
          "    now_us: The present where a row has no received_at, in microseconds since 1970.\n"
          "    method: \"POST\".\n    threads: 0 is one for each processor.\n\n"
          "Returns:\n    verified, reason, key_id, version, event_id, signed_at of each row, in order.\n\n"
          "Raises:\n    CuadreError: column_missing, column_repeated, arrow_unsupported, argument_invalid,\n"
          "        file_unreadable where the producer fails.\n    KeyboardInterrupt: within a tenth of a second or so.")
      .def(
          "readings",
          [](const BoundVerifier& bound) {
            py::list out;
            for (const Scheme& scheme : bound.verifier().readings()) out.append(dict_of(scheme));
            return out;
          },
          "List the schemes that are tried, in order. Raises nothing.")
      .def("__repr__", [](const BoundVerifier& bound) {
        const Scheme& first = bound.verifier().readings()[0];
        return "Verifier(gateway='" + first.gateway + "', message='" + first.message + "')";
      });
  attach_verify(type);
}

}  // namespace

void bind_signature(py::module_& module) {
  make_verified_type(module);
  bind_verifier(module);
  module.def("schemes", &list_schemes, py::arg("gateway") = "", py::arg("message") = "",
             "List signature schemes as dicts: all, or those of a gateway, or of one of its messages. Raises nothing.");
  module.def("signature_reasons", &list_reasons, "List the reasons of a SignatureError. Raises nothing.");
  module.def("signature_check", &check, py::arg("algorithm"), py::arg("key"), py::arg("message"), py::arg("signature"),
             "Check one signature over these bytes and nothing else.\n\nArgs:\n"
             "    algorithm: \"HMAC-SHA256\" and the like, as schemes() writes it.\n"
             "    key: Raw bytes for HMAC and Ed25519; PEM or DER of a public key for the others.\n"
             "    message: The signed bytes.\n    signature: Raw bytes.\n\n"
             "Raises:\n    SecretInvalidError: secret_invalid\n    ArgumentInvalidError: argument_invalid");
  module.def("sign", &sign_message, py::arg("gateway"), py::arg("message"), py::arg("key"),
             py::arg("body") = py::bytes(), py::arg("url") = "", py::arg("method") = "",
             py::arg("values") = py::tuple(), py::kw_only(), py::arg("now_us"), py::arg("version") = "",
             py::arg("placeholders") = false,
             "Sign a message as its gateway does.\n\nArgs:\n    gateway: Its name.\n    message: Which message.\n"
             "    key: A tuple as for Verifier.\n    body: The bytes that will be sent.\n    url: The whole address.\n"
             "    method: \"POST\".\n    values: Pairs of header, field, query or setting name and its value.\n"
             "    now_us: The present, in microseconds since 1970.\n    version: Which reading; empty: the first.\n"
             "    placeholders: As for Verifier.\n\n"
             "Returns:\n    The signature as it stands in its header or field.\n\n"
             "Raises:\n    SecretInvalidError: secret_invalid\n    SchemeUnknownError: scheme_unknown\n"
             "    ArgumentInvalidError: argument_invalid");
  module.def("signature_time", &timestamp_of, py::arg("gateway"), py::arg("message"), py::arg("now_us"),
             py::arg("version") = "",
             "Write a time as a gateway's scheme does; empty where it has none.\n\nArgs:\n    gateway: Its name.\n"
             "    message: Which message.\n    now_us: Microseconds since 1970.\n    version: Which reading.\n\n"
             "Raises:\n    SchemeUnknownError: scheme_unknown\n    ArgumentInvalidError: argument_invalid");
}

}  // namespace cuadre::bindings
