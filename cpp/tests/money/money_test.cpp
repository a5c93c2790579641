// Amounts and currencies against tables, and the scanner against its own definition on every short text.
#include "cuadre/money.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <limits>
#include <set>
#include <vector>

#include "cuadre/money/column.hpp"
#include "cuadre/money/sum.hpp"

namespace cuadre {
namespace {

constexpr std::int64_t kMin = std::numeric_limits<std::int64_t>::min();
constexpr std::int64_t kMax = std::numeric_limits<std::int64_t>::max();

constexpr AmountForm kPlain{};
constexpr AmountForm kEnglish{.grouping = ','};
constexpr AmountForm kSpanish{.decimal_mark = ',', .grouping = '.'};
constexpr AmountForm kSpaced{.decimal_mark = ',', .grouping = ' '};
constexpr AmountForm kSwiss{.grouping = '\''};
constexpr AmountForm kUnsigned{.sign = SignStyle::none};
constexpr AmountForm kBehind{.sign = SignStyle::behind};
constexpr AmountForm kBrackets{.grouping = ',', .sign = SignStyle::brackets};
constexpr AmountForm kImplied2{.implied_decimals = 2};
constexpr AmountForm kImplied0{.implied_decimals = 0};
constexpr AmountForm kImplied5{.implied_decimals = 5};
constexpr AmountForm kImpliedBehind{.implied_decimals = 2, .sign = SignStyle::behind};

struct Accepted {
  AmountForm form;
  int minor_units;
  const char* text;
  std::int64_t minor;
};

TEST(ScanAmount, accepts_exact_values) {
  const Accepted cases[] = {
      {kPlain, 2, "1234.50", 123450},
      {kPlain, 2, "1234.5", 123450},
      {kPlain, 2, "1234", 123400},
      {kPlain, 2, "0", 0},
      {kPlain, 2, "-0.00", 0},
      {kPlain, 2, "+5", 500},
      {kPlain, 2, "-5.01", -501},
      {kPlain, 2, "0008.95", 895},
      {kPlain, 2, "8.95000", 895},
      {kPlain, 0, "8.000", 8},
      {kPlain, 0, "8", 8},
      {kPlain, 3, "8.9", 8900},
      {kPlain, 4, "8.9", 89000},
      {kPlain, 0, "9223372036854775807", kMax},
      {kPlain, 0, "-9223372036854775808", kMin},
      {kPlain, 2, "92233720368547758.07", kMax},
      {kPlain, 2, "-92233720368547758.08", kMin},
      {kPlain, 2, "-92233720368547758.0800", kMin},
      {kPlain, 2, "000000000000000000000000000000001.00", 100},
      {kPlain, 3, "999999999999999", 999999999999999000},
      {kEnglish, 2, "1,234,567.00", 123456700},
      {kEnglish, 2, "1234.50", 123450},
      {kEnglish, 2, "12,345", 1234500},
      {kEnglish, 2, "-123,456.7", -12345670},
      {kEnglish, 2, "000,001.00", 100},
      {kSpanish, 2, "1.234.567,89", 123456789},
      {kSpanish, 2, "1.234", 123400},
      {kSpaced, 2, "1 234 567,89", 123456789},
      {kSwiss, 2, "1'234.50", 123450},
      {kUnsigned, 2, "7.00", 700},
      {kBehind, 2, "1.00-", -100},
      {kBehind, 2, "1.00+", 100},
      {kBehind, 2, "1-", -100},
      {kBehind, 2, "1.00", 100},
      {kBrackets, 2, "(1.00)", -100},
      {kBrackets, 2, "(1,234.5)", -123450},
      {kBrackets, 2, "1.00", 100},
      {kImplied2, 2, "123450", 123450},
      {kImplied2, 2, "5", 5},
      {kImplied2, 2, "-5", -5},
      {kImplied2, 0, "500", 5},
      {kImplied2, 3, "5", 50},
      {kImplied0, 2, "5", 500},
      {kImplied5, 2, "895000", 895},
      {kImplied5, 2, "0", 0},
      {kImpliedBehind, 2, "00000000010000-", -10000},
  };
  for (const Accepted& item : cases) {
    const AmountScan scan = scan_amount(item.text, item.form, item.minor_units);
    EXPECT_EQ(scan.status, AmountStatus::ok) << item.text;
    EXPECT_EQ(scan.minor, item.minor) << item.text;
  }
}

struct Refused {
  AmountForm form;
  int minor_units;
  const char* text;
  AmountStatus status;
  std::uint32_t fault;
};

TEST(ScanAmount, names_the_first_offending_byte) {
  using enum AmountStatus;
  const Refused cases[] = {
      {kPlain, 2, "", empty, 0},
      {kPlain, 2, "-", invalid, 1},
      {kPlain, 2, "+", invalid, 1},
      {kPlain, 2, ".", invalid, 0},
      {kPlain, 2, ".5", invalid, 0},
      {kPlain, 2, "5.", invalid, 2},
      {kPlain, 2, " 5", invalid, 0},
      {kPlain, 2, "5 ", invalid, 1},
      {kPlain, 2, "--5", invalid, 1},
      {kPlain, 2, "5-", invalid, 1},
      {kPlain, 2, "(5)", invalid, 0},
      {kPlain, 2, "1E5", invalid, 1},
      {kPlain, 2, "NaN", invalid, 0},
      {kPlain, 2, "Infinity", invalid, 0},
      {kPlain, 2, "0x10", invalid, 1},
      {kPlain, 2, "1_000", invalid, 1},
      {kPlain, 2, "1,234.56", invalid, 1},
      {kPlain, 2, "1.2.3", invalid, 3},
      {kPlain, 2, "\xD9\xA1", invalid, 0},          // an Arabic-Indic digit
      {kPlain, 2, "\xE2\x88\x92\x35", invalid, 0},  // the typographic minus
      {kPlain, 2, "8.951", inexact, 4},
      {kPlain, 2, "8.9500001", inexact, 8},
      {kPlain, 0, "8.5", inexact, 2},
      {kPlain, 0, "9223372036854775808", overflow, 0},
      {kPlain, 0, "-9223372036854775809", overflow, 1},
      {kPlain, 2, "92233720368547758.08", overflow, 0},
      {kPlain, 2, "92233720368547759", overflow, 0},
      {kPlain, 2, "99999999999999999999999999999999", overflow, 0},
      {kPlain, 2, "18446744073709551616", overflow, 0},  // 2^64: would wrap to zero
      {kPlain, 2, "99999999999999999999.001", overflow, 0},
      {kPlain, 2, "99999999999999999999.00x", invalid, 23},
      {kPlain, -1, "5", invalid, 0},
      {kEnglish, 2, "1234,567.00", invalid, 4},
      {kEnglish, 2, "1,23", invalid, 4},
      {kEnglish, 2, "1,2345", invalid, 5},
      {kEnglish, 2, "1,234567", invalid, 5},
      {kEnglish, 2, ",123", invalid, 0},
      {kEnglish, 2, "1,", invalid, 2},
      {kEnglish, 2, "1,,234", invalid, 2},
      {kEnglish, 2, "1,234.567,000", invalid, 9},
      {kEnglish, 2, "1.234,56", invalid, 5},
      {kSpanish, 2, "1,234.56", invalid, 5},
      {kSpanish, 2, "1,234", inexact, 4},
      {kSpanish, 2, "1234.56", invalid, 4},
      {kSpaced, 2, "1 234 ", invalid, 6},
      {kUnsigned, 2, "-1", invalid, 0},
      {kUnsigned, 2, "+1", invalid, 0},
      {kUnsigned, 2, "1-", invalid, 1},
      {kBehind, 2, "-1.00", invalid, 0},
      {kBehind, 2, "1.00--", invalid, 5},
      {kBehind, 2, "1.00-5", invalid, 5},
      {kBrackets, 2, "(1.00", invalid, 5},
      {kBrackets, 2, "1.00)", invalid, 4},
      {kBrackets, 2, "()", invalid, 1},
      {kBrackets, 2, "(1.00)x", invalid, 6},
      {kBrackets, 2, "-1.00", invalid, 0},
      {kBrackets, 2, "(-1.00)", invalid, 1},
      {kImplied2, 2, "1.00", invalid, 1},
      {kImplied2, 2, "-", invalid, 1},
      {kImplied2, 0, "501", inexact, 2},
      {kImplied2, 0, "51", inexact, 0},
      {kImplied5, 2, "1", inexact, 0},
      {kImplied0, 2, "92233720368547759", overflow, 0},
  };
  for (const Refused& item : cases) {
    const AmountScan scan = scan_amount(item.text, item.form, item.minor_units);
    EXPECT_EQ(static_cast<int>(scan.status), static_cast<int>(item.status)) << item.text;
    EXPECT_EQ(scan.fault, item.fault) << item.text;
  }
}

TEST(ScanAmount, takes_long_texts) {
  std::string text(4096, '0');
  text += "1";
  EXPECT_EQ(scan_amount(text, kPlain, 2).minor, 100);
  EXPECT_EQ(scan_amount(text, kImplied2, 2).minor, 1);
  EXPECT_EQ(scan_amount("1." + std::string(4096, '0'), kPlain, 2).minor, 100);
  EXPECT_EQ(scan_amount("1." + text, kPlain, 2).status, AmountStatus::inexact);
  EXPECT_EQ(scan_amount(std::string(4096, '9'), kPlain, 2).status, AmountStatus::overflow);
}

TEST(ScanAmount, refuses_nul_bytes) {
  EXPECT_EQ(scan_amount(std::string_view("1\0"
                                         "2",
                                         3),
                        kPlain, 2)
                .fault,
            1U);
}

// Reading must agree with writing at both ends of the range and around every power of ten.
TEST(ScanAmount, is_the_inverse_of_decimal_text) {
  std::vector<std::int64_t> values{0, 1, 9, kMax, kMax - 1};
  for (std::int64_t power = 10; power <= kMax / 10; power *= 10)
    values.insert(values.end(), {power - 1, power, power + 1});
  values.push_back(kMin + 1);
  for (const std::int64_t value : values) {
    for (const int decimals : {0, 2, 3, 4}) {
      for (const std::int64_t signed_value : {value, -value}) {
        const AmountScan scan = scan_amount(decimal_text(signed_value, decimals), kPlain, decimals);
        EXPECT_EQ(scan.status, AmountStatus::ok);
        EXPECT_EQ(scan.minor, signed_value);
      }
    }
  }
}

TEST(DecimalText, writes_every_width) {
  EXPECT_EQ(decimal_text(0, 0), "0");
  EXPECT_EQ(decimal_text(0, 2), "0.00");
  EXPECT_EQ(decimal_text(-5, 2), "-0.05");
  EXPECT_EQ(decimal_text(123450, 2), "1234.50");
  EXPECT_EQ(decimal_text(kMin, 0), "-9223372036854775808");
  const Int128 widest = static_cast<Int128>((~static_cast<unsigned long long>(0)) >> 1) << 64;
  EXPECT_EQ(decimal_text(widest, 3), "170141183460469231713240559642174554.112");
  EXPECT_EQ(decimal_text(-widest - 1 - ~0ULL, 0), "-170141183460469231731687303715884105728");
}

TEST(Currency, finds_active_codes_only) {
  EXPECT_EQ(Currency::of("COP").number(), 170);
  EXPECT_EQ(Currency::of("COP").minor_units(), 2);
  EXPECT_EQ(Currency::of("PEN").number(), 604);
  EXPECT_EQ(Currency::of("CLP").minor_units(), 0);
  EXPECT_EQ(Currency::of("KWD").minor_units(), 3);
  EXPECT_EQ(Currency::of("CLF").minor_units(), 4);
  EXPECT_EQ(Currency::of("XAU").minor_units(), -1);
  EXPECT_EQ(Currency::of("XCG").number(), 532);
  for (const char* text : {"", "C", "CO", "COPX", "cop", "Cop", "C0P", "COP ", "BGN", "ANG", "PEI", "AAA", "ZZZ",
                           "\xC3\x91"
                           "A"}) {
    EXPECT_FALSE(Currency::find(text)) << text;
  }
  EXPECT_THROW((void)Currency::of("BTC"), Error);
}

TEST(Currency, every_id_comes_back) {
  std::set<std::uint16_t> numbers;
  std::string previous;
  for (std::uint16_t id = 1; id < Currency::count(); ++id) {
    const Currency currency = Currency::from_id(id);
    EXPECT_EQ(Currency::of(currency.code()), currency);
    EXPECT_EQ(currency.id(), id);
    EXPECT_LT(previous, currency.code());
    EXPECT_TRUE(numbers.insert(currency.number()).second) << currency.code();
    previous = currency.code();
  }
  EXPECT_EQ(numbers.size(), 178U);
}

TEST(Currency, no_currency_is_the_default) {
  EXPECT_FALSE(Currency());
  EXPECT_EQ(Currency().code(), "");
  EXPECT_EQ(Currency().minor_units(), -1);
  EXPECT_EQ(Currency::from_id(Currency::count()), Currency());
}

ErrorCode code_of(const std::function<void()>& action) {
  try {
    action();
  } catch (const Error& error) {
    return error.code();
  }
  ADD_FAILURE() << "nothing was thrown";
  return ErrorCode::cancelled;
}

TEST(Money, adds_and_refuses_to_mix) {
  const Currency pen = Currency::of("PEN");
  const Money price = Money::parse("1234.50", pen);
  EXPECT_EQ(price + Money::from_minor(50, pen), Money::from_minor(123500, pen));
  EXPECT_EQ(price - price, Money::from_minor(0, pen));
  EXPECT_EQ((price * -2).amount_text(), "-2469.00");
  EXPECT_EQ((-price).abs(), price);
  EXPECT_LT(-price, price);
  const Money pesos = Money::from_minor(123450, Currency::of("COP"));
  EXPECT_FALSE(price == pesos);
  EXPECT_EQ(code_of([&] { (void)(price + pesos); }), ErrorCode::currency_mismatch);
  EXPECT_EQ(code_of([&] { (void)(price - pesos); }), ErrorCode::currency_mismatch);
  EXPECT_EQ(code_of([&] { (void)(price < pesos); }), ErrorCode::currency_mismatch);
}

TEST(Money, never_wraps) {
  const Currency cop = Currency::of("COP");
  const Money least = Money::from_minor(kMin, cop);
  const Money most = Money::from_minor(kMax, cop);
  const Money one = Money::from_minor(1, cop);
  EXPECT_EQ(code_of([&] { (void)(most + one); }), ErrorCode::amount_overflow);
  EXPECT_EQ(code_of([&] { (void)(least - one); }), ErrorCode::amount_overflow);
  EXPECT_EQ(code_of([&] { (void)(-least); }), ErrorCode::amount_overflow);
  EXPECT_EQ(code_of([&] { (void)least.abs(); }), ErrorCode::amount_overflow);
  EXPECT_EQ(code_of([&] { (void)(least * -1); }), ErrorCode::amount_overflow);
  EXPECT_EQ(most + least, Money::from_minor(-1, cop));
}

TEST(Money, needs_a_currency_with_minor_units) {
  EXPECT_EQ(code_of([] { (void)Money::from_minor(1, Currency()); }), ErrorCode::currency_unknown);
  EXPECT_EQ(code_of([] { (void)Money::from_minor(1, Currency::of("XAU")); }), ErrorCode::argument_invalid);
}

TEST(Money, says_where_the_text_is_wrong) {
  try {
    (void)Money::parse("12x", Currency::of("PEN"));
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::amount_invalid);
    EXPECT_EQ(error.position().column, 3U);
  }
  EXPECT_EQ(code_of([] { (void)Money::parse("", Currency::of("PEN")); }), ErrorCode::amount_invalid);
  EXPECT_EQ(code_of([] { (void)Money::parse("1.001", Currency::of("PEN")); }), ErrorCode::amount_inexact);
  EXPECT_EQ(code_of([] { (void)Money::parse("1e30", Currency::of("PEN")); }), ErrorCode::amount_invalid);
  EXPECT_EQ(code_of([] { (void)Money::parse(std::string(30, '9'), Currency::of("PEN")); }), ErrorCode::amount_overflow);
}

TEST(MoneySum, holds_what_64_bits_do_not) {
  const Currency cop = Currency::of("COP");
  const Currency pen = Currency::of("PEN");
  const std::vector<std::int64_t> column(1000, kMax);
  MoneySum sum;
  sum.add(cop, sum_minor(column));
  sum.add(Money::from_minor(-5, pen));
  EXPECT_EQ(sum.amount_minor(cop), WideInteger(kMax) * 1000);
  EXPECT_EQ(sum.amount_text(cop), "92233720368547758070.00");
  EXPECT_EQ(sum.amount_text(pen), "-0.05");
  EXPECT_EQ(sum.currencies(), (std::vector{cop, pen}));
  EXPECT_EQ(code_of([&] { (void)sum.money(cop); }), ErrorCode::amount_overflow);
  MoneySum other;
  other.add(sum);
  for (int i = 0; i < 999; ++i) other.add(Money::from_minor(-kMax, cop));
  EXPECT_EQ(other.money(cop).amount_minor(), kMax);
  other.add(other);
  EXPECT_EQ(other.amount_minor(pen), WideInteger(-10));
}

TEST(MoneySum, refuses_to_wrap_at_128_bits) {
  MoneySum sum;
  sum.add(Money::from_minor(kMax, Currency::of("COP")));
  EXPECT_EQ(code_of([&] {
              for (int i = 0; i < 70; ++i) sum.add(sum);
            }),
            ErrorCode::amount_overflow);
}

}  // namespace
}  // namespace cuadre
