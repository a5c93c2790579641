// Splitting an amount into shares that add up to it, always.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "cuadre/money/exact.hpp"

namespace cuadre {

// Largest remainder: every share gets its exact part rounded toward zero to a whole step, and the steps left over go
// one each to the largest remainders, ties to the lowest index. Shares of -amount are the negated shares of amount.
//
// weights   one or more, none negative, not all zero. A weight of zero gets nothing.
// step      shares are multiples of it; the amount must be one too.
// caps      empty, or one for each weight, not negative: no share is larger, signs aside (a cap is cut to a whole
//           step). Where an exact part reaches its cap the share is the cap, and what is left goes to the others by
//           their weights, as if those had been alone with it; and so on until no part reaches its cap. Only then are
//           the parts that are left rounded, which can reach a cap but never pass it.
// Throws Error(argument_invalid) for weights, step or caps that break these rules, also where the caps together are
// too small.
std::vector<std::int64_t> allocate(std::int64_t amount_minor, std::span<const Ratio> weights,
                                   std::int64_t step_minor = 1, std::span<const std::int64_t> caps_minor = {});
// By count, the same rule with equal weights: the first shares get the odd units.
std::vector<std::int64_t> allocate(std::int64_t amount_minor, std::size_t count, std::int64_t step_minor = 1);

}  // namespace cuadre
