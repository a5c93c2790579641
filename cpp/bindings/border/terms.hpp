// Codes of ours with their words in both languages, for Python.
#pragma once

#include <pybind11/pybind11.h>

#include <span>
#include <string_view>

#include "cuadre/base/words.hpp"

namespace cuadre::bindings {

// {"name", "en", "es"}
pybind11::dict term_dict(const Term& term);
// [{"name", "en", "es"}, ...], in the core's own order.
pybind11::list term_list(std::span<const Term> terms);

// "en" or "es". Throws Error(argument_invalid).
Language language_of(std::string_view name);

}  // namespace cuadre::bindings
