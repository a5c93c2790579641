// Amounts as people write them: strict reading, formatting and Spanish words. No platform data takes part: the tables
// are our own.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "cuadre/money.hpp"

namespace cuadre {

// plain: "PEN 1234.50"; en: "$1,234.50"; es_co: "$ 1.234,50"; es_pe: "S/ 1,234.50" (the blank is a no-break space).
enum class Locale : std::uint8_t { plain, en, es_co, es_pe };
std::string_view name(Locale locale) noexcept;  // "plain", "en", "es-CO", "es-PE"
Locale locale_of(std::string_view name);        // throws Error(argument_invalid), listing them

// The whole text must be one amount of the locale. A currency stands in front (symbol or code) or behind (code only),
// apart by nothing, a blank or a no-break blank; the sign is a minus in front of everything or of the number. Groups of
// exactly three, all or none. `currency` empty: the text must name it; given: a text that names another one is
// Error(currency_mismatch). A symbol that several currencies share in the locale needs `currency`.
// Throws Error(amount_invalid | amount_inexact | amount_overflow) with the column, Error(currency_unknown).
Money parse_money(std::string_view text, Locale locale, Currency currency = {});

enum class CurrencyStyle : std::uint8_t { symbol, code, none };

struct MoneyFormat {
  Locale locale = Locale::plain;
  CurrencyStyle style = CurrencyStyle::symbol;
  // Decimals shown. Empty: those of the currency, except that pesos (COP, CLP...) without centavos show none.
  // Fewer than the amount needs is Error(amount_inexact): round first.
  std::optional<int> decimals;
  bool brackets = false;  // (5.00) instead of -5.00
  bool grouping = true;
};
std::string format_money(Money money, const MoneyFormat& format);

// For receipts. Peru: "SON: CIENTO VEINTE Y 50/100 SOLES". Colombia: "UN MILLÓN DE PESOS M/CTE", "MIL DOSCIENTOS PESOS
// CON CINCUENTA CENTAVOS M/CTE". Every amount of 64 bits. Locale es_co or es_pe; currencies with a Spanish name in the
// table; otherwise Error(argument_invalid).
std::string money_in_words(Money money, Locale locale);

}  // namespace cuadre
