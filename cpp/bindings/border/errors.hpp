// Failures on their way out, for code that does not go through pybind11.
#pragma once

#include "cuadre/error.hpp"

namespace cuadre::bindings {

// Sets Python's error to the class of the code. Where that fails (the interpreter is going down), to what is known.
void raise_in_python(const Error& error) noexcept;

// Puts the failure that is being caught into Python's hands. Only within a catch block.
void set_python_error() noexcept;

}  // namespace cuadre::bindings
