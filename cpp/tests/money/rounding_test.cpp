// The ten modes against their definitions, on every small fraction and at the ends of 128 bits.
#include "cuadre/money/rounding.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <vector>

#include "cuadre/money/exact.hpp"

namespace cuadre {
namespace {

constexpr std::int64_t kMin = std::numeric_limits<std::int64_t>::min();
constexpr std::int64_t kMax = std::numeric_limits<std::int64_t>::max();
constexpr Int128 kWideMax = ((Int128{1} << 126) - 1) * 2 + 1;
constexpr Int128 kWideMin = -kWideMax - 1;

const RoundingMode kModes[] = {
#define CUADRE_X(name, text) RoundingMode::name,
    CUADRE_ROUNDING_MODES(CUADRE_X)
#undef CUADRE_X
};

// numerator = steps * denominator / 2 exactly, told in the table below for 1.5, 2.5 and their neighbours.
struct Row {
  RoundingMode mode;
  std::vector<int> results;  // of -2.5, -1.6, -1.5, -1.4, 1.4, 1.5, 1.6, 2.5
};

TEST(DivideRounded, every_mode_by_table) {
  const Int128 tenths[] = {-25, -16, -15, -14, 14, 15, 16, 25};
  const Row rows[] = {
      {RoundingMode::toward_zero, {-2, -1, -1, -1, 1, 1, 1, 2}},
      {RoundingMode::away_from_zero, {-3, -2, -2, -2, 2, 2, 2, 3}},
      {RoundingMode::toward_pos_inf, {-2, -1, -1, -1, 2, 2, 2, 3}},
      {RoundingMode::toward_neg_inf, {-3, -2, -2, -2, 1, 1, 1, 2}},
      {RoundingMode::half_even, {-2, -2, -2, -1, 1, 2, 2, 2}},
      {RoundingMode::half_odd, {-3, -2, -1, -1, 1, 1, 2, 3}},
      {RoundingMode::half_away_from_zero, {-3, -2, -2, -1, 1, 2, 2, 3}},
      {RoundingMode::half_toward_zero, {-2, -2, -1, -1, 1, 1, 2, 2}},
      {RoundingMode::half_toward_pos_inf, {-2, -2, -1, -1, 1, 2, 2, 3}},
      {RoundingMode::half_toward_neg_inf, {-3, -2, -2, -1, 1, 1, 2, 2}},
  };
  ASSERT_EQ(std::size(rows), std::size(kModes));
  for (const Row& row : rows) {
    for (std::size_t i = 0; i < std::size(tenths); ++i) {
      EXPECT_EQ(divide_rounded(tenths[i], 10, row.mode), row.results[i]) << name(row.mode) << " " << i;
      // The same value where only 128 bits hold it, and through the wide rational.
      const Int128 wide = Int128{1} << 100;
      EXPECT_EQ(divide_rounded(tenths[i] * wide, 10 * wide, row.mode), row.results[i]) << name(row.mode) << " " << i;
      const BigInteger huge = BigInteger(1) << 900;
      const Ratio ratio(BigInteger(static_cast<std::int64_t>(tenths[i])), 10);
      EXPECT_EQ(ratio.rounded(row.mode), row.results[i]);
      EXPECT_EQ((Ratio(ratio.numerator() * huge, ratio.denominator())).rounded(RoundingMode::toward_zero),
                ratio.numerator() * huge / ratio.denominator());
    }
  }
}

TEST(DivideRounded, ends_of_the_range) {
  for (const RoundingMode mode : kModes) {
    EXPECT_EQ(divide_rounded(kWideMin, 1, mode), kWideMin);
    EXPECT_EQ(divide_rounded(kWideMax, 1, mode), kWideMax);
    EXPECT_EQ(divide_rounded(kWideMax, kWideMax, mode), 1);
    EXPECT_EQ(divide_rounded(kMin, 1, mode), kMin);
    EXPECT_EQ(divide_rounded(0, kWideMax, mode), 0);
    const Int128 least = divide_rounded(kWideMin, kWideMax, mode);  // just beyond -1
    EXPECT_EQ(least, mode == RoundingMode::away_from_zero || mode == RoundingMode::toward_neg_inf ? -2 : -1);
    const Int128 half = divide_rounded(kWideMin, 2, mode);
    EXPECT_EQ(half, kWideMin / 2);
  }
  EXPECT_EQ(divide_rounded(kWideMax, 2, RoundingMode::half_toward_pos_inf), kWideMax / 2 + 1);
}

TEST(RoundToStep, multiples_or_overflow) {
  EXPECT_EQ(round_to_step(1234, 10, RoundingMode::toward_neg_inf), 1230);
  EXPECT_EQ(round_to_step(-1234, 10, RoundingMode::toward_neg_inf), -1240);
  EXPECT_EQ(round_to_step(kMin, 1, RoundingMode::half_even), kMin);
  EXPECT_EQ(round_to_step(kMax, kMax, RoundingMode::half_even), kMax);
  EXPECT_THROW(round_to_step(kMax, 10, RoundingMode::toward_pos_inf), Error);
  EXPECT_THROW(round_to_step(kMin, kMax, RoundingMode::toward_neg_inf), Error);
  EXPECT_THROW(round_to_step(1, 0, RoundingMode::half_even), Error);
  EXPECT_THROW(round_to_step(1, -5, RoundingMode::half_even), Error);
}

TEST(RoundingMode, names_come_back) {
  for (const RoundingMode mode : kModes) EXPECT_EQ(find_rounding_mode(name(mode)), mode);
  EXPECT_FALSE(find_rounding_mode("up"));
  try {
    (void)rounding_mode_of("half_up");
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::argument_invalid);
    for (const RoundingMode mode : kModes) EXPECT_NE(error.message().find(name(mode)), std::string::npos);
  }
}

}  // namespace
}  // namespace cuadre
