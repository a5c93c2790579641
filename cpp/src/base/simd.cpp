#include "base/simd.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <bit>
#include <cstdlib>
#include <cstring>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace cuadre {
namespace {

struct Kernels {
  std::size_t (*count)(const char*, std::size_t, char) noexcept;
  std::size_t (*ends)(const char*, std::size_t, char, std::uint32_t*) noexcept;
};

std::size_t count_portable(const char* data, std::size_t size, char byte) noexcept {
  return static_cast<std::size_t>(std::count(data, data + size, byte));
}

std::size_t ends_portable(const char* data, std::size_t size, char separator, std::uint32_t* index) noexcept {
  std::size_t count = 0;
  for (std::size_t i = 0; i < size; ++i) {
    index[count] = static_cast<std::uint32_t>(i);
    count += static_cast<std::size_t>((data[i] == separator) | (data[i] == '\n') | (data[i] == '\r'));
  }
  return count;
}

#if defined(__x86_64__)

// Writes the positions of the set bits in groups of eight, past the end of the group where bits run out (that is why
// the index needs slack): the branch per group is predictable, one per bit is not.
inline std::size_t spill(std::uint64_t bits, std::size_t base, std::uint32_t* index) noexcept {
  const auto total = static_cast<std::size_t>(std::popcount(bits));
  for (std::size_t done = 0; done < total; done += 8) {
    for (std::size_t i = 0; i < 8; ++i) {
      index[done + i] = static_cast<std::uint32_t>(base + static_cast<std::size_t>(std::countr_zero(bits)));
      bits &= bits - 1;
    }
  }
  return total;
}

__attribute__((target("avx2,bmi,bmi2,popcnt,lzcnt"))) std::uint64_t match64_avx2(const char* data, __m256i a, __m256i b,
                                                                                 __m256i c) noexcept {
  const __m256i low = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(data));
  const __m256i high = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(data + 32));
  const auto found = [&](__m256i bytes) __attribute__((target("avx2,bmi,bmi2,popcnt,lzcnt"))) {
    const __m256i any = _mm256_or_si256(_mm256_or_si256(_mm256_cmpeq_epi8(bytes, a), _mm256_cmpeq_epi8(bytes, b)),
                                        _mm256_cmpeq_epi8(bytes, c));
    return static_cast<std::uint64_t>(static_cast<std::uint32_t>(_mm256_movemask_epi8(any)));
  };
  return found(low) | (found(high) << 32U);
}

__attribute__((target("avx2,bmi,bmi2,popcnt,lzcnt"))) std::size_t count_avx2(const char* data, std::size_t size,
                                                                             char byte) noexcept {
  const __m256i wanted = _mm256_set1_epi8(byte);
  std::size_t count = 0;
  std::size_t i = 0;
  for (; i + 64 <= size; i += 64) {
    count += static_cast<std::size_t>(std::popcount(match64_avx2(data + i, wanted, wanted, wanted)));
  }
  return count + count_portable(data + i, size - i, byte);
}

__attribute__((target("avx2,bmi,bmi2,popcnt,lzcnt"))) std::size_t ends_avx2(const char* data, std::size_t size,
                                                                            char separator,
                                                                            std::uint32_t* index) noexcept {
  const __m256i a = _mm256_set1_epi8(separator);
  const __m256i b = _mm256_set1_epi8('\n');
  const __m256i c = _mm256_set1_epi8('\r');
  std::size_t count = 0;
  for (std::size_t i = 0; i < size; i += 64) {
    std::uint64_t bits = match64_avx2(data + i, a, b, c);
    if (size - i < 64) bits &= (std::uint64_t{1} << (size - i)) - 1;
    count += spill(bits, i, index + count);
  }
  return count;
}

__attribute__((target("avx512f,avx512bw,bmi,bmi2,popcnt,lzcnt"))) std::size_t count_avx512(const char* data,
                                                                                           std::size_t size,
                                                                                           char byte) noexcept {
  const __m512i wanted = _mm512_set1_epi8(byte);
  std::size_t count = 0;
  std::size_t i = 0;
  for (; i + 64 <= size; i += 64) {
    count += static_cast<std::size_t>(std::popcount(_mm512_cmpeq_epi8_mask(_mm512_loadu_si512(data + i), wanted)));
  }
  return count + count_portable(data + i, size - i, byte);
}

__attribute__((target("avx512f,avx512bw,bmi,bmi2,popcnt,lzcnt"))) std::size_t ends_avx512(
    const char* data, std::size_t size, char separator, std::uint32_t* index) noexcept {
  const __m512i a = _mm512_set1_epi8(separator);
  const __m512i b = _mm512_set1_epi8('\n');
  const __m512i c = _mm512_set1_epi8('\r');
  std::size_t count = 0;
  for (std::size_t i = 0; i < size; i += 64) {
    const __m512i bytes = _mm512_loadu_si512(data + i);
    std::uint64_t bits =
        _mm512_cmpeq_epi8_mask(bytes, a) | _mm512_cmpeq_epi8_mask(bytes, b) | _mm512_cmpeq_epi8_mask(bytes, c);
    if (size - i < 64) bits &= (std::uint64_t{1} << (size - i)) - 1;
    count += spill(bits, i, index + count);
  }
  return count;
}

#endif

constexpr auto kNames = std::to_array<std::string_view>({"portable", "avx2", "avx512"});
static_assert(kNames.size() == static_cast<std::size_t>(SimdLevel::avx512) + 1);

#if defined(__x86_64__)
constexpr std::array<Kernels, 3> kKernels = {Kernels{count_portable, ends_portable}, Kernels{count_avx2, ends_avx2},
                                             Kernels{count_avx512, ends_avx512}};
#else
constexpr std::array<Kernels, 3> kKernels = {Kernels{count_portable, ends_portable},
                                             Kernels{count_portable, ends_portable},
                                             Kernels{count_portable, ends_portable}};
#endif

SimdLevel best() noexcept {
  auto level = SimdLevel::avx512;
  if (const char* cap = std::getenv("CUADRE_SIMD"); cap != nullptr) {
    for (std::size_t i = 0; i < kNames.size(); ++i) {
      if (kNames[i] == cap) level = static_cast<SimdLevel>(i);
    }
  }
  while (!simd_supported(level)) level = static_cast<SimdLevel>(static_cast<int>(level) - 1);
  return level;
}

std::atomic<SimdLevel>& chosen() noexcept {
  static std::atomic<SimdLevel> level{best()};
  return level;
}

const Kernels& kernels() noexcept {
  return kKernels[static_cast<std::size_t>(chosen().load(std::memory_order_relaxed))];
}

}  // namespace

bool simd_supported(SimdLevel level) noexcept {
  if (level == SimdLevel::portable) return true;
#if defined(__x86_64__)
  const bool avx2 =
      __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi2") && __builtin_cpu_supports("popcnt");
  if (level == SimdLevel::avx2) return avx2;
  return avx2 && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw");
#else
  return false;
#endif
}

SimdLevel simd_level() noexcept { return chosen().load(); }
std::string_view name(SimdLevel level) noexcept { return kNames[static_cast<std::size_t>(level)]; }

bool set_simd_level(SimdLevel level) noexcept {
  if (!simd_supported(level)) return false;
  chosen().store(level);
  return true;
}

std::size_t count_byte(const char* data, std::size_t size, char byte) noexcept {
  return kernels().count(data, size, byte);
}

std::size_t find_ends(const char* data, std::size_t size, char separator, std::uint32_t* index) noexcept {
  return kernels().ends(data, size, separator, index);
}

}  // namespace cuadre
