// Amounts on the wire: each form reads what it writes, and nothing else.
#include "cuadre/money/wire.hpp"

#include <gtest/gtest.h>

#include <limits>

namespace cuadre {
namespace {

using Unit = WireForm::Unit;

constexpr std::int64_t kMin = std::numeric_limits<std::int64_t>::min();
constexpr std::int64_t kMax = std::numeric_limits<std::int64_t>::max();

constexpr WireForm kTwo{};
constexpr WireForm kWhole{.decimals_min = 0, .decimals_max = 0};
constexpr WireForm kUpToTwo{.decimals_min = 0, .decimals_max = 2};
constexpr WireForm kPayu{.decimals_min = 1, .decimals_max = 2, .trim_zeros = true};
constexpr WireForm kScaled2{.unit = Unit::scaled};
constexpr WireForm kScaled0{.unit = Unit::scaled, .decimals_min = 0, .decimals_max = 0};
constexpr WireForm kScaled4{.unit = Unit::scaled, .decimals_min = 4, .decimals_max = 4};
constexpr WireForm kSigned{.negative_allowed = true};
constexpr WireForm kLimited{.minimum_minor = 100, .maximum_minor = 500};

Money soles(std::int64_t minor) { return Money::from_minor(minor, Currency::of("PEN")); }
Money read(std::string_view text, const WireForm& form) { return read_wire(text, form, Currency::of("PEN")); }

ErrorCode failure(auto&& call) {
  try {
    call();
  } catch (const Error& error) {
    return error.code();
  }
  return ErrorCode::cancelled;  // none of money's
}

struct Case {
  WireForm form;
  std::int64_t minor;
  const char* text;
};

TEST(Wire, writes_and_reads_back) {
  const Case cases[] = {
      {kTwo, 123450, "1234.50"},
      {kTwo, 5, "0.05"},
      {kTwo, kMax, "92233720368547758.07"},
      {kWhole, 123400, "1234"},
      {kWhole, 0, "0"},
      {kUpToTwo, 123400, "1234.00"},
      {kPayu, 15000, "150.0"},
      {kPayu, 15026, "150.26"},
      {kPayu, 15020, "150.2"},
      {kPayu, 15005, "150.05"},
      {kScaled2, 123450, "123450"},
      {kScaled2, 5, "5"},
      {kScaled0, 123400, "1234"},
      {kScaled0, 0, "0"},
      {kScaled4, 123450, "12345000"},
      {kSigned, -5, "-0.05"},
      {kSigned, kMin, "-92233720368547758.08"},
      {kLimited, 100, "1.00"},
      {kLimited, 500, "5.00"},
  };
  for (const Case& each : cases) {
    EXPECT_EQ(write_wire(soles(each.minor), each.form), each.text);
    EXPECT_EQ(read(each.text, each.form), soles(each.minor)) << each.text;
  }
  EXPECT_EQ(read("1234", kUpToTwo), soles(123400));
  EXPECT_EQ(read("99999", WireForm{.decimals_min = 0, .maximum_minor = 100}), soles(9999900)) << "paid is paid";
  EXPECT_EQ(write_wire(Money::from_minor(5, Currency::of("CLP")), kTwo), "5.00");
  EXPECT_EQ(write_wire(Money::from_minor(5, Currency::of("CLP")), kUpToTwo), "5");
  EXPECT_EQ(read_wire("5.00", kTwo, Currency::of("CLP")).amount_minor(), 5);
}

TEST(Wire, refuses_every_other_text) {
  for (const char* text : {"", "-", "-5.00", "+5.00", "5", "5.", "5.0", "5.000", ".50", "05.00", "1,234.50", " 5.00",
                           "5.00 ", "5e2", "NaN", "5.0O", "5..00", "5,00", "\xD9\xA3.00"}) {
    EXPECT_EQ(failure([&] { read(text, kTwo); }), ErrorCode::amount_invalid) << text;
  }
  for (const char* text : {"5.0", "5.", "-5", "00", "5 0"}) {
    EXPECT_EQ(failure([&] { read(text, kWhole); }), ErrorCode::amount_invalid) << text;
    EXPECT_EQ(failure([&] { read(text, kScaled2); }), ErrorCode::amount_invalid) << text;
  }
  EXPECT_EQ(failure([] { read("150", kPayu); }), ErrorCode::amount_invalid);
  EXPECT_EQ(failure([] { read("1234567890123456789012345678901234567890.00", kTwo); }), ErrorCode::amount_overflow);
  EXPECT_EQ(failure([] { read("12345", kScaled4); }), ErrorCode::amount_inexact);
  try {
    read("12.345", kTwo);
  } catch (const Error& error) {
    EXPECT_EQ(error.position().column, 6U) << error.message();
  }
}

TEST(Wire, never_rounds_and_keeps_the_limits_on_the_way_out) {
  EXPECT_EQ(failure([] { write_wire(soles(123450), kWhole); }), ErrorCode::amount_inexact);
  EXPECT_EQ(failure([] { write_wire(soles(123450), kScaled0); }), ErrorCode::amount_inexact);
  EXPECT_EQ(failure([] { write_wire(soles(-5), kTwo); }), ErrorCode::argument_invalid);
  EXPECT_EQ(failure([] { write_wire(soles(99), kLimited); }), ErrorCode::argument_invalid);
  EXPECT_EQ(failure([] { write_wire(soles(501), kLimited); }), ErrorCode::argument_invalid);
}

TEST(Wire, refuses_forms_that_contradict_themselves) {
  const WireForm forms[] = {
      {.decimals_min = -1},
      {.decimals_max = 19},
      {.decimals_min = 2, .decimals_max = 1},
      {.minimum_minor = -1},
      {.maximum_minor = -1},
      {.minimum_minor = 5, .maximum_minor = 4},
      {.unit = Unit::scaled, .decimals_min = 0, .decimals_max = 2},
  };
  for (const WireForm& form : forms) {
    EXPECT_EQ(failure([&] { read("5.00", form); }), ErrorCode::argument_invalid);
    EXPECT_EQ(failure([&] { write_wire(soles(500), form); }), ErrorCode::argument_invalid);
  }
}

}  // namespace
}  // namespace cuadre
