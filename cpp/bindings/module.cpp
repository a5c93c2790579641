// cuadre._core: the table of contents. Each room holds one noun; what things mean is told in the headers.
#include <pybind11/pybind11.h>

#include "cuadre/build.hpp"
#include "money/object.hpp"

namespace cuadre::bindings {

void bind_errors(pybind11::module_& module);
void bind_provided(pybind11::module_& module);
void bind_base(pybind11::module_& module);
void bind_money(pybind11::module_& module);
void bind_money_exact(pybind11::module_& module);
void bind_money_text(pybind11::module_& module);
void bind_money_frameworks(pybind11::module_& module);
void bind_money_rate(pybind11::module_& module);
void bind_money_conversion(pybind11::module_& module);
void bind_money_fee(pybind11::module_& module);
void bind_arrow(pybind11::module_& module);
void bind_money_column(pybind11::module_& module);
void bind_layout(pybind11::module_& module);
void bind_settlement(pybind11::module_& module);
void bind_matching(pybind11::module_& module);
void bind_signature(pybind11::module_& module);
void bind_diagnose(pybind11::module_& module);
void bind_notification(pybind11::module_& module);
void bind_gateways(pybind11::module_& module);
void bind_voucher_column(pybind11::module_& module);
void bind_voucher_document(pybind11::module_& module);
void bind_machines(pybind11::module_& module);
void bind_voucher(pybind11::module_& module);

namespace {

// pybind11 gives an object of uninitialised memory where __new__ is called without __init__, and any use of it is a
// crash. The slot stays, because calling the class goes through it; only the name is taken away.
PyObject* refuse_bare_new(PyObject* /*self*/, PyObject* /*values*/, PyObject* /*names*/) {
  PyErr_SetString(PyExc_TypeError, "objects of cuadre are made by calling their class, not by __new__");
  return nullptr;
}

void forbid_bare_new(const pybind11::module_& module) {
  static PyMethodDef method{"__new__", reinterpret_cast<PyCFunction>(reinterpret_cast<void (*)()>(&refuse_bare_new)),
                            METH_VARARGS | METH_KEYWORDS, nullptr};
  const auto refusal = pybind11::reinterpret_steal<pybind11::object>(PyCFunction_New(&method, nullptr));
  const auto name = pybind11::str("__new__");
  for (const auto& [key, value] : module.attr("__dict__").cast<pybind11::dict>()) {
    if (PyType_Check(value.ptr()) == 0 ||
        pybind11::detail::get_type_info(reinterpret_cast<PyTypeObject*>(value.ptr())) == nullptr)
      continue;
    auto* const type = reinterpret_cast<PyTypeObject*>(value.ptr());
    if (PyDict_SetItem(type->tp_dict, name.ptr(), refusal.ptr()) != 0) throw pybind11::error_already_set();
    PyType_Modified(type);
  }
}

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
  bind_provided(module);
  bind_base(module);
  bind_money(module);
  bind_money_exact(module);
  bind_money_text(module);
  bind_money_frameworks(module);
  bind_money_rate(module);
  bind_money_conversion(module);
  bind_arrow(module);
  bind_money_column(module);
  bind_money_fee(module);
  bind_layout(module);
  bind_settlement(module);
  bind_matching(module);
  bind_signature(module);
  bind_diagnose(module);
  bind_notification(module);
  bind_gateways(module);
  bind_voucher_column(module);
  bind_voucher_document(module);
  bind_machines(module);
  bind_voucher(module);
  forbid_bare_new(module);
  seal_money_type();
}
