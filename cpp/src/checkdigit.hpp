// Check digits of the codes that Colombian collection files carry.
#pragma once

#include <optional>
#include <string_view>

#include "cuadre/layout.hpp"

namespace cuadre {

// The digit that belongs at the end of `code`, worked out from the digits before it. Nullopt when `code` cannot be such
// a code: not digits throughout, or of the wrong length (nit: 2 to 16 digits, left zeros count for nothing; ean13: 13).
std::optional<char> expected_check_digit(CheckDigit kind, std::string_view code) noexcept;

}  // namespace cuadre
