// Check digits of the codes that Colombian collection files carry, and of documents in Colombia and Peru.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace cuadre {

enum class CheckDigit : std::uint8_t { none, nit, ean13 };

// The digit that belongs at the end of `code`, worked out from the digits before it. Nullopt when `code` cannot be such
// a code: not digits throughout, or of the wrong length (nit: 2 to 16 digits, left zeros count for nothing; ean13: 13).
std::optional<char> expected_check_digit(CheckDigit kind, std::string_view code) noexcept;

// Of ten digits, what ends Peru's RUC. Remainders 0 and 10 give the same digit, so a mistake between them goes unseen.
char ruc_check_digit(std::string_view ten_digits) noexcept;

// Of the eight digits of a DNI, what ends the CUI: a digit, or the letter on cards issued before 2007-08-14.
struct CuiCheck {
  char digit, letter;
};
CuiCheck cui_check(std::string_view eight_digits) noexcept;

}  // namespace cuadre
