// Amounts between two roundings: exact rationals that must be rounded by name to become Money again.
#pragma once

#include <boost/multiprecision/cpp_int.hpp>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "cuadre/money.hpp"
#include "cuadre/money/rounding.hpp"

namespace cuadre {

// Without expression templates: with them Boost's gcd, lcm, abs and pow return objects that refer to temporaries
// already gone (empty function objects, which no compiler reads; clang-tidy is right all the same).
using BigInteger =
    boost::multiprecision::number<boost::multiprecision::cpp_int_backend<>, boost::multiprecision::et_off>;

// An exact rational in lowest terms; the denominator is positive. Neither part is longer than kBitsMax bits: a longer
// one is Error(amount_overflow), so that a chain of operations cannot eat the machine.
class Ratio {
 public:
  static constexpr unsigned kBitsMax = 4096;

  Ratio() : numerator_(0), denominator_(1) {}
  Ratio(std::int64_t whole)
      : numerator_(whole), denominator_(1) {}           // NOLINT(google-explicit-constructor): a whole
                                                        // number is a ratio
  Ratio(BigInteger numerator, BigInteger denominator);  // throws Error(argument_invalid) for a denominator of zero

  // "0.19", "-3/4", "19%", "4.14‰" (also "4.14 per mille"). Throws Error(amount_invalid) with the column of the fault.
  static Ratio parse(std::string_view text);

  const BigInteger& numerator() const noexcept { return numerator_; }
  const BigInteger& denominator() const noexcept { return denominator_; }
  bool is_whole() const noexcept { return denominator_ == 1; }
  int sign() const noexcept { return numerator_.sign(); }
  std::string text() const;  // "19/100", "3"

  Ratio operator-() const;
  friend Ratio operator+(const Ratio& left, const Ratio& right);
  friend Ratio operator-(const Ratio& left, const Ratio& right);
  friend Ratio operator*(const Ratio& left, const Ratio& right);
  friend Ratio operator/(const Ratio& left, const Ratio& right);  // throws Error(argument_invalid) by zero
  friend bool operator==(const Ratio&, const Ratio&) = default;
  friend std::strong_ordering operator<=>(const Ratio& left, const Ratio& right);

  BigInteger rounded(RoundingMode mode) const;

 private:
  BigInteger numerator_;
  BigInteger denominator_;
};

struct Rounded;

// An amount of one currency at any precision. Mixed currencies throw Error(currency_mismatch).
class ExactMoney {
 public:
  explicit ExactMoney(Money money) : minor_(money.amount_minor()), currency_(money.currency()) {}
  ExactMoney(Ratio minor, Currency currency);  // throws as Money::from_minor does for the currency

  const Ratio& minor() const noexcept { return minor_; }
  Currency currency() const noexcept { return currency_; }

  ExactMoney operator-() const { return {-minor_, currency_}; }
  friend ExactMoney operator+(const ExactMoney& left, const ExactMoney& right);
  friend ExactMoney operator-(const ExactMoney& left, const ExactMoney& right);
  friend ExactMoney operator*(const ExactMoney& money, const Ratio& factor);
  friend ExactMoney operator/(const ExactMoney& money, const Ratio& divisor);
  friend bool operator==(const ExactMoney&, const ExactMoney&) = default;

  // The only ways out. step_minor: to multiples of so many minor units. Throw Error(amount_overflow).
  Rounded round(RoundingMode mode, std::int64_t step_minor = 1) const;
  Money whole() const;  // throws Error(amount_inexact) where rounding would be needed

 private:
  Ratio minor_;
  Currency currency_;
};

// What came out, and what was rounded away: money + rest is the exact amount.
struct Rounded {
  Money money;
  ExactMoney rest;
};

// amount * factor, or amount / divisor, in one rounding. Fast where the ratio fits 64 bits.
Money multiply(Money money, const Ratio& factor, RoundingMode mode);
Money divide(Money money, const Ratio& divisor, RoundingMode mode);  // throws Error(argument_invalid) by zero

// The part of `part` that belongs to `done` out of `whole`, for money that is given back bit by bit: whole shares of a
// growing `done` never shrink, never exceed `part`, and end at exactly `part`. (tax of a price, the fee of a sale, the
// other side of an exchange.) Rounds toward zero, so that never more is given back than is due. 0 <= done <= whole, 0 <
// whole; throws Error(argument_invalid) otherwise.
std::int64_t share_done(std::int64_t part, std::int64_t whole, std::int64_t done);

}  // namespace cuadre
