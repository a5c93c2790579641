// Schemes as Python dicts: what schemes() lists, and what Verifier.from_readings takes.
#pragma once

#include <pybind11/pybind11.h>

#include "cuadre/signature.hpp"

namespace cuadre::bindings {

// Every entry has the name and the default of the struct's member; enumerators are their words.
pybind11::dict dict_of(const Scheme& scheme);
// Throws Error(argument_invalid) for an unknown entry or word, or a value of another type.
Scheme scheme_of(const pybind11::dict& dict);
Algorithm algorithm_of(const std::string& word);

// The covered parts by name: "body", "id", "time", "status", "amount", "reference".
pybind11::list names_of(const Covered& covered);
// Throws Error(argument_invalid) for another name.
Covered covered_of(const pybind11::handle& names);

}  // namespace cuadre::bindings
