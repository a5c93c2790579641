// Short texts as whole words, and digits as numbers, without a branch for each byte. Shared by amounts and keys.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace cuadre {

static_assert(std::endian::native == std::endian::little, "digits are joined in the order of a little-endian word");

// One to eight bytes as a number, the first byte lowest, without reading outside of them.
inline std::uint64_t load_up_to_8(const char* at, std::size_t count) noexcept {
  if (count == 8) {
    std::uint64_t whole;
    std::memcpy(&whole, at, 8);
    return whole;
  }
  if (count >= 4) {
    std::uint32_t low = 0;
    std::uint32_t high = 0;
    std::memcpy(&low, at, 4);
    std::memcpy(&high, at + count - 4, 4);  // overlaps: the same bytes land on the same place
    return low | (std::uint64_t{high} << (8 * (count - 4)));
  }
  const auto byte = [at](std::size_t i) { return std::uint64_t{static_cast<unsigned char>(at[i])} << (8 * i); };
  return byte(0) | byte(count / 2) | byte(count - 1);
}

// None to sixteen bytes, zeros behind them.
struct SixteenBytes {
  std::uint64_t low = 0, high = 0;
  friend bool operator==(const SixteenBytes&, const SixteenBytes&) = default;
};
inline SixteenBytes load_up_to_16(std::string_view text) noexcept {
  const std::size_t size = text.size();
  if (size <= 8) return {size == 0 ? 0 : load_up_to_8(text.data(), size), 0};
  SixteenBytes bytes;
  std::memcpy(&bytes.low, text.data(), 8);
  std::memcpy(&bytes.high, text.data() + size - 8, 8);
  bytes.high >>= 8 * (16 - size);
  return bytes;
}

// One to eight digits; false when a byte is not a digit.
inline bool read_up_to_8(const char* at, std::size_t count, std::uint64_t& value) noexcept {
  constexpr std::uint64_t kZeros = 0x3030303030303030;
  const auto missing = 8 * (8 - count);
  std::uint64_t bytes = (load_up_to_8(at, count) ^ (kZeros >> missing)) << missing;  // digits 0 to 9, zeros in front
  if (((bytes | (bytes + 0x7676767676767676)) & 0x8080808080808080) != 0) return false;
  // Neighbours join to pairs, pairs to fours, fours to eight; each step's sums stay inside their lanes.
  bytes = (bytes * 10 + (bytes >> 8)) & 0x00FF00FF00FF00FF;
  bytes = (bytes * 100 + (bytes >> 16)) & 0x0000FFFF0000FFFF;
  value = (bytes * 10000 + (bytes >> 32)) & 0xFFFFFFFF;
  return true;
}

// None to sixteen digits.
inline bool read_up_to_16(const char* at, std::size_t count, std::uint64_t& value) noexcept {
  value = 0;
  if (count == 0) return true;
  if (count <= 8) return read_up_to_8(at, count, value);
  std::uint64_t low = 0;
  if (!read_up_to_8(at, count - 8, value) || !read_up_to_8(at + count - 8, 8, low)) return false;
  value = value * 100'000'000 + low;
  return true;
}

}  // namespace cuadre
