// Whole numbers that stand for decimals: 128 bits, powers of ten, text.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>

namespace cuadre {

__extension__ typedef __int128 Int128;

inline constexpr int kPowerOfTenMax = 18;  // the largest exponent whose power a signed 64-bit number holds
inline constexpr std::array<std::int64_t, kPowerOfTenMax + 1> kPowersOfTen = [] {
  std::array<std::int64_t, kPowerOfTenMax + 1> powers{1};
  for (std::size_t i = 1; i < powers.size(); ++i) powers[i] = powers[i - 1] * 10;
  return powers;
}();
// Of 0 to kPowerOfTenMax.
constexpr std::int64_t power_of_ten(int exponent) noexcept { return kPowersOfTen[static_cast<std::size_t>(exponent)]; }

// "-1234.50" for -123450 and 2 decimals: no grouping, always all decimals. Every Int128 is written exactly.
std::string decimal_text(Int128 value, int decimals);

}  // namespace cuadre
