// Verified as a type of its own, and Verifier.verify without pybind11's way of calling.
#include "signature/object.hpp"

#include <structmember.h>

#include <array>
#include <cstddef>
#include <new>
#include <string>

#include "border/fast_call.hpp"
#include "border/moments.hpp"
#include "signature/scheme_dict.hpp"

namespace py = pybind11;

namespace cuadre::bindings {
namespace {

// ---- Verified: read-only members, filled by the verifier or by the constructor (which pickles use)

struct VerifiedObject {
  PyObject_HEAD PyObject* gateway;
  PyObject* message;
  PyObject* payload;
  PyObject* key_id;
  PyObject* version;
  PyObject* candidate;
  PyObject* signed_at;  // null until somebody asks
  PyObject* event_id;   // null until somebody asks, where it can only be had by reading the body
  PyObject* covered;
  PyObject* event_key;
  PyObject* store;
  PyObject* verifier;  // who will read it then; else null
  std::size_t reading;
  std::int64_t signed_at_us;
};

constexpr std::array kParts = {&VerifiedObject::gateway,   &VerifiedObject::message,  &VerifiedObject::payload,
                               &VerifiedObject::key_id,    &VerifiedObject::version,  &VerifiedObject::candidate,
                               &VerifiedObject::signed_at, &VerifiedObject::event_id, &VerifiedObject::covered,
                               &VerifiedObject::event_key, &VerifiedObject::store};

PyTypeObject* g_verified = nullptr;

VerifiedObject* object_in(PyObject* self) noexcept { return reinterpret_cast<VerifiedObject*>(self); }
PyObject* new_reference(PyObject* value) noexcept {
  Py_INCREF(value);
  return value;
}

PyObject* verified_new(PyTypeObject* type, PyObject* values, PyObject* named) {
  static const std::array<const char*, kParts.size() + 1> kNames = {"gateway", "message",    "payload",   "key_id",
                                                                    "version", "candidate",  "signed_at", "event_id",
                                                                    "covered", "_event_key", "_store",    nullptr};
  std::array<PyObject*, kParts.size()> given{};
  if (PyArg_ParseTupleAndKeywords(values, named, "UUSUUOOUO|UO:Verified", const_cast<char**>(kNames.data()), &given[0],
                                  &given[1], &given[2], &given[3], &given[4], &given[5], &given[6], &given[7],
                                  &given[8], &given[9], &given[10]) == 0)
    return nullptr;
  PyObject* const made = type->tp_alloc(type, 0);
  if (made == nullptr) return nullptr;
  for (std::size_t i = 0; i < kParts.size(); ++i)
    object_in(made)->*kParts[i] = new_reference(given[i] == nullptr ? Py_None : given[i]);
  return made;
}

int verified_traverse(PyObject* self, visitproc visit, void* arg) {
  Py_VISIT(Py_TYPE(self));
  for (const auto part : kParts) Py_VISIT(object_in(self)->*part);
  Py_VISIT(object_in(self)->verifier);
  return 0;
}

int verified_clear(PyObject* self) {
  for (const auto part : kParts) Py_CLEAR(object_in(self)->*part);
  Py_CLEAR(object_in(self)->verifier);
  return 0;
}

void verified_dealloc(PyObject* self) {
  PyTypeObject* const type = Py_TYPE(self);
  PyObject_GC_UnTrack(self);
  verified_clear(self);
  type->tp_free(self);
  Py_DECREF(type);  // instances of a heap type own a reference to it
}

PyObject* text_out(std::string_view text) {
  PyObject* const made = PyUnicode_FromStringAndSize(text.data(), static_cast<Py_ssize_t>(text.size()));
  if (made == nullptr) throw py::error_already_set();
  return made;
}

PyObject* get_event_id(PyObject* self, void* /*closure*/) {
  return guarded([&] {
    VerifiedObject* const object = object_in(self);
    if (object->event_id == nullptr) {
      const auto& bound = py::cast<const BoundVerifier&>(py::handle(object->verifier));
      Message message;
      message.body = bytes_of(object->payload, "the payload");
      object->event_id = text_out(bound.verifier().event_id(object->reading, message));
      Py_CLEAR(object->verifier);
    }
    return new_reference(object->event_id);
  });
}

PyObject* get_signed_at(PyObject* self, void* /*closure*/) {
  return guarded([&] {
    VerifiedObject* const object = object_in(self);
    if (object->signed_at == nullptr) object->signed_at = datetime_of(object->signed_at_us).release().ptr();
    return new_reference(object->signed_at);
  });
}

PyMemberDef member(const char* name, std::size_t offset, int flags, const char* doc) {
  return {name, T_OBJECT_EX, static_cast<Py_ssize_t>(offset), flags, doc};
}

// ---- a message in

// Header lines as views of the Python objects, which the caller holds meanwhile. Few of them stand on the stack. The
// values of a name may be a list: then the name stands several times.
class HeaderLines {
 public:
  explicit HeaderLines(py::handle headers) {
    if (PyDict_Check(headers.ptr())) {
      PyObject *key = nullptr, *value = nullptr;
      Py_ssize_t at = 0;
      while (PyDict_Next(headers.ptr(), &at, &key, &value) != 0) add_all(key, value);
      return;
    }
    if (!PyList_Check(headers.ptr()) && !PyTuple_Check(headers.ptr()))
      throw py::type_error("headers are a dict or a list of pairs");
    const Py_ssize_t count = PySequence_Fast_GET_SIZE(headers.ptr());
    for (Py_ssize_t i = 0; i < count; ++i) {
      PyObject* pair = PySequence_Fast_GET_ITEM(headers.ptr(), i);
      if (!PyTuple_Check(pair) || PyTuple_GET_SIZE(pair) != 2)
        throw py::type_error("a header is a pair of name and value");
      add_all(PyTuple_GET_ITEM(pair, 0), PyTuple_GET_ITEM(pair, 1));
    }
  }
  std::span<const HeaderLine> lines() const {
    return more_.empty() ? std::span<const HeaderLine>(few_.data(), count_) : std::span<const HeaderLine>(more_);
  }

