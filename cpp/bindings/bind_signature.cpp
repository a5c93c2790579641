// Verifiers and signing for Python. Raw bytes in; a message that is not genuine is one exception with a reason.
#include <pybind11/pybind11.h>
#include <pybind11/stl.h>

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cuadre/signature.hpp"
#include "scheme_dict.hpp"

namespace py = pybind11;

namespace cuadre::bindings {
namespace {

using Settings = std::vector<std::pair<std::string, std::string>>;

// A parsed or decoded body is not what was signed, so a mistake here is told as a wrong type and never guessed away.
std::string_view bytes_of(py::handle value, const char* what) {
  if (!PyBytes_Check(value.ptr())) {
    throw py::type_error(std::string(what) + " is bytes as they were received, not " + Py_TYPE(value.ptr())->tp_name);
  }
  return {PyBytes_AS_STRING(value.ptr()), static_cast<std::size_t>(PyBytes_GET_SIZE(value.ptr()))};
}

std::string_view text_or_bytes(py::handle value, const char* what) {
  if (PyBytes_Check(value.ptr())) return bytes_of(value, what);
  if (!PyUnicode_Check(value.ptr()))
    throw py::type_error(std::string(what) + " is str or bytes, not " + Py_TYPE(value.ptr())->tp_name);
  Py_ssize_t size = 0;
  const char* text = PyUnicode_AsUTF8AndSize(value.ptr(), &size);
  if (text == nullptr) {  // a lone surrogate: no sender's text
    PyErr_Clear();
    throw SignatureError(SignatureReason::header_malformed, std::string(what) + " holds what is not text");
  }
  return {text, static_cast<std::size_t>(size)};
}

// Header lines as views of the Python objects, which the caller holds meanwhile. Few of them stand on the stack.
class HeaderLines {
 public:
  explicit HeaderLines(py::handle headers) {
    if (PyDict_Check(headers.ptr())) {
      PyObject *key = nullptr, *value = nullptr;
      Py_ssize_t at = 0;
      while (PyDict_Next(headers.ptr(), &at, &key, &value) != 0) add(key, value);
      return;
    }
    if (!PyList_Check(headers.ptr()) && !PyTuple_Check(headers.ptr()))
      throw py::type_error("headers are a dict or a list of pairs");
    const Py_ssize_t count = PySequence_Fast_GET_SIZE(headers.ptr());
    for (Py_ssize_t i = 0; i < count; ++i) {
      PyObject* pair = PySequence_Fast_GET_ITEM(headers.ptr(), i);
      if (!PyTuple_Check(pair) || PyTuple_GET_SIZE(pair) != 2)
        throw py::type_error("a header is a pair of name, value");
      add(PyTuple_GET_ITEM(pair, 0), PyTuple_GET_ITEM(pair, 1));
    }
  }
  std::span<const HeaderLine> lines() const {
    return more_.empty() ? std::span<const HeaderLine>(few_.data(), count_) : std::span<const HeaderLine>(more_);
  }

