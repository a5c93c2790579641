// What frameworks look for on the type itself. The answers are Python's, in cuadre.contrib.
#include <pybind11/pybind11.h>

namespace py = pybind11;

namespace cuadre::bindings {
namespace {

constexpr const char* kPydanticDoc = R"(Give pydantic the schema of Money, from cuadre.contrib.pydantic.

Raises:
    ImportError: where pydantic is not installed.)";

// pydantic is imported when a model asks, never before.
py::object pydantic_schema(const py::object& source, const py::object& handler) {
  return py::module_::import("cuadre.contrib.pydantic").attr("money_schema")(source, handler);
}

}  // namespace

void bind_money_frameworks(py::module_& module) {
  const char* const name = "__get_pydantic_core_schema__";
  module.attr("Money").attr(name) = py::staticmethod(
      py::cpp_function(&pydantic_schema, py::name(name), py::arg("source"), py::arg("handler"), kPydanticDoc));
}

}  // namespace cuadre::bindings
