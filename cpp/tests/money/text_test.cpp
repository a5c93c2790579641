// Amounts as people write them: what each locale reads, refuses with its column, and writes; and that writing and
// reading are inverse.
#include "cuadre/money/text.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <random>
#include <vector>

namespace cuadre {
namespace {

constexpr std::int64_t kMin = std::numeric_limits<std::int64_t>::min();
constexpr std::int64_t kMax = std::numeric_limits<std::int64_t>::max();
constexpr Locale kLocales[] = {Locale::plain, Locale::en, Locale::es_co, Locale::es_pe};

Money money(std::int64_t minor, std::string_view code) { return Money::from_minor(minor, Currency::of(code)); }
Currency currency(std::string_view code) { return code.empty() ? Currency{} : Currency::of(code); }

struct Read {
  Locale locale;
  std::string_view text;
  std::string_view given;
  std::int64_t minor;
  std::string_view code;
};

TEST(ParseMoney, reads_what_the_locale_writes) {
  const Read cases[] = {
      {Locale::plain, "PEN 1234.50", "", 123450, "PEN"},
      {Locale::plain, "1234.5PEN", "", 123450, "PEN"},
      {Locale::plain, "PEN -1234.50", "", -123450, "PEN"},
      {Locale::plain, "1234.50", "PEN", 123450, "PEN"},
      {Locale::es_pe, "S/ 1,234.50", "", 123450, "PEN"},
      {Locale::es_pe, "S/. 1,234.50", "PEN", 123450, "PEN"},
      {Locale::es_pe, "S/.5", "", 500, "PEN"},
      {Locale::es_pe,
       "S/\xC2\xA0"
       "5",
       "", 500, "PEN"},
      {Locale::es_pe,
       "S/\xE2\x80\xAF"
       "5.1",
       "", 510, "PEN"},
      {Locale::es_pe, "-S/5", "", -500, "PEN"},
      {Locale::es_pe, "S/ -5", "", -500, "PEN"},
      {Locale::es_pe, "(S/ 5.00)", "", -500, "PEN"},
      {Locale::es_pe, "US$ 5.00", "", 500, "USD"},
      {Locale::es_pe, "$ 5.00", "USD", 500, "USD"},
      {Locale::es_pe, "1,234 PEN", "", 123400, "PEN"},
      {Locale::es_pe, "1,234", "PEN", 123400, "PEN"},
      {Locale::es_co, "$ 1.234", "COP", 123400, "COP"},
      {Locale::es_co, "$1.234", "", 123400, "COP"},
      {Locale::es_co, "1.234", "COP", 123400, "COP"},
      {Locale::es_co, "$ 1.234,50", "", 123450, "COP"},
      {Locale::es_co, "1234,50", "COP", 123450, "COP"},
      {Locale::es_co, "US$ 1.234,5", "", 123450, "USD"},
      {Locale::es_co, "0,50000", "COP", 50, "COP"},
      {Locale::en, "$1,234.50", "", 123450, "USD"},
      {Locale::en, "$1,234.50", "COP", 123450, "COP"},
      {Locale::en, "€5", "", 500, "EUR"},
      {Locale::en, "¥5", "", 5, "JPY"},
      {Locale::en, "¥5", "CNY", 500, "CNY"},
      {Locale::en, "-$92,233,720,368,547,758.08", "", kMin, "USD"},
  };
  for (const Read& each : cases) {
    EXPECT_EQ(parse_money(each.text, each.locale, currency(each.given)), money(each.minor, each.code)) << each.text;
  }
}

struct Refused {
  Locale locale;
  std::string_view text;
  std::string_view given;
  ErrorCode code;
  std::uint64_t column;
};

TEST(ParseMoney, refuses_with_a_code_and_a_column) {
  using enum ErrorCode;
  const Refused cases[] = {
      {Locale::es_co, "1,234.50", "COP", amount_invalid, 6},
      {Locale::es_co, "$ 1,234.50", "", amount_invalid, 8},
      {Locale::es_co, "1,234", "COP", amount_inexact, 5},
      {Locale::es_co, "1.23", "COP", amount_invalid, 5},
      {Locale::es_co, "1.2345", "COP", amount_invalid, 6},
      {Locale::es_co, "1234.567", "COP", amount_invalid, 5},
      {Locale::es_co, "0.123", "COP", amount_invalid, 2},
      {Locale::es_pe, "1.234,50", "PEN", amount_invalid, 6},
      {Locale::es_pe, "1.234", "PEN", amount_inexact, 5},
      {Locale::es_pe, "S/..5", "", amount_invalid, 4},
      {Locale::es_pe, "S/  5", "", amount_invalid, 4},
      {Locale::es_pe, "S / 5", "", amount_invalid, 1},
      {Locale::es_pe, "S/", "", amount_invalid, 1},
      {Locale::es_pe, "", "PEN", amount_invalid, 1},
      {Locale::es_pe, "-", "PEN", amount_invalid, 1},
      {Locale::es_pe, "--5", "PEN", amount_invalid, 2},
      {Locale::es_pe, "-S/ -5", "PEN", amount_invalid, 5},
      {Locale::es_pe, "5-", "PEN", amount_invalid, 2},
      {Locale::es_pe, "+5", "PEN", amount_invalid, 1},
      {Locale::es_pe, "- 5", "PEN", amount_invalid, 2},
      {Locale::es_pe, "(5", "PEN", amount_invalid, 3},
      {Locale::es_pe, "(-5)", "PEN", amount_invalid, 2},
      {Locale::es_pe, "5)", "PEN", amount_invalid, 2},
      {Locale::es_pe, " 5", "PEN", amount_invalid, 1},
      {Locale::es_pe, "5 ", "PEN", amount_invalid, 2},
      {Locale::es_pe, ".5", "PEN", amount_invalid, 1},
      {Locale::es_pe, "5.", "PEN", amount_invalid, 3},
      {Locale::es_pe, "1E5", "PEN", amount_invalid, 2},
      {Locale::es_pe, "NaN", "PEN", amount_invalid, 1},
      {Locale::es_pe, "INF", "PEN", amount_invalid, 1},
      {Locale::es_pe, "\xD9\xA3", "PEN", amount_invalid, 1},       // Arabic-Indic three
      {Locale::es_pe, "1\xEF\xBC\x95", "PEN", amount_invalid, 2},  // full-width five
      {Locale::es_pe,
       "\xE2\x88\x92"
       "5",
       "PEN", amount_invalid, 1},  // a typographic minus
      {Locale::es_pe, "PEN 5 PEN", "", amount_invalid, 6},
      {Locale::es_pe, "5 S/", "", amount_invalid, 2},
      {Locale::es_pe, "pen 5", "", amount_invalid, 1},
      {Locale::es_pe, "XYZ 5", "", currency_unknown, 1},
      {Locale::es_pe, "5 XYZ", "", currency_unknown, 3},
      {Locale::es_pe, "5", "", currency_unknown, 1},
      {Locale::es_pe, "$ 5", "", currency_unknown, 1},
      {Locale::es_pe, "$ 5", "PEN", currency_mismatch, 1},
      {Locale::es_pe, "S/ 5", "COP", currency_mismatch, 1},
      {Locale::es_co, "$ 5", "USD", currency_mismatch, 1},
      {Locale::es_co, "$ 5", "CLP", currency_mismatch, 1},
      {Locale::en, "$5", "EUR", currency_mismatch, 1},
      {Locale::en, "5 COP", "PEN", currency_mismatch, 3},
      {Locale::plain, "$ 5", "USD", amount_invalid, 1},
      {Locale::plain, "1,234.50", "USD", amount_invalid, 2},
      {Locale::es_pe, "1234567890123456789012345678901234567890", "PEN", amount_overflow, 1},
      {Locale::es_pe, "S/ -92233720368547758.09", "", amount_overflow, 5},
      {Locale::es_pe, "92233720368547758.08", "PEN", amount_overflow, 1},
  };
  for (const Refused& each : cases) {
    try {
      const Money found = parse_money(each.text, each.locale, currency(each.given));
      ADD_FAILURE() << each.text << " was read as " << found.amount_text();
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), each.code) << each.text << ": " << error.message();
      EXPECT_EQ(error.position().column, each.column) << each.text << ": " << error.message();
    }
  }
  EXPECT_THROW(parse_money("XAU 5", Locale::plain), Error);
}

