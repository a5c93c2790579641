// cuadre._core: the table of contents. Each bind_<noun>.cpp holds one noun; what things mean is told in the headers.
#include <pybind11/pybind11.h>

#include "cuadre/build.hpp"

namespace cuadre::bindings {

void bind_errors(pybind11::module_& module);
void bind_money(pybind11::module_& module);
void bind_arrow(pybind11::module_& module);
void bind_money_column(pybind11::module_& module);
void bind_settlement(pybind11::module_& module);
void bind_matching(pybind11::module_& module);
void bind_signature(pybind11::module_& module);
void bind_diagnose(pybind11::module_& module);
void bind_notification(pybind11::module_& module);
void bind_gateways(pybind11::module_& module);

namespace {

pybind11::dict build_facts() {
  const BuildInfo info = build_info();
  pybind11::dict facts;
  facts["openssl"] = info.openssl;
  facts["simdjson"] = info.simdjson;
  facts["simd"] = info.simd;
  return facts;
}

}  // namespace
}  // namespace cuadre::bindings

PYBIND11_MODULE(_core, module) {
  using namespace cuadre::bindings;
  module.doc() = "The compiled core of cuadre. Use it through the modules of the package.";
  module.attr("__version__") = CUADRE_VERSION;
  module.def("build_info", &build_facts,
             "Name the OpenSSL and simdjson in use and the instruction set chosen. Raises nothing.");
  bind_errors(module);
  bind_money(module);
  bind_arrow(module);
  bind_money_column(module);
  bind_settlement(module);
  bind_matching(module);
  bind_signature(module);
  bind_diagnose(module);
  bind_notification(module);
  bind_gateways(module);
}
