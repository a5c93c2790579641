// What the locales write: separators and symbols. Shared by reading and formatting.
#pragma once

#include <span>
#include <string_view>

#include "cuadre/money/text.hpp"

namespace cuadre {

struct LocaleMarks {
  std::string_view name;
  char decimal_mark;
  char grouping;              // 0: none
  std::string_view gap;       // between a symbol and the number
  std::string_view code_gap;  // between a code and the number
};

const LocaleMarks& marks(Locale locale) noexcept;

// What the locale puts before the number: "$", "US$", "S/"; empty where it writes the code.
std::string_view symbol_of(Locale locale, Currency currency) noexcept;

// The longest symbol that any locale but plain reads, at the start of the text; empty where there is none.
std::string_view leading_symbol(std::string_view text) noexcept;

// The one currency that a symbol names in a locale; none where several share it and no one owns it.
Currency owner_of(std::string_view symbol, Locale locale) noexcept;
// May the symbol stand for this currency, if the caller says that it does?
bool may_mean(std::string_view symbol, Locale locale, Currency currency) noexcept;

}  // namespace cuadre
