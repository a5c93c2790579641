#include "cuadre/document/check_digit.hpp"

#include <algorithm>
#include <array>

namespace cuadre {
namespace {

// The tax office's weights, from the last digit before the check digit leftwards.
constexpr std::array<unsigned, 15> kNitWeights = {3, 7, 13, 17, 19, 23, 29, 37, 41, 43, 47, 53, 59, 67, 71};

unsigned digit(char byte) noexcept { return static_cast<unsigned>(byte - '0'); }

char nit_digit(std::string_view body) noexcept {
  unsigned sum = 0;
  for (std::size_t i = 0; i < body.size(); ++i) sum += kNitWeights[i] * digit(body[body.size() - 1 - i]);
  const unsigned rest = sum % 11;
  return static_cast<char>('0' + (rest < 2 ? rest : 11 - rest));
}

char ean_digit(std::string_view body) noexcept {
  unsigned sum = 0;
  for (std::size_t i = 0; i < body.size(); ++i) sum += digit(body[body.size() - 1 - i]) * (i % 2 == 0 ? 3U : 1U);
  return static_cast<char>('0' + (10 - sum % 10) % 10);
}

// The sum of digits times weights, modulo 11.
template <std::size_t size>
unsigned weighed(std::string_view digits, const std::array<unsigned, size>& weights) noexcept {
  unsigned sum = 0;
  for (std::size_t i = 0; i < size; ++i) sum += weights[i] * digit(digits[i]);
  return sum % 11;
}

}  // namespace

char ruc_check_digit(std::string_view ten_digits) noexcept {
  constexpr std::array<unsigned, 10> kWeights = {5, 4, 3, 2, 7, 6, 5, 4, 3, 2};
  return static_cast<char>('0' + (11 - weighed(ten_digits, kWeights)) % 10);
}

CuiCheck cui_check(std::string_view eight_digits) noexcept {
  constexpr std::array<unsigned, 8> kWeights = {3, 2, 7, 6, 5, 4, 3, 2};
  constexpr std::string_view kDigits = "65432110987";
  constexpr std::string_view kLetters = "KJIHGFEDCBA";
  const unsigned rest = weighed(eight_digits, kWeights);
  return {kDigits[rest], kLetters[rest]};
}

std::optional<char> expected_check_digit(CheckDigit kind, std::string_view code) noexcept {
  if (!std::all_of(code.begin(), code.end(), [](char byte) { return byte >= '0' && byte <= '9'; })) return std::nullopt;
  if (code.size() < 2) return std::nullopt;
  const std::string_view body = code.substr(0, code.size() - 1);
  switch (kind) {
    case CheckDigit::nit:
      return body.size() <= kNitWeights.size() ? std::optional(nit_digit(body)) : std::nullopt;
    case CheckDigit::ean13:
      return code.size() == 13 ? std::optional(ean_digit(body)) : std::nullopt;
    case CheckDigit::none:
      break;
  }
  return std::nullopt;
}

}  // namespace cuadre
