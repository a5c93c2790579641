// The dictionary that cuadre.layouts has checked, as the core's Layout.
#pragma once

#include <pybind11/pybind11.h>

#include "cuadre/settlement/layout.hpp"

namespace cuadre::bindings {

// Throws Error(layout_invalid) for what only the core can see.
Layout layout_from_dict(const pybind11::dict& spec);

}  // namespace cuadre::bindings