 private:
  void add_all(PyObject* name, PyObject* value) {
    if (!PyList_Check(value) && !PyTuple_Check(value)) {
      add(name, value);
      return;
    }
    for (Py_ssize_t i = 0; i < PySequence_Fast_GET_SIZE(value); ++i) add(name, PySequence_Fast_GET_ITEM(value, i));
  }
  void add(PyObject* name, PyObject* value) {
    const HeaderLine line{text_or_bytes(name, "a header name"), text_or_bytes(value, "a header")};
    if (count_ < few_.size()) {
      few_[count_++] = line;
      return;
    }
    if (more_.empty()) more_.assign(few_.begin(), few_.end());
    more_.push_back(line);
  }
  std::array<HeaderLine, 20> few_;
  std::size_t count_ = 0;
  std::vector<HeaderLine> more_;
};

std::string_view text_in(PyObject* value, const char* what) {
  if (value == nullptr || value == Py_None) return {};
  if (!PyUnicode_Check(value)) throw py::type_error(std::string(what) + " is text, not " + Py_TYPE(value)->tp_name);
  return text_or_bytes(value, what);
}

std::int64_t moment_in(PyObject* value) {
  if (value == nullptr) return -1;  // refused by the core
  const long long moment = PyLong_AsLongLong(value);
  if (moment == -1 && PyErr_Occurred() != nullptr) throw py::error_already_set();
  return moment;
}

PyObject* call_verify(PyObject* self, PyObject* const* values, Py_ssize_t given, PyObject* names) {
  return guarded([&] {
    constexpr Signature kSignature{"verify", {"body", "headers", "url", "method", "now_us"}, 5, 2};
    const Arguments taken = take(kSignature, values, given, names);
    const auto& bound = py::cast<const BoundVerifier&>(py::handle(self));
    const std::string_view body = bytes_of(taken[0], "the body");
    const HeaderLines headers{py::handle(taken[1])};
    const Message message{body, headers.lines(), text_in(taken[2], "url"), text_in(taken[3], "method")};
    const Verdict verdict = bound.verifier().judge(message, moment_in(taken[4]), true);
    if (verdict.refused) throw SignatureError(*verdict.refused, verdict.detail);
    return bound.accepted(verdict, taken[0], self);
  });
}

constexpr const char* kVerifyDoc = R"(verify($self, body, headers, url='', method='', now_us=-1)
--

Prove that a message is the gateway's own, and fresh.

Args:
    body: The bytes as they were received; anything else is a TypeError.
    headers: A dict or a list of pairs (name, value), str or bytes; a list of values stands for a repeated name.
    url: The whole address, for schemes that sign it, or None.
    method: "POST".
    now_us: The present, in microseconds since 1970; needed, and by position it is faster.

Raises:
    SignatureError: signature_refused, with a reason
    ArgumentInvalidError: argument_invalid)";

constexpr const char* kVerifiedDoc = "What an accepted signature proves. It holds no secret.";

}  // namespace

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

