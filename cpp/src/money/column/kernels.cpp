#include "money/column/kernels.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <limits>

#include "base/simd.hpp"

namespace cuadre {
namespace {

__extension__ using Unsigned128 = unsigned __int128;
constexpr std::int64_t kMin = std::numeric_limits<std::int64_t>::min();
constexpr std::int64_t kMax = std::numeric_limits<std::int64_t>::max();

#define CUADRE_INLINE [[gnu::always_inline]] inline

// Sums are unsigned so that they may wrap; the top bit of `wrapped` tells whether a signed one would have.
struct Add {
  CUADRE_INLINE static std::uint64_t of(std::uint64_t a, std::uint64_t b, std::uint64_t& wrapped) noexcept {
    const std::uint64_t sum = a + b;
    wrapped |= (a ^ sum) & (b ^ sum);
    return sum;
  }
};
struct Subtract {
  CUADRE_INLINE static std::uint64_t of(std::uint64_t a, std::uint64_t b, std::uint64_t& wrapped) noexcept {
    const std::uint64_t difference = a - b;
    wrapped |= (a ^ b) & (a ^ difference);
    return difference;
  }
};
struct Negate {
  CUADRE_INLINE static std::uint64_t of(std::uint64_t a, std::uint64_t /*b*/, std::uint64_t& wrapped) noexcept {
    const std::uint64_t negated = std::uint64_t{0} - a;
    wrapped |= a & negated;
    return negated;
  }
};
struct Abs {
  CUADRE_INLINE static std::uint64_t of(std::uint64_t a, std::uint64_t /*b*/, std::uint64_t& wrapped) noexcept {
    const auto sign = static_cast<std::uint64_t>(static_cast<std::int64_t>(a) >> 63);
    const std::uint64_t magnitude = (a ^ sign) - sign;
    wrapped |= magnitude;
    return magnitude;
  }
};

template <class Operation>
CUADRE_INLINE bool map_rows(const Operands& in, std::int64_t* __restrict out) noexcept {
  std::uint64_t wrapped = 0;
  const std::int64_t* const left = in.left;
  if (in.right == nullptr) {
    const auto scalar = static_cast<std::uint64_t>(in.scalar);
    for (std::size_t i = 0; i < in.size; ++i) {
      out[i] = static_cast<std::int64_t>(Operation::of(static_cast<std::uint64_t>(left[i]), scalar, wrapped));
    }
  } else {
    const std::int64_t* const right = in.right;
    for (std::size_t i = 0; i < in.size; ++i) {
      out[i] = static_cast<std::int64_t>(
          Operation::of(static_cast<std::uint64_t>(left[i]), static_cast<std::uint64_t>(right[i]), wrapped));
    }
  }
  return (wrapped >> 63U) != 0;
}

// By the range of what fits, which costs two comparisons instead of a product of 128 bits.
CUADRE_INLINE bool multiply_rows(const Operands& in, std::int64_t* __restrict out) noexcept {
  const std::int64_t times = in.scalar;
  std::int64_t low = kMin;
  std::int64_t high = kMax;
  if (times > 0) {
    low = kMin / times;
    high = kMax / times;
  } else if (times < 0) {
    low = kMax / times;
    high = times == -1 ? kMax : kMin / times;
  }
  std::int64_t outside = 0;
  for (std::size_t i = 0; i < in.size; ++i) {
    const std::int64_t value = in.left[i];
    outside |= static_cast<std::int64_t>(value < low) | static_cast<std::int64_t>(value > high);
    out[i] = static_cast<std::int64_t>(static_cast<std::uint64_t>(value) * static_cast<std::uint64_t>(times));
  }
  return outside != 0;
}

struct Equal {
  CUADRE_INLINE static bool of(std::int64_t a, std::int64_t b) noexcept { return a == b; }
};
struct Less {
  CUADRE_INLINE static bool of(std::int64_t a, std::int64_t b) noexcept { return a < b; }
};
struct Greater {
  CUADRE_INLINE static bool of(std::int64_t a, std::int64_t b) noexcept { return a > b; }
};

// Eight rows make a byte; the inner loop has a fixed length, so that it becomes a few vector instructions.
template <class Relation>
CUADRE_INLINE void compare_rows(const Operands& in, std::uint8_t* __restrict bits) noexcept {
  const auto right = [&](std::size_t i) __attribute__((always_inline)) {
    return in.right == nullptr ? in.scalar : in.right[i];
  };
  std::size_t i = 0;
  for (; i + 8 <= in.size; i += 8) {
    std::uint64_t byte = 0;
    if (in.right == nullptr) {
      const std::int64_t scalar = in.scalar;
      for (std::size_t k = 0; k < 8; ++k) byte |= std::uint64_t{Relation::of(in.left[i + k], scalar)} << k;
    } else {
      for (std::size_t k = 0; k < 8; ++k) byte |= std::uint64_t{Relation::of(in.left[i + k], in.right[i + k])} << k;
    }
    bits[i / 8] = static_cast<std::uint8_t>(byte);
  }
  if (i == in.size) return;
  unsigned byte = 0;
  for (std::size_t k = 0; i + k < in.size; ++k) byte |= unsigned{Relation::of(in.left[i + k], right(i + k))} << k;
  bits[i / 8] = static_cast<std::uint8_t>(byte);
}

// Halves of 32 bits, each summed without a carry; the upper ones moved up so that they are not negative.
CUADRE_INLINE Int128 sum_rows(const std::int64_t* values, std::size_t size) noexcept {
  std::uint64_t low = 0;
  std::uint64_t high = 0;
  for (std::size_t i = 0; i < size; ++i) {
    const std::uint64_t moved = static_cast<std::uint64_t>(values[i]) ^ (std::uint64_t{1} << 63U);
    low += moved & 0xFFFFFFFFU;
    high += moved >> 32U;
  }
  const Int128 moved = (static_cast<Int128>(high) << 32U) + static_cast<Int128>(low);
  return moved - (static_cast<Int128>(size) << 63U);
}

CUADRE_INLINE std::int64_t min_rows(const std::int64_t* values, std::size_t size) noexcept {
  std::int64_t least = kMax;
  for (std::size_t i = 0; i < size; ++i) least = values[i] < least ? values[i] : least;
  return least;
}
CUADRE_INLINE std::int64_t max_rows(const std::int64_t* values, std::size_t size) noexcept {
  std::int64_t most = kMin;
  for (std::size_t i = 0; i < size; ++i) most = values[i] > most ? values[i] : most;
  return most;
}

// The same bodies for every instruction set.
// NOLINTBEGIN(bugprone-macro-parentheses): an attribute in parentheses is none
#define CUADRE_KERNELS(suffix, attributes)                                                                             \
  attributes bool add_##suffix(const Operands& in, std::int64_t* out) noexcept { return map_rows<Add>(in, out); }      \
  attributes bool subtract_##suffix(const Operands& in, std::int64_t* out) noexcept {                                  \
    return map_rows<Subtract>(in, out);                                                                                \
  }                                                                                                                    \
  attributes bool negate_##suffix(const Operands& in, std::int64_t* out) noexcept {                                    \
    return map_rows<Negate>(in, out);                                                                                  \
  }                                                                                                                    \
  attributes bool abs_##suffix(const Operands& in, std::int64_t* out) noexcept { return map_rows<Abs>(in, out); }      \
  attributes bool multiply_##suffix(const Operands& in, std::int64_t* out) noexcept { return multiply_rows(in, out); } \
  attributes void equal_##suffix(const Operands& in, std::uint8_t* bits) noexcept { compare_rows<Equal>(in, bits); }   \
  attributes void less_##suffix(const Operands& in, std::uint8_t* bits) noexcept { compare_rows<Less>(in, bits); }     \
  attributes void greater_##suffix(const Operands& in, std::uint8_t* bits) noexcept {                                  \
    compare_rows<Greater>(in, bits);                                                                                   \
  }                                                                                                                    \
  attributes Int128 sum_##suffix(const std::int64_t* values, std::size_t size) noexcept {                              \
    return sum_rows(values, size);                                                                                     \
  }                                                                                                                    \
  attributes std::int64_t min_##suffix(const std::int64_t* values, std::size_t size) noexcept {                        \
    return min_rows(values, size);                                                                                     \
  }                                                                                                                    \
  attributes std::int64_t max_##suffix(const std::int64_t* values, std::size_t size) noexcept {                        \
    return max_rows(values, size);                                                                                     \
  }                                                                                                                    \
  constexpr ColumnKernels kernels_##suffix = {add_##suffix,      subtract_##suffix, negate_##suffix, abs_##suffix,     \
                                              multiply_##suffix, equal_##suffix,    less_##suffix,   greater_##suffix, \
                                              sum_##suffix,      min_##suffix,      max_##suffix};

