// Amounts in tables: how many decimals a column of ours needs, and the minor units of a foreign decimal.
#pragma once

#include <algorithm>
#include <cstdint>

#include "cuadre/money.hpp"
#include "table/arrow_columns.hpp"

namespace cuadre {

// Those of the finest currency in the column, at least two.
class AmountScale {
 public:
  void holds(Currency currency) noexcept { scale_ = std::max(scale_, currency.minor_units()); }
  int value() const noexcept { return scale_; }

 private:
  int scale_ = 2;
};

// value x 10^-scale in minor units: exact, or overflow, or inexact, judged in this order.
inline AmountStatus to_minor(const Wide& value, int scale, int minor_units, std::int64_t& minor) noexcept {
  switch (to_decimals(value, scale, minor_units, minor)) {
    case DecimalFit::exact:
      return AmountStatus::ok;
    case DecimalFit::inexact:
      return AmountStatus::inexact;
    case DecimalFit::overflow:
      break;
  }
  return AmountStatus::overflow;
}

}  // namespace cuadre
