// Rounding, always by name. Ten modes, named by the direction they move in, because "up" and "half up" mean different
// things to different libraries.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "cuadre/money.hpp"

namespace cuadre {

// name, what it does. Python, the docstrings and the tests read this list.
#define CUADRE_ROUNDING_MODES(X)                                              \
  X(toward_zero, "cut off")                                                   \
  X(away_from_zero, "to the next larger amount, signs aside")                 \
  X(toward_pos_inf, "to the next higher amount (ceiling)")                    \
  X(toward_neg_inf, "to the next lower amount (floor)")                       \
  X(half_even, "to the nearest, ties to the even neighbour (NTC 3711, DIAN)") \
  X(half_odd, "to the nearest, ties to the odd neighbour")                    \
  X(half_away_from_zero, "to the nearest, ties away from zero (schoolbook)")  \
  X(half_toward_zero, "to the nearest, ties toward zero")                     \
  X(half_toward_pos_inf, "to the nearest, ties to the higher one")            \
  X(half_toward_neg_inf, "to the nearest, ties to the lower one")

enum class RoundingMode : std::uint8_t {
#define CUADRE_X(name, text) name,
  CUADRE_ROUNDING_MODES(CUADRE_X)
#undef CUADRE_X
};

std::string_view name(RoundingMode mode) noexcept;
std::optional<RoundingMode> find_rounding_mode(std::string_view name) noexcept;
RoundingMode rounding_mode_of(std::string_view name);  // throws Error(argument_invalid), listing the ten

// numerator / denominator as a whole number. The denominator is positive; cannot overflow.
Int128 divide_rounded(Int128 numerator, Int128 denominator, RoundingMode mode) noexcept;

// The multiple of `step_minor` (positive) that the mode names, in one pass. Throws Error(amount_overflow).
std::int64_t round_to_step(std::int64_t amount_minor, std::int64_t step_minor, RoundingMode mode);

}  // namespace cuadre