// NOLINTEND(bugprone-macro-parentheses)

CUADRE_KERNELS(portable, )
#if defined(__x86_64__)
CUADRE_KERNELS(avx2, __attribute__((target("avx2,bmi,bmi2"))))
#if defined(__clang__)
// Clang drops a target attribute whole where it does not know a word of it.
CUADRE_KERNELS(avx512, __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,bmi,bmi2"))))
#else
CUADRE_KERNELS(avx512, __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,bmi,bmi2,prefer-vector-width=512"))))
#endif

const ColumnKernels& chosen() noexcept {
  switch (simd_level()) {
    case SimdLevel::avx512:
      if (__builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl")) return kernels_avx512;
      return kernels_avx2;
    case SimdLevel::avx2:
      return kernels_avx2;
    case SimdLevel::portable:
      break;
  }
  return kernels_portable;
}
#else
const ColumnKernels& chosen() noexcept { return kernels_portable; }
#endif

template <RoundingMode kMode>
CUADRE_INLINE std::uint64_t away(std::uint64_t rest, std::uint64_t divisor, std::uint64_t odd,
                                 std::uint64_t negative) noexcept {
  const auto any = static_cast<std::uint64_t>(rest != 0);
  const auto above = static_cast<std::uint64_t>(2 * rest > divisor);
  const auto tie = static_cast<std::uint64_t>(2 * rest == divisor);
  switch (kMode) {
    case RoundingMode::toward_zero:
      return 0;
    case RoundingMode::away_from_zero:
      return any;
    case RoundingMode::toward_pos_inf:
      return any & (negative ^ 1U);
    case RoundingMode::toward_neg_inf:
      return any & negative;
    case RoundingMode::half_even:
      return above | (tie & odd);
    case RoundingMode::half_odd:
      return above | (tie & (odd ^ 1U));
    case RoundingMode::half_away_from_zero:
      return above | tie;
    case RoundingMode::half_toward_zero:
      return above;
    case RoundingMode::half_toward_pos_inf:
      return above | (tie & (negative ^ 1U));
    case RoundingMode::half_toward_neg_inf:
      return above | (tie & negative);
  }
  return 0;
}

}  // namespace

const ColumnKernels& column_kernels() noexcept { return chosen(); }

template <RoundingMode kMode>
bool RowScale::loop(const RowScale& scale, const std::int64_t* values, std::int64_t* out, std::size_t size) noexcept {
  const std::int64_t numerator = scale.numerator_;
  const auto divisor = static_cast<std::uint64_t>(scale.divisor_);
  const std::uint64_t magic = scale.magic_;
  const unsigned shift = scale.shift_;
  const std::int64_t step = scale.step_;
  bool wrapped = false;
  for (std::size_t i = 0; i < size; ++i) {
    std::int64_t product = 0;
    if (__builtin_mul_overflow(values[i], numerator, &product) || product == kMin) [[unlikely]] {
      wrapped |= !scale.wide(values[i], out[i]);
      continue;
    }
    const auto sign = static_cast<std::uint64_t>(product >> 63);
    const std::uint64_t magnitude = (static_cast<std::uint64_t>(product) ^ sign) - sign;
    std::uint64_t quotient = static_cast<std::uint64_t>((static_cast<Unsigned128>(magnitude) * magic) >> 64U) >> shift;
    quotient += away<kMode>(magnitude - quotient * divisor, divisor, quotient & 1U, sign & 1U);
    const auto rounded = static_cast<std::int64_t>((quotient ^ sign) - sign);
    wrapped |= __builtin_mul_overflow(rounded, step, &out[i]);
  }
  return wrapped;
}

RowScale::RowScale(std::int64_t numerator, std::int64_t divisor, std::int64_t step, RoundingMode mode) noexcept
    : numerator_(numerator), divisor_(divisor), step_(step), mode_(mode), loop_(nullptr) {
  // Granlund and Montgomery: exact for numerators below 2^63. The divisor is at least 2.
  const auto bits = static_cast<unsigned>(std::bit_width(static_cast<std::uint64_t>(divisor) - 1));
  magic_ = static_cast<std::uint64_t>((Unsigned128{1} << (63U + bits)) / static_cast<std::uint64_t>(divisor) + 1);
  shift_ = bits - 1;
  switch (mode) {
#define CUADRE_X(name, text)           \
  case RoundingMode::name:             \
    loop_ = &loop<RoundingMode::name>; \
    break;
    CUADRE_ROUNDING_MODES(CUADRE_X)
#undef CUADRE_X
  }
}

bool RowScale::wide(std::int64_t value, std::int64_t& out) const noexcept {
  const Int128 rounded = divide_rounded(Int128{value} * numerator_, divisor_, mode_);
  if (rounded < kMin || rounded > kMax) {
    out = 0;
    return false;
  }
  return !__builtin_mul_overflow(static_cast<std::int64_t>(rounded), step_, &out);
}

}  // namespace cuadre
