// Declarations across the border: what TOML gives in Python, as the core's plain tree.
#pragma once

#include <pybind11/pybind11.h>

#include "cuadre/base/tree.hpp"

namespace cuadre::bindings {

// Judges nothing: what no declaration takes (a float, a date, a tuple) becomes Foreign, half characters become bytes
// that are not UTF-8, and the language refuses both by their key. Throws Error(argument_invalid) for more values than
// any declaration holds.
Tree tree_of(pybind11::handle value);

}  // namespace cuadre::bindings
