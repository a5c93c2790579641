// Between the two halves of fees: row by row and in columns.
#pragma once

#include <string_view>

#include "cuadre/money/fee.hpp"

namespace cuadre {

bool applies(const Withholding& withholding, std::string_view method);

}  // namespace cuadre
