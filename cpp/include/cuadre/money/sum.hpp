// Sums of many amounts: one total per currency, 128 bits wide, so that no column of 64-bit amounts can overflow it.
// Apart from money.hpp because it brings Boost.Multiprecision along.
#pragma once

#include <boost/multiprecision/cpp_int.hpp>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "cuadre/money.hpp"

namespace cuadre {

// Holds every Int128 and throws on overflow instead of wrapping. For results; loops add native Int128 (an order of
// magnitude faster).
using WideInteger = boost::multiprecision::checked_int128_t;

WideInteger to_wide(Int128 value);

// Grows by add(); not safe to change from two threads at once, but the sums of several threads add up to one.
class MoneySum {
 public:
  void add(Money money);
  void add(Currency currency, Int128 minor);  // a total that was worked out elsewhere
  void add(const MoneySum& other);

  std::vector<Currency> currencies() const;           // those that were added, by code; a zero total stays listed
  WideInteger amount_minor(Currency currency) const;  // 0 where nothing was added
  std::string amount_text(Currency currency) const;   // exact decimal in major units
  Money money(Currency currency) const;               // throws Error(amount_overflow) when 64 bits do not hold it
  friend bool operator==(const MoneySum&, const MoneySum&) = default;

 private:
  Int128 total(Currency currency) const noexcept;
  void grow(Currency currency, Int128 minor);
  std::map<std::uint16_t, Int128> totals_;  // by currency id, which follows the code's order
};

}  // namespace cuadre
