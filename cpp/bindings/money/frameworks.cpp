// What frameworks look for on the type itself.
#include <pybind11/pybind11.h>

#include "border/provided.hpp"
#include "money/object.hpp"

namespace py = pybind11;

namespace cuadre::bindings {
namespace {

constexpr const char* kPydanticDoc = R"(Give pydantic the schema of Money, from cuadre.contrib.pydantic.

Raises:
    ImportError: where pydantic is not installed.)";

py::object pydantic_schema(const py::object& source, const py::object& handler) {
  return provided("pydantic_schema")(source, handler);
}

// What SQLAlchemy's composite() asks of a value with two columns.
py::tuple composite_values(const Money& money) { return py::make_tuple(money.amount_minor(), money.currency().code()); }

}  // namespace

void bind_money_frameworks(py::module_& module) {
  const char* const name = "__get_pydantic_core_schema__";
  module.attr("Money").attr(name) = py::staticmethod(
      py::cpp_function(&pydantic_schema, py::name(name), py::arg("source"), py::arg("handler"), kPydanticDoc));
  const py::object type = module.attr("Money");
  type.attr("__composite_values__") =
      py::cpp_function(&composite_values, py::name("__composite_values__"), py::is_method(type),
                       "Give the minor units and the code, for SQLAlchemy's composite(). Raises nothing.");
}

}  // namespace cuadre::bindings
