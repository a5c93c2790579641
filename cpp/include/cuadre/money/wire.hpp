// Amounts on the wire. How many decimals stand there belongs to gateway + message + currency, not to the currency
// alone.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "cuadre/money.hpp"

namespace cuadre {

struct WireForm {
  enum class Unit : std::uint8_t { major, scaled } unit = Unit::major;  // "1234.50", or 123450 with `decimals` implied
  int decimals_min = 2;     // major: fewer are refused when reading. scaled: how many are implied, both numbers alike
  int decimals_max = 2;     // major: more are refused, even where they are zeros
  bool trim_zeros = false;  // major: write as few as decimals_min allows; else those of the currency, within the bounds
  bool negative_allowed = false;
  // What may be asked for; 0: no limit. Not looked at when reading: what was paid is a fact, whatever the rules say.
  std::int64_t minimum_minor = 0;
  std::int64_t maximum_minor = 0;
};

// Throws Error(argument_invalid) where the form contradicts itself.
void check_wire_form(const WireForm& form);

// Digits, with one point where the form says so; nothing else, no grouping, no exponent, no blank, no plus, no zeros in
// front. Throws Error(amount_invalid | amount_inexact | amount_overflow) with the column, Error(argument_invalid) for a
// form that contradicts itself.
Money read_wire(std::string_view text, const WireForm& form, Currency currency);
// Throws Error(amount_inexact) where the form has too few decimals for the amount: nothing is rounded on the way out;
// Error(argument_invalid) for what the form does not allow (negative, below the minimum, above the maximum).
std::string write_wire(Money money, const WireForm& form);

}  // namespace cuadre