TEST(FormatMoney, writes_as_the_locale_does) {
  const auto text = [](std::int64_t minor, std::string_view code, const MoneyFormat& format) {
    return format_money(money(minor, code), format);
  };
  EXPECT_EQ(text(123450, "PEN", {}), "PEN 1234.50");
  EXPECT_EQ(text(-123450, "PEN", {}), "PEN -1234.50");
  EXPECT_EQ(text(5000, "COP", {}), "COP 50.00");
  EXPECT_EQ(text(123450, "PEN", {.locale = Locale::es_pe}), "S/\u00A01,234.50");
  EXPECT_EQ(text(-123450, "PEN", {.locale = Locale::es_pe}), "-S/\u00A01,234.50");
  EXPECT_EQ(text(-123450, "PEN", {.locale = Locale::es_pe, .brackets = true}), "(S/\u00A01,234.50)");
  EXPECT_EQ(text(123400, "COP", {.locale = Locale::es_co}), "$\u00A01.234");
  EXPECT_EQ(text(123450, "COP", {.locale = Locale::es_co}), "$\u00A01.234,50");
  EXPECT_EQ(text(123400, "COP", {.locale = Locale::es_co, .decimals = 2}), "$\u00A01.234,00");
  EXPECT_EQ(text(123400, "COP", {.locale = Locale::es_co, .style = CurrencyStyle::code}), "COP\u00A01.234");
  EXPECT_EQ(text(123400, "COP", {.locale = Locale::es_co, .style = CurrencyStyle::none}), "1.234");
  EXPECT_EQ(text(100000000, "USD", {.locale = Locale::en}), "$1,000,000.00");
  EXPECT_EQ(text(100000000, "USD", {.locale = Locale::en, .grouping = false}), "$1000000.00");
  EXPECT_EQ(text(kMin, "USD", {.locale = Locale::es_co}), "-US$\u00A092.233.720.368.547.758,08");
  EXPECT_EQ(text(150, "PEN", {.locale = Locale::es_pe, .decimals = 1}), "S/\u00A01.5");
  EXPECT_THROW(text(155, "PEN", {.decimals = 1}), Error);
  EXPECT_THROW(text(150, "PEN", {.decimals = -1}), Error);
  EXPECT_THROW(text(150, "PEN", {.decimals = 10}), Error);
}

