// What knows no noun, for Python: names that were probably meant, and ids that are shown by their end.
#include <pybind11/pybind11.h>
#include <pybind11/stl.h>

#include <optional>
#include <string>
#include <vector>

#include "cuadre/base/closest.hpp"
#include "cuadre/base/text.hpp"

namespace py = pybind11;

namespace cuadre::bindings {
namespace {

std::optional<std::size_t> near_name(const std::vector<std::string>& names, const std::string& wanted) {
  const std::optional<Closest> found = closest(names, wanted);
  return found && found->near ? std::optional(found->index) : std::nullopt;
}

}  // namespace

void bind_base(py::module_& module) {
  module.def("closest", &near_name, py::arg("names"), py::arg("wanted"),
             "Give the index of the name that was probably meant, None where none is near. Raises nothing.");
  module.def("masked", &masked_end, py::arg("text"),
             "Give an id, a code or a person known again by its end: \"…4321\". Raises nothing.");
}

}  // namespace cuadre::bindings