BoundVerifier::BoundVerifier(Verifier verifier, py::object result)
    : verifier_(std::move(verifier)), result_(std::move(result)) {
  if (result_.is_none()) result_ = py::reinterpret_borrow<py::object>(reinterpret_cast<PyObject*>(g_verified));
  if (PyType_Check(result_.ptr()) == 0 ||
      PyType_IsSubtype(reinterpret_cast<PyTypeObject*>(result_.ptr()), g_verified) == 0)
    throw py::type_error("the class of results is a subclass of Verified");
  for (const Scheme& scheme : verifier_.readings())
    readings_.push_back({py::str(scheme.gateway), py::str(scheme.message), py::str(scheme.version),
                         py::frozenset(names_of(scheme.covered))});
  for (std::size_t i = 0; i < verifier_.key_count(); ++i) key_ids_.push_back(py::str(std::string(verifier_.key_id(i))));
}

PyObject* BoundVerifier::accepted(const Verdict& verdict, PyObject* payload, PyObject* self) const {
  auto* const type = reinterpret_cast<PyTypeObject*>(result_.ptr());
  auto made = py::reinterpret_steal<py::object>(type->tp_alloc(type, 0));
  if (!made) throw py::error_already_set();
  VerifiedObject* const out = object_in(made.ptr());
  const Reading& reading = readings_[verdict.reading];
  out->gateway = new_reference(reading.gateway.ptr());
  out->message = new_reference(reading.message.ptr());
  out->payload = new_reference(payload);
  out->key_id = new_reference(key_ids_[verdict.key].ptr());
  out->version = new_reference(reading.version.ptr());
  out->candidate = PyLong_FromUnsignedLong(verdict.candidate);
  out->covered = new_reference(reading.covered.ptr());
  out->event_key = PyUnicode_New(0, 0);
  out->store = new_reference(Py_None);
  if (verdict.signed_at_us)
    out->signed_at_us = *verdict.signed_at_us;
  else
    out->signed_at = new_reference(Py_None);
  out->reading = verdict.reading;
  if (verdict.event_id_later)
    out->verifier = new_reference(self);
  else
    out->event_id = text_out(verdict.event_id);
  return made.release().ptr();
}

void make_verified_type(py::module_& module) {
  static std::array members = {
      member("gateway", offsetof(VerifiedObject, gateway), READONLY, "The gateway's name."),
      member("message", offsetof(VerifiedObject, message), READONLY, "Which of its messages."),
      member("payload", offsetof(VerifiedObject, payload), READONLY, "The bytes that were verified."),
      member("key_id", offsetof(VerifiedObject, key_id), READONLY, "The configured id of the key that fits."),
      member("version", offsetof(VerifiedObject, version), READONLY, "Which reading fits, where there are several."),
      member("candidate", offsetof(VerifiedObject, candidate), READONLY, "Which of several signatures fits, from 0."),
      member("covered", offsetof(VerifiedObject, covered), READONLY, "What the signature vouches for, by name."),
      member("_event_key", offsetof(VerifiedObject, event_key), 0, "Under which copies are told."),
      member("_store", offsetof(VerifiedObject, store), 0, "Where it was claimed, or None."),
      PyMemberDef{}};
  static std::array properties = {
      PyGetSetDef{"signed_at", &get_signed_at, nullptr, "The signed time in UTC, or None.", nullptr},
      PyGetSetDef{"event_id", &get_event_id, nullptr, "The event's own id, or empty.", nullptr}, PyGetSetDef{}};
  const auto slot = [](auto function) { return reinterpret_cast<void*>(function); };
  std::array slots = {PyType_Slot{Py_tp_doc, const_cast<char*>(kVerifiedDoc)},
                      PyType_Slot{Py_tp_new, slot(&verified_new)},
                      PyType_Slot{Py_tp_dealloc, slot(&verified_dealloc)},
                      PyType_Slot{Py_tp_traverse, slot(&verified_traverse)},
                      PyType_Slot{Py_tp_clear, slot(&verified_clear)},
                      PyType_Slot{Py_tp_members, members.data()},
                      PyType_Slot{Py_tp_getset, properties.data()},
                      PyType_Slot{0, nullptr}};
  PyType_Spec spec{"cuadre._core.Verified", sizeof(VerifiedObject), 0,
                   Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE | Py_TPFLAGS_HAVE_GC, slots.data()};
  PyObject* const type = PyType_FromSpec(&spec);
  if (type == nullptr) throw py::error_already_set();
  g_verified = reinterpret_cast<PyTypeObject*>(type);
  module.attr("Verified") = py::handle(type);
}

void attach_verify(const py::object& verifier_type) {
  static PyMethodDef method{"verify", reinterpret_cast<PyCFunction>(reinterpret_cast<void (*)()>(&call_verify)),
                            METH_FASTCALL | METH_KEYWORDS, kVerifyDoc};
  auto* const type = reinterpret_cast<PyTypeObject*>(verifier_type.ptr());
  const auto bound = py::reinterpret_steal<py::object>(PyDescr_NewMethod(type, &method));
  if (!bound) throw py::error_already_set();
  verifier_type.attr("verify") = bound;
}

}  // namespace cuadre::bindings
