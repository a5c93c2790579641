// Errors out: one translator from cuadre::Error to the Python class that errors.py keeps for its code.
#include "border/errors.hpp"

#include <pybind11/gil_safe_call_once.h>
#include <pybind11/pybind11.h>
#include <pybind11/stl.h>

#include <exception>
#include <string>
#include <utility>
#include <vector>

#include "cuadre/error.hpp"

namespace py = pybind11;

namespace cuadre::bindings {
namespace {

// errors.CLASSES, code to class. Looked up at the first failure, because errors.py may not be imported before this
// module is; kept for good, because a module's attribute can be replaced and a failure's class must not be.
const py::dict& classes() {
  PYBIND11_CONSTINIT static py::gil_safe_call_once_and_store<py::dict> storage;
  return storage
      .call_once_and_store_result([] { return py::module_::import("cuadre.errors").attr("CLASSES").cast<py::dict>(); })
      .get_stored();
}

// Messages may quote bytes of a file. What is not UTF-8 in them is shown as escapes, so that telling of a failure never
// fails itself.
py::str shown(std::string_view text) {
  PyObject* decoded = PyUnicode_DecodeUTF8(text.data(), static_cast<Py_ssize_t>(text.size()), "backslashreplace");
  if (decoded == nullptr) throw py::error_already_set();
  return py::reinterpret_steal<py::str>(decoded);
}

// Paths come from Python's os.fsencode; surrogateescape is what takes them back unchanged.
py::object file_of(const Position& position) {
  if (position.file.empty()) return py::none();
  PyObject* decoded =
      PyUnicode_DecodeFSDefaultAndSize(position.file.data(), static_cast<Py_ssize_t>(position.file.size()));
  if (decoded == nullptr) throw py::error_already_set();
  return py::reinterpret_steal<py::object>(decoded);
}

py::object known_or_none(std::uint64_t number) {
  if (number == 0) return py::none();
  return py::int_(number);
}

void set_error(const Error& error) {
  const Position& position = error.position();
  const py::str code(std::string(name(error.code())));
  const py::object kind = classes()[code];
  const py::object offset =
      position.offset_bytes < 0 ? py::object(py::none()) : py::object(py::int_(position.offset_bytes));
  const py::object key = position.key.empty() ? py::object(py::none()) : py::object(shown(position.key));
  const py::object exception =
      kind(shown(error.message()), py::arg("code") = code, py::arg("file") = file_of(position),
           py::arg("line") = known_or_none(position.line), py::arg("column") = known_or_none(position.column),
           py::arg("offset_bytes") = offset, py::arg("key") = key);
  if (!error.reason_name().empty()) exception.attr("reason") = py::str(std::string(error.reason_name()));
  PyErr_SetObject(kind.ptr(), exception.ptr());
}

// Everything that is not ours (std::bad_alloc becomes MemoryError) is left to pybind11's own translators.
void translate(std::exception_ptr failure) {  // NOLINT(performance-unnecessary-value-param): pybind11 asks for it
  try {
    if (failure) std::rethrow_exception(failure);
  } catch (const Error& error) {
    raise_in_python(error);
  }
}

std::vector<std::pair<std::string, std::string>> list_error_codes() {
  std::vector<std::pair<std::string, std::string>> codes;
  for (const ErrorCodeInfo& info : error_codes()) codes.emplace_back(info.name, info.meaning);
  return codes;
}

}  // namespace

void raise_in_python(const Error& error) noexcept {
  try {
    set_error(error);
  } catch (py::error_already_set& other) {  // the interpreter is going down, or errors.py is broken: say what is known
    other.restore();
  } catch (const std::exception& other) {
    PyErr_SetString(PyExc_RuntimeError, other.what());
  }
}

void set_python_error() noexcept {
  try {
    throw;
  } catch (const Error& error) {
    raise_in_python(error);
  } catch (py::error_already_set& error) {
    error.restore();
  } catch (const py::builtin_exception& error) {
    error.set_error();
  } catch (const std::bad_alloc&) {
    PyErr_NoMemory();
  } catch (const std::exception& error) {
    PyErr_SetString(PyExc_RuntimeError, error.what());
  }
}

void bind_errors(py::module_& module) {
  py::register_exception_translator(&translate);
  module.def("error_codes", &list_error_codes, "List every failure's code and meaning, in order. Raises nothing.");
}

}  // namespace cuadre::bindings
