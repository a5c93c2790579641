// Text across the border.
#pragma once

#include <pybind11/pybind11.h>

#include <string_view>

#include "cuadre/error.hpp"

namespace cuadre::bindings {

// The UTF-8 of a str; the view lives as long as the object. Lone surrogates are an Error of that code.
std::string_view text_of(pybind11::handle text, ErrorCode code);

}  // namespace cuadre::bindings
