// Spanish words against examples checked by hand; tests/money/test_text.py has the slow twin.
#include <gtest/gtest.h>

#include <limits>
#include <utility>

#include "cuadre/money/text.hpp"

namespace cuadre {
namespace {

struct Words {
  std::int64_t minor;
  std::string_view code;
  std::string_view text;
};

std::string words(std::int64_t minor, std::string_view code, Locale locale) {
  return money_in_words(Money::from_minor(minor, Currency::of(code)), locale);
}

TEST(MoneyInWords, peru) {
  const Words cases[] = {
      {0, "PEN", "SON: CERO Y 00/100 SOLES"},
      {5, "PEN", "SON: CERO Y 05/100 SOLES"},
      {100, "PEN", "SON: UNO Y 00/100 SOLES"},
      {2100, "PEN", "SON: VEINTIUNO Y 00/100 SOLES"},
      {12050, "PEN", "SON: CIENTO VEINTE Y 50/100 SOLES"},
      {10000, "PEN", "SON: CIEN Y 00/100 SOLES"},
      {100000, "PEN", "SON: MIL Y 00/100 SOLES"},
      {1014800, "PEN", "SON: DIEZ MIL CIENTO CUARENTA Y OCHO Y 00/100 SOLES"},
      {2100000, "PEN", "SON: VEINTIÚN MIL Y 00/100 SOLES"},
      {100000000, "PEN", "SON: UN MILLÓN Y 00/100 SOLES"},
      {-12050, "PEN", "SON: MENOS CIENTO VEINTE Y 50/100 SOLES"},
      {50001, "USD", "SON: QUINIENTOS Y 01/100 DÓLARES AMERICANOS"},
      {100, "COP", "SON: UNO Y 00/100 PESOS COLOMBIANOS"},
      {1000000, "CLP", "SON: UN MILLÓN DE PESOS CHILENOS"},
      {std::numeric_limits<std::int64_t>::min(), "PEN",
       "SON: MENOS NOVENTA Y DOS MIL DOSCIENTOS TREINTA Y TRES BILLONES SETECIENTOS VEINTE MIL TRESCIENTOS SESENTA Y "
       "OCHO MILLONES QUINIENTOS CUARENTA Y SIETE MIL SETECIENTOS CINCUENTA Y OCHO Y 08/100 SOLES"},
  };
  for (const Words& each : cases) EXPECT_EQ(words(each.minor, each.code, Locale::es_pe), each.text);
}

TEST(MoneyInWords, colombia) {
  const Words cases[] = {
      {0, "COP", "CERO PESOS M/CTE"},
      {1, "COP", "CERO PESOS CON UN CENTAVO M/CTE"},
      {100, "COP", "UN PESO M/CTE"},
      {121, "COP", "UN PESO CON VEINTIÚN CENTAVOS M/CTE"},
      {3100, "COP", "TREINTA Y UN PESOS M/CTE"},
      {10100, "COP", "CIENTO UN PESOS M/CTE"},
      {120050, "COP", "MIL DOSCIENTOS PESOS CON CINCUENTA CENTAVOS M/CTE"},
      {2100000, "COP", "VEINTIÚN MIL PESOS M/CTE"},
      {100000000, "COP", "UN MILLÓN DE PESOS M/CTE"},
      {100010000, "COP", "UN MILLÓN CIEN PESOS M/CTE"},
      {250000000, "COP", "DOS MILLONES QUINIENTOS MIL PESOS M/CTE"},
      {100000000000, "COP", "MIL MILLONES DE PESOS M/CTE"},
      {100000000000000, "COP", "UN BILLÓN DE PESOS M/CTE"},
      {2100000000, "COP", "VEINTIÚN MILLONES DE PESOS M/CTE"},
      {-5000, "COP", "MENOS CINCUENTA PESOS M/CTE"},
      {100, "PEN", "UN SOL"},
      {250, "PEN", "DOS SOLES CON CINCUENTA CÉNTIMOS"},
      {100, "USD", "UN DÓLAR AMERICANO"},
      {std::numeric_limits<std::int64_t>::max(), "CLP",
       "NUEVE TRILLONES DOSCIENTOS VEINTITRÉS MIL TRESCIENTOS SETENTA Y DOS BILLONES TREINTA Y SEIS MIL OCHOCIENTOS "
       "CINCUENTA Y CUATRO MILLONES SETECIENTOS SETENTA Y CINCO MIL OCHOCIENTOS SIETE PESOS CHILENOS"},
  };
  for (const Words& each : cases) EXPECT_EQ(words(each.minor, each.code, Locale::es_co), each.text);
}

TEST(MoneyInWords, refuses_what_it_cannot_say) {
  for (const auto& [code, locale] :
       {std::pair{"GBP", Locale::es_co}, {"JPY", Locale::es_pe}, {"PEN", Locale::en}, {"PEN", Locale::plain}}) {
    try {
      words(100, code, locale);
      ADD_FAILURE() << code;
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::argument_invalid);
    }
  }
}

}  // namespace
}  // namespace cuadre
