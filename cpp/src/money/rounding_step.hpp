// The one decision behind every rounding: after cutting off, does the quotient move one away from zero?
#pragma once

#include "cuadre/money/rounding.hpp"

namespace cuadre {

// Asked only where something was cut off. `negative`: the exact quotient is below zero. `half`: what was cut off
// against one half, -1, 0 or 1. `odd`: the quotient that was cut off is odd.
constexpr bool moves_away(RoundingMode mode, bool negative, int half, bool odd) noexcept {
  switch (mode) {
    case RoundingMode::toward_zero:
      return false;
    case RoundingMode::away_from_zero:
      return true;
    case RoundingMode::toward_pos_inf:
      return !negative;
    case RoundingMode::toward_neg_inf:
      return negative;
    case RoundingMode::half_even:
      return half > 0 || (half == 0 && odd);
    case RoundingMode::half_odd:
      return half > 0 || (half == 0 && !odd);
    case RoundingMode::half_away_from_zero:
      return half >= 0;
    case RoundingMode::half_toward_zero:
      return half > 0;
    case RoundingMode::half_toward_pos_inf:
      return half > 0 || (half == 0 && !negative);
    case RoundingMode::half_toward_neg_inf:
      return half > 0 || (half == 0 && negative);
  }
  return false;
}

// For whole numbers of any width; the denominator is positive. Cannot overflow: nothing is doubled.
template <class Integer>
constexpr Integer divide_rounded_as(Integer numerator, Integer denominator, RoundingMode mode) noexcept {
  const Integer quotient = numerator / denominator;
  Integer rest = numerator % denominator;
  if (rest == 0) return quotient;
  const bool negative = rest < 0;
  if (negative) rest = -rest;  // below the denominator, so it has a positive twin
  const Integer other = denominator - rest;
  const int half = rest < other ? -1 : (rest > other ? 1 : 0);
  if (!moves_away(mode, negative, half, quotient % 2 != 0)) return quotient;
  return negative ? quotient - 1 : quotient + 1;
}

}  // namespace cuadre
