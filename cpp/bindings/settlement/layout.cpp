// Layouts for Python: a declaration in, a layout out; and the language as data.
#include <pybind11/pybind11.h>
#include <pybind11/stl.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "border/tree.hpp"
#include "cuadre/settlement/language.hpp"

namespace py = pybind11;

namespace cuadre::bindings {
namespace {

std::vector<std::pair<std::string_view, std::string_view>> list_fields() {
  std::vector<std::pair<std::string_view, std::string_view>> list;
  for (const FieldInfo& field : fields()) list.emplace_back(field.called, field.key);
  return list;
}

}  // namespace

void bind_layout(py::module_& module) {
  py::class_<Layout, std::shared_ptr<Layout>>(module, "Layout",
                                              "A layout as the readers use it; cuadre.layouts.Layout is the face.")
      .def(py::init(
               [](const py::dict& declaration) { return std::make_shared<Layout>(layout_of(tree_of(declaration))); }),
           py::arg("declaration"),
           "Judges a declaration.\n\nRaises:\n    CuadreError: layout_invalid, with the key that is wrong.")
      .def_property_readonly("name", [](const Layout& layout) { return layout.name; });

  py::class_<DeclaredKey>(module, "DeclaredKey", "A key that a language of declarations knows.")
      .def_readonly("path", &DeclaredKey::path, "Dotted: amount.grouping, fixed.records.length.")
      .def_readonly("takes", &DeclaredKey::takes, "What its value is: text, a whole number, a table ...")
      .def_readonly("required", &DeclaredKey::required, "Whether it cannot be left out.")
      .def_readonly("words", &DeclaredKey::words, "The only words possible; none: not a matter of words.")
      .def_readonly("example", &DeclaredKey::example, "A value, as TOML; empty for tables.")
      .def_readonly("fallback", &DeclaredKey::fallback, "What holds where it is absent, as TOML; empty: nothing.")
      .def_readonly("meaning", &DeclaredKey::meaning, "In one line.");
  module.def("layout_keys", &layout_keys,
             "List every key of the language of layouts, each table before its keys. Raises nothing.");
  module.def("layout_fields", &list_fields,
             "List the fields of a row, as columns= calls them, with the key that says the place. Raises nothing.");
}

}  // namespace cuadre::bindings
