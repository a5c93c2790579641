// How many decimals an amount column needs: those of the finest currency in it, at least two.
#pragma once

#include <algorithm>

#include "cuadre/money.hpp"

namespace cuadre {

class AmountScale {
 public:
  void holds(Currency currency) noexcept { scale_ = std::max(scale_, currency.minor_units()); }
  int value() const noexcept { return scale_; }

 private:
  int scale_ = 2;
};

}  // namespace cuadre