TEST(FormatMoney, is_read_back) {
  std::mt19937_64 random(4217);
  std::vector<std::int64_t> minors{0, 1, -1, 99, -99, 100, 99'999, 100'000, kMin, kMin + 1, kMax};
  for (int i = 0; i < 200; ++i) minors.push_back(static_cast<std::int64_t>(random()) >> (random() % 64));
  for (std::uint16_t id = 1; id < Currency::count(); ++id) {
    const Currency unit = Currency::from_id(id);
    if (unit.minor_units() < 0) continue;
    for (const std::int64_t minor : minors) {
      const Money amount = Money::from_minor(minor, unit);
      for (const Locale locale : kLocales) {
        const MoneyFormat format{.locale = locale, .brackets = minor % 2 == 0, .grouping = minor % 3 != 0};
        EXPECT_EQ(parse_money(format_money(amount, format), locale), amount);
        MoneyFormat other = format;
        other.style = minor % 5 == 0 ? CurrencyStyle::none : CurrencyStyle::code;
        EXPECT_EQ(parse_money(format_money(amount, other), locale, unit), amount);
      }
    }
  }
}

TEST(AmountText, marks_follow_the_money_in_spanish) {
  const auto text = [](Int128 minor, std::string_view code, Language language) {
    std::string out;
    append_amount(out, minor, Currency::of(code), language);
    EXPECT_EQ(out, std::string(code) + " " + amount_text(minor, Currency::of(code), language));
    return out;
  };
  EXPECT_EQ(text(123456750, "COP", Language::english), "COP 1,234,567.50");
  EXPECT_EQ(text(123456750, "COP", Language::spanish), "COP 1.234.567,50");
  EXPECT_EQ(text(-123450, "PEN", Language::spanish), "PEN -1,234.50");
  EXPECT_EQ(text(-5, "KWD", Language::english), "KWD -0.005");
  EXPECT_EQ(text(0, "CLP", Language::spanish), "CLP 0");
  EXPECT_EQ(text(1234, "CLP", Language::spanish), "CLP 1.234");
  EXPECT_EQ(text(7, "XAU", Language::english), "XAU 7");  // ISO says nothing of its decimals
}

TEST(AmountText, is_exact_at_both_ends_of_128_bits) {
  const Currency pesos = Currency::of("COP");
  const Int128 most = (((Int128{1} << 126) - 1) << 1) + 1;
  EXPECT_EQ(amount_text(most, pesos, Language::english), "1,701,411,834,604,692,317,316,873,037,158,841,057.27");
  EXPECT_EQ(amount_text(-most - 1, pesos, Language::spanish), "-1.701.411.834.604.692.317.316.873.037.158.841.057,28");
  EXPECT_EQ(amount_text(Int128{UINT64_MAX}, pesos, Language::english), "184,467,440,737,095,516.15");
  EXPECT_EQ(amount_text(Int128{UINT64_MAX} + 1, pesos, Language::english), "184,467,440,737,095,516.16");
}

TEST(LocaleOf, knows_four) {
  for (const Locale locale : kLocales) EXPECT_EQ(locale_of(name(locale)), locale);
  for (const char* wrong : {"", "es", "es_CO", "es-co", "en-US"}) EXPECT_THROW(locale_of(wrong), Error) << wrong;
}

}  // namespace
}  // namespace cuadre
