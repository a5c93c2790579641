// What the core asks of Python. The core imports no module of ours: the package puts these functions in once, when it
// is imported (python/cuadre/_provided.py), and whoever stands below the module that answers asks for them here. Only
// the classes of failures are looked up instead, when the first one is raised (errors.cpp).
//
// - to_cash: (money, direction, country, on, rule) -> what Money.to_cash gives; cash rules are dated data
// - pydantic_schema: (source, handler) -> the schema of Money; pydantic is imported when a model asks
// - write_report: (reconciliation, path) -> None, what Reconciliation.to_html writes
#pragma once

#include <pybind11/pybind11.h>

#include <string_view>

namespace cuadre::bindings {

// Throws Error(argument_invalid) for what nobody has provided.
pybind11::object provided(std::string_view name);

}  // namespace cuadre::bindings
