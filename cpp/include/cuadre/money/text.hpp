// Amounts as people write them: strict reading, formatting and Spanish words. No platform data takes part: the tables
// are our own.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "cuadre/base/decimal.hpp"
#include "cuadre/base/words.hpp"
#include "cuadre/money.hpp"

namespace cuadre {

// plain: "PEN 1234.50"; en: "$1,234.50"; es_co: "$ 1.234,50"; es_pe: "S/ 1,234.50" (the blank is a no-break space).
enum class Locale : std::uint8_t { plain, en, es_co, es_pe };
std::string_view name(Locale locale) noexcept;  // "plain", "en", "es-CO", "es-PE"
Locale locale_of(std::string_view name);        // throws Error(argument_invalid), listing them

// The whole text must be one amount of the locale.
//   currency  in front (symbol or code) or behind (code only), apart by nothing, one blank or one no-break blank
//             (U+00A0, U+202F). plain knows codes only.
//   sign      one minus in front of everything or of the number, or brackets around everything. No plus.
//   number    ASCII digits, at least one in front of the decimal mark and one behind it where it stands; groups of
//             exactly three, all or none, and none behind a leading zero ("0.123" is no thousand in es-CO).
// Judged by exact value, so "1.50000" is an amount of two decimals, and "1,234" in es-CO has one decimal too many.
// Symbols: "S/" and the older "S/." are PEN, "US$" is USD in every locale but plain, and so "S/.5" is five soles.
// "$" is COP in es-CO, and nothing else: another currency given with it is a mismatch. In en it is USD, or the given
// currency if that writes "$" at home (COP, CLP, MXN...). In es-PE nobody owns it, so the currency must be given.
// `currency` empty: the text must name it; given: a text that names another one is Error(currency_mismatch).
// Throws Error(amount_invalid | amount_inexact | amount_overflow) with the column (1-based byte),
// Error(currency_unknown) for a code that ISO does not list and for a text from which the currency is not plain,
// Error(argument_invalid) for a currency without minor units.
Money parse_money(std::string_view text, Locale locale, Currency currency = {});

enum class CurrencyStyle : std::uint8_t { symbol, code, none };

struct MoneyFormat {
  Locale locale = Locale::plain;
  CurrencyStyle style = CurrencyStyle::symbol;
  // Decimals shown, 0 to 9. Empty: those of the currency, but Colombian pesos without centavos show none (plain shows
  // them). Fewer than the amount needs is Error(amount_inexact): round first.
  std::optional<int> decimals = std::nullopt;
  bool brackets = false;  // (5.00) instead of -5.00
  bool grouping = true;
};
// The minus stands in front of everything ("-S/ 5.00"); in plain in front of the number ("PEN -5.00"). Currencies
// without a symbol in the locale's table are written by their code. parse_money reads back what this writes.
std::string format_money(Money money, const MoneyFormat& format);

// As reports write it, for every 128-bit sum: "COP -1,234.50". All decimals of the currency, groups of three. In
// Spanish the marks follow the money, "COP -1.234,50" and "PEN -1,234.50": so its readers write it. Appends, because a
// report is millions of them.
void append_amount(std::string& out, Int128 minor, Currency currency, Language language);
// The same without the code.
std::string amount_text(Int128 minor, Currency currency, Language language);
// Whether a comma stands before the decimals.
bool decimal_comma(Currency currency, Language language) noexcept;

// For receipts. Peru: "SON: CIENTO VEINTE Y 50/100 SOLES", "SON: UNO Y 00/100 SOLES". Colombia: "UN MILLÓN DE PESOS
// M/CTE", "MIL DOSCIENTOS PESOS CON CINCUENTA CENTAVOS M/CTE", "UN PESO M/CTE"; M/CTE (moneda corriente) with the own
// peso only. Long scale: MIL MILLONES, UN BILLÓN. Negative amounts say MENOS. Every amount of 64 bits. Locale es_co or
// es_pe; currencies with a Spanish name in the table; otherwise Error(argument_invalid).
std::string money_in_words(Money money, Locale locale);

}  // namespace cuadre
