// Hashing of what strangers write: which values meet cannot be told from outside the process.
#pragma once

#include <cstdint>

namespace cuadre {

// Drawn once a process, so that nobody can write a file whose keys all fall on one place. Results do not depend on
// them.
extern const std::uint64_t kHashSeed;
extern const std::uint64_t kHashFactor;  // odd

constexpr std::uint64_t mixed(std::uint64_t value) noexcept {
  value ^= value >> 31U;
  value *= 0x9E3779B97F4A7C15U;
  return value ^ (value >> 29U);
}

// Both halves of the product with a secret factor: which values meet cannot be told without it, not even from how they
// differ.
inline std::uint64_t folded(std::uint64_t value) noexcept {
  __extension__ using Product = unsigned __int128;
  const Product product = Product{value} * kHashFactor;
  return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64U);
}

}  // namespace cuadre
