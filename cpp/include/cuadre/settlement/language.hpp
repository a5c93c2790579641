// The language in which layouts are declared: judged here, and nowhere else.
#pragma once

#include <vector>

#include "cuadre/base/tree.hpp"
#include "cuadre/settlement/layout.hpp"

namespace cuadre {

// Throws Error(layout_invalid). Its position has the key that is wrong ("amount.grouping", "fixed.records[2].length"),
// and its message begins with it.
Layout layout_of(const Tree& declaration);

// Every key of the language once, each table before its keys.
std::vector<DeclaredKey> layout_keys();

}  // namespace cuadre
