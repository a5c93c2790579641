// The byte scans that decide the speed of reading, once per instruction set; the best one is chosen when the program
// runs. Every level gives the same answers. CUADRE_SIMD=portable|avx2|avx512 in the environment caps the choice.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace cuadre {

enum class SimdLevel : std::uint8_t { portable, avx2, avx512 };

SimdLevel simd_level() noexcept;
std::string_view name(SimdLevel level) noexcept;
bool simd_supported(SimdLevel level) noexcept;
// For tests: use this level from now on. Returns false (and changes nothing) where the processor lacks it.
bool set_simd_level(SimdLevel level) noexcept;

std::size_t count_byte(const char* data, std::size_t size, char byte) noexcept;

// Writes the index of every byte that is `separator`, LF or CR, in rising order, and returns how many there are.
// `index` needs room for size + 64 entries; data needs 64 readable bytes behind it.
std::size_t find_ends(const char* data, std::size_t size, char separator, std::uint32_t* index) noexcept;

}  // namespace cuadre
