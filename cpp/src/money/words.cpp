// Amounts in Spanish words, as receipts of Colombia and Peru print them.
#include <algorithm>
#include <array>

#include "cuadre/money/text.hpp"

namespace cuadre {
namespace {

struct Noun {
  std::string_view code;
  std::string_view one;
  std::string_view many;
  std::string_view minor_one;
  std::string_view minor_many;
};

// Masculine nouns only: a feminine one (LIBRA) would change the hundreds as well. COP is the first.
constexpr auto kNouns = std::to_array<Noun>({
    {"COP", "PESO COLOMBIANO", "PESOS COLOMBIANOS", "CENTAVO", "CENTAVOS"},
    {"PEN", "SOL", "SOLES", "CÉNTIMO", "CÉNTIMOS"},
    {"USD", "DÓLAR AMERICANO", "DÓLARES AMERICANOS", "CENTAVO", "CENTAVOS"},
    {"EUR", "EURO", "EUROS", "CÉNTIMO", "CÉNTIMOS"},
    {"CLP", "PESO CHILENO", "PESOS CHILENOS", "", ""},
    {"BOB", "BOLIVIANO", "BOLIVIANOS", "CENTAVO", "CENTAVOS"},
    {"MXN", "PESO MEXICANO", "PESOS MEXICANOS", "CENTAVO", "CENTAVOS"},
    {"ARS", "PESO ARGENTINO", "PESOS ARGENTINOS", "CENTAVO", "CENTAVOS"},
    {"UYU", "PESO URUGUAYO", "PESOS URUGUAYOS", "CENTÉSIMO", "CENTÉSIMOS"},
    {"BRL", "REAL BRASILEÑO", "REALES BRASILEÑOS", "CENTAVO", "CENTAVOS"},
    {"PYG", "GUARANÍ", "GUARANÍES", "", ""},
});
constexpr Noun kHomePeso{"COP", "PESO", "PESOS", "CENTAVO", "CENTAVOS"};

constexpr auto kSmall = std::to_array<std::string_view>({
    "",           "UNO",         "DOS",        "TRES",         "CUATRO",      "CINCO",      "SEIS",
    "SIETE",      "OCHO",        "NUEVE",      "DIEZ",         "ONCE",        "DOCE",       "TRECE",
    "CATORCE",    "QUINCE",      "DIECISÉIS",  "DIECISIETE",   "DIECIOCHO",   "DIECINUEVE", "VEINTE",
    "VEINTIUNO",  "VEINTIDÓS",   "VEINTITRÉS", "VEINTICUATRO", "VEINTICINCO", "VEINTISÉIS", "VEINTISIETE",
    "VEINTIOCHO", "VEINTINUEVE",
});
constexpr auto kTens = std::to_array<std::string_view>(
    {"", "", "", "TREINTA", "CUARENTA", "CINCUENTA", "SESENTA", "SETENTA", "OCHENTA", "NOVENTA"});
constexpr auto kHundreds =
    std::to_array<std::string_view>({"", "CIENTO", "DOSCIENTOS", "TRESCIENTOS", "CUATROCIENTOS", "QUINIENTOS",
                                     "SEISCIENTOS", "SETECIENTOS", "OCHOCIENTOS", "NOVECIENTOS"});

struct Scale {
  std::uint64_t value;
  std::string_view one;
  std::string_view many;
};
constexpr std::uint64_t kMillion = 1'000'000;
constexpr auto kScales = std::to_array<Scale>({
    {kMillion * kMillion * kMillion, "UN TRILLÓN", "TRILLONES"},
    {kMillion * kMillion, "UN BILLÓN", "BILLONES"},
    {kMillion, "UN MILLÓN", "MILLONES"},
});

void append(std::string& text, std::string_view word) {
  if (word.empty()) return;
  if (!text.empty()) text += ' ';
  text += word;
}

// `before_noun`: UN, VEINTIÚN where a masculine noun (or MIL, MILLONES) follows; UNO, VEINTIUNO otherwise.
std::string below_thousand(std::uint64_t number, bool before_noun) {
  if (number == 100) return "CIEN";
  std::string text(kHundreds[number / 100]);
  const std::uint64_t rest = number % 100;
  if (rest == 1 && before_noun) {
    append(text, "UN");
  } else if (rest == 21 && before_noun) {
    append(text, "VEINTIÚN");
  } else if (rest < kSmall.size()) {
    append(text, kSmall[rest]);
  } else {
    append(text, kTens[rest / 10]);
    if (rest % 10 != 0) {
      append(text, "Y");
      append(text, rest % 10 == 1 && before_noun ? "UN" : kSmall[rest % 10]);
    }
  }
  return text;
}

std::string below_million(std::uint64_t number, bool before_noun) {
  std::string text;
  const std::uint64_t thousands = number / 1000;
  if (thousands > 1) text = below_thousand(thousands, true);
  if (thousands > 0) append(text, "MIL");
  append(text, below_thousand(number % 1000, before_noun));
  return text;
}

std::string words(std::uint64_t number, bool before_noun) {
  if (number == 0) return "CERO";
  std::string text;
  for (const Scale& scale : kScales) {
    const std::uint64_t count = number / scale.value % kMillion;
    if (count == 1) append(text, scale.one);
    if (count > 1) {
      append(text, below_million(count, true));
      append(text, scale.many);
    }
  }
  append(text, below_million(number % kMillion, before_noun));
  return text;
}

// "UN PESO", "CIEN PESOS", "UN MILLÓN DE PESOS", "UN MILLÓN CIEN PESOS".
std::string counted(std::uint64_t number, std::string_view one, std::string_view many) {
  std::string text = words(number, true);
  if (number != 0 && number % kMillion == 0) append(text, "DE");
  append(text, number == 1 ? one : many);
  return text;
}

const Noun& noun_of(Currency currency, Locale locale) {
  if (locale == Locale::es_co && currency.code() == kHomePeso.code) return kHomePeso;
  const auto* const found =
      std::find_if(kNouns.begin(), kNouns.end(), [&](const Noun& each) { return each.code == currency.code(); });
  if (found == kNouns.end()) {
    std::string known;
    for (const Noun& each : kNouns) known += (known.empty() ? "" : ", ") + std::string(each.code);
    throw Error(ErrorCode::argument_invalid,
                "there is no Spanish name for " + std::string(currency.code()) + " here, only for " + known);
  }
  return *found;
}

std::string two_digits(std::uint64_t number) {
  return {static_cast<char>('0' + number / 10), static_cast<char>('0' + number % 10)};
}

// All currencies of the table have a hundred minor units, or none.
std::string in_peru(std::uint64_t whole, std::uint64_t cents, const Noun& noun) {
  if (noun.minor_one.empty()) return counted(whole, noun.one, noun.many);
  return words(whole, false) + " Y " + two_digits(cents) + "/100 " + std::string(noun.many);
}

std::string in_colombia(std::uint64_t whole, std::uint64_t cents, const Noun& noun) {
  std::string text = counted(whole, noun.one, noun.many);
  if (cents != 0) text += " CON " + counted(cents, noun.minor_one, noun.minor_many);
  if (noun.code == kHomePeso.code) text += " M/CTE";
  return text;
}

}  // namespace

std::string money_in_words(Money money, Locale locale) {
  if (locale != Locale::es_co && locale != Locale::es_pe) {
    throw Error(ErrorCode::argument_invalid,
                "amounts are put in words for es-CO and es-PE, not for " + std::string(name(locale)));
  }
  const Noun& noun = noun_of(money.currency(), locale);
  const bool negative = money.amount_minor() < 0;
  const auto bits = static_cast<std::uint64_t>(money.amount_minor());
  const std::uint64_t minor = negative ? std::uint64_t{0} - bits : bits;
  const std::uint64_t scale = noun.minor_one.empty() ? 1 : 100;
  std::string text = locale == Locale::es_pe ? "SON: " : "";
  if (negative) text += "MENOS ";
  text += locale == Locale::es_pe ? in_peru(minor / scale, minor % scale, noun)
                                  : in_colombia(minor / scale, minor % scale, noun);
  return text;
}

}  // namespace cuadre
