#include "border/provided.hpp"

#include <pybind11/gil_safe_call_once.h>

#include <algorithm>
#include <array>
#include <string>

#include "cuadre/base/text.hpp"
#include "cuadre/error.hpp"

namespace py = pybind11;

namespace cuadre::bindings {
namespace {

constexpr std::array<std::string_view, 3> kNames = {"to_cash", "pydantic_schema", "write_report"};

py::dict& functions() {
  PYBIND11_CONSTINIT static py::gil_safe_call_once_and_store<py::dict> storage;
  return storage.call_once_and_store_result([] { return py::dict(); }).get_stored();
}

void provide(const std::string& name, const py::object& function) {
  if (std::find(kNames.begin(), kNames.end(), name) == kNames.end()) {
    throw Error(ErrorCode::argument_invalid, "nobody asks for " + quoted(name));
  }
  functions()[py::str(name)] = function;
}

}  // namespace

py::object provided(std::string_view name) {
  const py::str key{std::string(name)};
  if (!functions().contains(key)) {
    throw Error(ErrorCode::argument_invalid, "nobody provides " + quoted(name) + "; import cuadre first");
  }
  return functions()[key];
}

void bind_provided(py::module_& module) {
  module.def("provide", &provide, py::arg("name"), py::arg("function"),
             "Put in what the core asks of Python. Raises ArgumentInvalidError: argument_invalid, for another name.");
  module.def("provided", &provided, py::arg("name"),
             "Give what was put in. Raises ArgumentInvalidError: argument_invalid, where nothing was.");
}

}  // namespace cuadre::bindings
