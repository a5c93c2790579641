#include "money/locale.hpp"

#include <algorithm>
#include <array>
#include <string>

namespace cuadre {
namespace {

constexpr std::string_view kNoBreak = "\xC2\xA0";

constexpr auto kMarks = std::to_array<LocaleMarks>({
    {"plain", '.', 0, " ", " "},
    {"en", '.', ',', "", kNoBreak},
    {"es-CO", ',', '.', kNoBreak, kNoBreak},
    {"es-PE", '.', ',', kNoBreak, kNoBreak},
});

struct Shown {
  Locale locale;
  std::string_view code;
  std::string_view symbol;
};

// All others are written by their code.
constexpr auto kShown = std::to_array<Shown>({
    {Locale::es_co, "COP", "$"},
    {Locale::es_co, "USD", "US$"},
    {Locale::es_pe, "PEN", "S/"},
    {Locale::en, "USD", "$"},
    {Locale::en, "EUR", "€"},
    {Locale::en, "GBP", "£"},
    {Locale::en, "JPY", "¥"},
    {Locale::en, "BRL", "R$"},
    {Locale::en, "MXN", "MX$"},
    {Locale::en, "CAD", "CA$"},
    {Locale::en, "AUD", "A$"},
});

struct Named {
  std::string_view symbol;
  std::string_view code;
};

// Symbols of one currency everywhere. "S/." is how the sol was written until 2017.
constexpr auto kNamed = std::to_array<Named>({
    {"US$", "USD"},
    {"MX$", "MXN"},
    {"CA$", "CAD"},
    {"S/.", "PEN"},
    {"S/", "PEN"},
    {"R$", "BRL"},
    {"A$", "AUD"},
    {"€", "EUR"},
});

struct Shared {
  std::string_view symbol;
  std::string_view codes;  // of the currencies that write it at home
};

constexpr auto kShared = std::to_array<Shared>({
    {"$",
     "ARS AUD BBD BMD BND BSD BZD CAD CLP COP CUP DOP FJD GYD HKD JMD KYD LRD MXN NAD NZD SBD SGD SRD TTD USD UYU "
     "XCD"},
    {"£", "GBP GIP SHP"},
    {"¥", "CNY JPY"},
});

}  // namespace

const LocaleMarks& marks(Locale locale) noexcept { return kMarks[static_cast<std::size_t>(locale)]; }

std::string_view name(Locale locale) noexcept { return marks(locale).name; }

Locale locale_of(std::string_view name) {
  for (std::size_t i = 0; i < kMarks.size(); ++i) {
    if (kMarks[i].name == name) return static_cast<Locale>(i);
  }
  std::string wanted = "a locale is";
  for (const LocaleMarks& each : kMarks)
    wanted += std::string(wanted.ends_with("is") ? " " : ", ") + std::string(each.name);
  throw Error(ErrorCode::argument_invalid, wanted + "; not \"" + std::string(name.substr(0, 32)) + "\"");
}

bool decimal_comma(Currency currency, Language language) noexcept {
  static const auto kComma = [] {
    constexpr auto kCodes =
        std::to_array<std::string_view>({"COP", "CLP", "ARS", "BRL", "UYU", "PYG", "VES", "BOB", "EUR"});
    std::array<Currency, kCodes.size()> all;
    std::transform(kCodes.begin(), kCodes.end(), all.begin(), [](std::string_view code) { return Currency::of(code); });
    return all;
  }();
  return language == Language::spanish && std::find(kComma.begin(), kComma.end(), currency) != kComma.end();
}

std::string_view symbol_of(Locale locale, Currency currency) noexcept {
  for (const Shown& each : kShown) {
    if (each.locale == locale && each.code == currency.code()) return each.symbol;
  }
  return {};
}

std::string_view leading_symbol(std::string_view text) noexcept {
  for (const Named& each : kNamed) {  // longer ones stand first
    if (text.starts_with(each.symbol)) return each.symbol;
  }
  for (const Shared& each : kShared) {
    if (text.starts_with(each.symbol)) return each.symbol;
  }
  return {};
}

Currency owner_of(std::string_view symbol, Locale locale) noexcept {
  for (const Named& each : kNamed) {
    if (each.symbol == symbol) return Currency::find(each.code).value_or(Currency{});
  }
  for (const Shown& each : kShown) {
    if (each.locale == locale && each.symbol == symbol) return Currency::find(each.code).value_or(Currency{});
  }
  return {};
}

bool may_mean(std::string_view symbol, Locale locale, Currency currency) noexcept {
  const Currency owner = owner_of(symbol, locale);
  if (owner == currency) return true;
  // In Colombia "$" is the peso, and a dollar that is written so is a mistake waiting for its victim.
  if (locale == Locale::es_co && owner) return false;
  return std::any_of(kShared.begin(), kShared.end(), [&](const Shared& each) {
    return each.symbol == symbol && each.codes.find(currency.code()) != std::string_view::npos;
  });
}

}  // namespace cuadre
