// Exchange rates as records: what was agreed, by whom, until when. Both ways by exact division, never by a rounded
// inverse.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "cuadre/money/exact.hpp"

namespace cuadre {

// One unit of `base` is worth `value` units of `quote`: {USD, COP, 4145.73} is the TRM of a day.
struct Rate {
  Currency base;
  Currency quote;
  Ratio value;                                 // positive
  std::string kind;                            // "TRM", "SBS buy", "SBS sell", "mid", "contract"
  std::string source;                          // who said so
  std::int64_t as_of_us = 0;                   // microseconds since 1970-01-01 UTC: holds from then
  std::optional<std::int64_t> valid_until_us;  // and until just before then; empty: no end

  // Throws Error(rule_invalid), naming the field: a value of zero or less, a currency at another value than 1 of
  // itself, one without minor units, no kind or source, an end that is not after the beginning.
  void require_valid() const;
  friend bool operator==(const Rate&, const Rate&) = default;
};

// Halfway between two rates of one pair, exactly; it holds while both do. Throws Error(currency_mismatch) between
// pairs, Error(rule_invalid) where the two never hold together.
Rate mid(const Rate& buy, const Rate& sell);

// base to quote or quote to base, whichever the amount is in. Throws Error(currency_mismatch), Error(rate_outdated)
// outside [as_of, valid_until) unless `outdated_allowed`, Error(amount_overflow).
ExactMoney convert(const ExactMoney& amount, const Rate& rate, std::int64_t at_us, bool outdated_allowed = false);

// An exchange that took place: `paid` was taken for `received` at the locked rate. Refunds go by these two amounts, so
// that refunding all of one gives back exactly the other.
struct Conversion {
  Money paid;
  Money received;

  void require_valid() const;  // throws Error(argument_invalid): both are above zero
  friend bool operator==(const Conversion&, const Conversion&) = default;
};
// What goes back of `paid` when `now` of `received` is refunded after `before` of it was: rounded down, the rest with
// the last refund. Throws Error(argument_invalid) for less than nothing and more than is left,
// Error(currency_mismatch).
Money refund(const Conversion& conversion, Money before, Money now);

}  // namespace cuadre
