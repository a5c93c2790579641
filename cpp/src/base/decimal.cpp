#include "cuadre/base/decimal.hpp"

#include <algorithm>

namespace cuadre {

std::string decimal_text(Int128 value, int decimals) {
  __extension__ typedef unsigned __int128 Unsigned;
  const bool negative = value < 0;
  auto left = negative ? Unsigned{0} - static_cast<Unsigned>(value) : static_cast<Unsigned>(value);
  std::string text;  // from the last digit to the first
  for (int count = 0; left != 0 || count <= decimals; ++count) {
    if (count == decimals && decimals > 0) text += '.';
    text += static_cast<char>('0' + static_cast<int>(left % 10));
    left /= 10;
  }
  if (negative) text += '-';
  std::reverse(text.begin(), text.end());
  return text;
}

}  // namespace cuadre