 private:
  void add(PyObject* name, PyObject* value) {
    const HeaderLine line{text_or_bytes(name, "a header name"), text_or_bytes(value, "a header")};
    if (count_ < few_.size()) {
      few_[count_++] = line;
      return;
    }
    if (more_.empty()) more_.assign(few_.begin(), few_.end());
    more_.push_back(line);
  }
  std::array<HeaderLine, 32> few_;
  std::size_t count_ = 0;
  std::vector<HeaderLine> more_;
};

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

VerifierOptions options_of(const py::dict& settings, std::optional<std::int64_t> tolerance_s) {
  VerifierOptions options{tolerance_s, {}};
  for (const auto& item : settings)
    options.settings.emplace_back(item.first.cast<std::string>(), item.second.cast<std::string>());
  return options;
}

Verifier make_verifier(const std::string& gateway, const std::string& message, const py::list& keys,
                       const py::dict& settings, std::optional<std::int64_t> tolerance_s) {
  return {gateway, message, keys_of(keys), options_of(settings, tolerance_s)};
}

Verifier from_readings(const py::list& readings, const py::list& keys, const py::dict& settings,
                       std::optional<std::int64_t> tolerance_s) {
  std::vector<Scheme> schemes_given;
  for (const py::handle reading : readings) {
    if (!PyDict_Check(reading.ptr())) throw py::type_error("a reading is a dict, as schemes() lists them");
    schemes_given.push_back(scheme_of(py::reinterpret_borrow<py::dict>(reading)));
  }
  return {std::move(schemes_given), keys_of(keys), options_of(settings, tolerance_s)};
}

Verified verify(const Verifier& verifier, const py::object& body, const py::object& headers, const py::object& url,
                const py::object& method, std::int64_t now_us) {
  const std::string_view bytes = bytes_of(body, "the body");
  const HeaderLines lines(headers);
  const Message message{bytes, lines.lines(), text_or_bytes(url, "the url"), text_or_bytes(method, "the method")};
  return verifier.verify(message, now_us);
}

py::tuple covered_of(const Verified& verified) {
  py::list names;
  const Covered& covered = verified.covered;
  if (covered.body) names.append("body");
  if (covered.id) names.append("id");
  if (covered.time) names.append("time");
  if (covered.status) names.append("status");
  if (covered.amount) names.append("amount");
  if (covered.reference) names.append("reference");
  return py::tuple(names);
}

const Scheme& scheme_named(const std::string& gateway, const std::string& message, const std::string& version) {
  for (const Scheme& scheme : schemes()) {
    if (scheme.gateway == gateway && scheme.message == message && (version.empty() || scheme.version == version))
      return scheme;
  }
  throw Error(ErrorCode::scheme_unknown, "no signature scheme of gateway \"" + gateway + "\" for message \"" + message +
                                             (version.empty() ? "\"" : "\" in version \"" + version + "\"") +
                                             "; schemes() lists them");
}

std::string sign_message(const std::string& gateway, const std::string& message, const py::object& key,
                         const py::object& body, const std::string& url, const std::string& method,
                         const Settings& values, std::int64_t now_us, const std::string& version) {
  const Scheme& scheme = scheme_named(gateway, message, version);
  return sign(scheme, key_of(key), {bytes_of(body, "the body"), {}, url, method}, values, now_us);
}

std::string timestamp_of(const std::string& gateway, const std::string& message, std::int64_t now_us,
                         const std::string& version) {
  return timestamp_text(scheme_named(gateway, message, version), now_us);
}

bool check(const std::string& algorithm, const py::object& key, const py::object& text, const py::object& signature) {
  return signature_matches(algorithm_of(algorithm), bytes_of(key, "the key"), bytes_of(text, "the message"),
                           bytes_of(signature, "the signature"));
}

py::list list_schemes() {
  py::list out;
  for (const Scheme& scheme : schemes()) out.append(dict_of(scheme));
  return out;
}

std::vector<std::string> list_reasons() {
  return {
#define CUADRE_X(name, text) #name,
      CUADRE_SIGNATURE_REASONS(CUADRE_X)
#undef CUADRE_X
  };
}

void bind_verified(py::module_& module) {
  py::class_<Verified>(module, "Verified", "What an accepted signature proves. It holds no secret.")
      .def_readonly("gateway", &Verified::gateway, "The gateway's name.")
      .def_readonly("message", &Verified::message, "Which of its messages.")
      .def_readonly("key_id", &Verified::key_id, "The configured id of the key that fits.")
      .def_readonly("version", &Verified::version, "Which reading fits, where a gateway has several.")
      .def_readonly("candidate", &Verified::candidate, "Which of several signatures fits, from 0.")
      .def_readonly("signed_at_us", &Verified::signed_at_us,
                    "The signed time in microseconds since 1970, or None where no time is signed.")
      .def_readonly("event_id", &Verified::event_id, "The event's own id, empty where the message has none.")
      .def_property_readonly("covered", &covered_of, "What the signature vouches for, by name.")
      .def("__repr__", [](const Verified& verified) {
        return "Verified(gateway='" + verified.gateway + "', message='" + verified.message + "', key_id='" +
               verified.key_id + "')";
      });
}

void bind_verifier(py::module_& module) {
  py::class_<Verifier>(module, "Verifier", "Decides whether messages are a gateway's own. Immutable.")
      .def(py::init(&make_verifier), py::arg("gateway"), py::arg("message"), py::arg("keys"),
           py::arg("settings") = py::dict(), py::arg("tolerance_s") = py::none(),
           "Make the verifier of a gateway's message.\n\nArgs:\n"
           "    gateway: Its name, as schemes() lists it.\n    message: Which of its messages.\n"
           "    keys: Tuples (id, secret as str or bytes, not_before_us or None, not_after_us or None).\n"
           "    settings: What the scheme needs beside the secret, by name.\n"
           "    tolerance_s: Seconds that a signed time may differ, both ways, instead of the scheme's; 0 means 0.\n\n"
           "Raises:\n    SecretInvalidError: secret_invalid\n    SchemeUnknownError: scheme_unknown\n"
           "    ArgumentInvalidError: argument_invalid")
      .def_static(
          "from_readings", &from_readings, py::arg("readings"), py::arg("keys"), py::arg("settings") = py::dict(),
          py::arg("tolerance_s") = py::none(),
          "Make a verifier of schemes of your own.\n\nArgs:\n"
          "    readings: Dicts as schemes() lists them, tried in this order; what is left out has its default.\n"
          "    keys: As for the class.\n    settings: As for the class.\n    tolerance_s: As for the class.\n\n"
          "Raises:\n    SecretInvalidError: secret_invalid\n    SchemeUnknownError: scheme_unknown\n"
          "    ArgumentInvalidError: argument_invalid")
      .def("verify", &verify, py::arg("body"), py::arg("headers"), py::arg("url") = "", py::arg("method") = "",
           py::arg("now_us") = -1,  // by position is faster; -1 is refused

           "Prove that a message is the gateway's own, and fresh.\n\nArgs:\n"
           "    body: The bytes as they were received; anything else is a TypeError.\n"
           "    headers: A dict or a list of pairs (name, value), str or bytes.\n"
           "    url: The whole address, for schemes that sign it.\n    method: \"POST\".\n"
           "    now_us: The present, in microseconds since 1970.\n\n"
           "Raises:\n    SignatureError: signature_refused, with a reason\n    ArgumentInvalidError: argument_invalid")
      .def(
          "readings",
          [](const Verifier& verifier) {
            py::list out;
            for (const Scheme& scheme : verifier.readings()) out.append(dict_of(scheme));
            return out;
          },
          "List the schemes that are tried, in order. Raises nothing.")
      .def("__repr__", [](const Verifier& verifier) {
        return "Verifier(gateway='" + verifier.readings()[0].gateway + "', message='" + verifier.readings()[0].message +
               "')";
      });
}

}  // namespace

void bind_signature(py::module_& module) {
  bind_verified(module);
  bind_verifier(module);
  module.def("schemes", &list_schemes, "List every signature scheme as a dict. Raises nothing.");
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
             "Sign a message as its gateway does.\n\nArgs:\n    gateway: Its name.\n    message: Which message.\n"
             "    key: A tuple as for Verifier.\n    body: The bytes that will be sent.\n    url: The whole address.\n"
             "    method: \"POST\".\n    values: Pairs of header, field, query or setting name and its value.\n"
             "    now_us: The present, in microseconds since 1970.\n    version: Which reading; empty: the first.\n\n"
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
