// Ratios in lowest terms, their text, and one rounding on the way back to Money.
#include "cuadre/money/exact.hpp"

#include <gtest/gtest.h>

#include <limits>

namespace cuadre {
namespace {

constexpr std::int64_t kMin = std::numeric_limits<std::int64_t>::min();
constexpr std::int64_t kMax = std::numeric_limits<std::int64_t>::max();

template <class Action>
ErrorCode code_of(Action action) {
  try {
    action();
  } catch (const Error& error) {
    return error.code();
  }
  ADD_FAILURE() << "nothing was thrown";
  return ErrorCode::cancelled;
}

Money pen(std::int64_t minor) { return Money::from_minor(minor, Currency::of("PEN")); }
Money cop(std::int64_t minor) { return Money::from_minor(minor, Currency::of("COP")); }

TEST(Ratio, lowest_terms_and_positive_denominator) {
  EXPECT_EQ(Ratio(6, -4).text(), "-3/2");
  EXPECT_EQ(Ratio(-6, -3).text(), "2");
  EXPECT_EQ(Ratio(0, -7).text(), "0");
  EXPECT_EQ(Ratio(kMin, kMin).text(), "1");
  EXPECT_EQ(Ratio(BigInteger(kMin), 2).text(), "-4611686018427387904");
  EXPECT_EQ(Ratio(BigInteger(1) << 100, -(BigInteger(1) << 101)).text(), "-1/2");
  EXPECT_EQ(code_of([] { Ratio(1, 0); }), ErrorCode::argument_invalid);
  EXPECT_EQ(code_of([] { Ratio(BigInteger(1) << 80, 0); }), ErrorCode::argument_invalid);
}

TEST(Ratio, arithmetic_and_order) {
  const Ratio third(1, 3);
  EXPECT_EQ(third + third + third, Ratio(1));
  EXPECT_EQ(third - Ratio(1, 2), Ratio(-1, 6));
  EXPECT_EQ(third * Ratio(3, 4), Ratio(1, 4));
  EXPECT_EQ(third / Ratio(-2, 3), Ratio(-1, 2));
  EXPECT_LT(Ratio(-1, 2), third);
  EXPECT_GT(Ratio(BigInteger(1) << 90, 3), third);
  EXPECT_EQ(code_of([&] { third / Ratio(0); }), ErrorCode::argument_invalid);
}

TEST(Ratio, is_bounded) {
  Ratio power(BigInteger(1) << 4000, 1);
  EXPECT_EQ(code_of([&] { power* power; }), ErrorCode::amount_overflow);
  EXPECT_NO_THROW(Ratio((BigInteger(1) << 4096) - 1, 1));
  EXPECT_EQ(code_of([] { Ratio(BigInteger(1) << 4096, 1); }), ErrorCode::amount_overflow);
  EXPECT_EQ(code_of([] { Ratio(1, BigInteger(1) << 4096); }), ErrorCode::amount_overflow);
  EXPECT_EQ(code_of([] { Ratio::parse(std::string(100000, '9')); }), ErrorCode::amount_overflow);
}

TEST(Ratio, reads_text) {
  EXPECT_EQ(Ratio::parse("0.19"), Ratio(19, 100));
  EXPECT_EQ(Ratio::parse("-3/4"), Ratio(-3, 4));
  EXPECT_EQ(Ratio::parse("+19%"), Ratio(19, 100));
  EXPECT_EQ(Ratio::parse("19 %"), Ratio(19, 100));
  EXPECT_EQ(Ratio::parse("4.14‰"), Ratio(414, 100000));
  EXPECT_EQ(Ratio::parse("4.14 per mille"), Ratio(414, 100000));
  EXPECT_EQ(Ratio::parse("0012.500"), Ratio(25, 2));
  EXPECT_EQ(Ratio::parse("1/010"), Ratio(1, 10));
  EXPECT_EQ(Ratio::parse("000"), Ratio(0));
  const std::pair<const char*, std::uint64_t> faults[] = {
      {"", 1},      {"x", 1},   {"1,5", 2}, {".5", 1},  {"5.", 3}, {"1/0", 3}, {"1/", 3},  {"1e5", 2},
      {"1.5/2", 4}, {"--1", 2}, {"5 ", 2},  {"5%%", 3}, {" 5", 1}, {"NaN", 1}, {"5/-2", 3}};
  for (const auto& [text, column] : faults) {
    try {
      (void)Ratio::parse(text);
      ADD_FAILURE() << text;
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::amount_invalid) << text;
      EXPECT_EQ(error.position().column, column) << text;
    }
  }
}

TEST(ExactMoney, rounds_once_and_says_what_was_cut) {
  const ExactMoney third = ExactMoney(pen(100)) / Ratio(3);
  EXPECT_EQ(code_of([&] { (void)third.whole(); }), ErrorCode::amount_inexact);
  const Rounded down = third.round(RoundingMode::half_even);
  EXPECT_EQ(down.money, pen(33));
  EXPECT_EQ(down.rest.minor(), Ratio(1, 3));
  EXPECT_EQ(ExactMoney(down.money) + down.rest, third);
  EXPECT_EQ((third * Ratio(3)).whole(), pen(100));
  EXPECT_EQ(third.round(RoundingMode::toward_pos_inf, 10).money, pen(40));
  EXPECT_EQ(code_of([&] { (void)third.round(RoundingMode::half_even, 0); }), ErrorCode::argument_invalid);
  EXPECT_EQ(code_of([&] { (void)(third + ExactMoney(cop(1))); }), ErrorCode::currency_mismatch);
  EXPECT_EQ(code_of([&] { (void)(ExactMoney(pen(kMax)) * Ratio(2)).whole(); }), ErrorCode::amount_overflow);
  EXPECT_EQ(((ExactMoney(pen(kMax)) * Ratio(2)) / Ratio(2)).whole(), pen(kMax));
}

TEST(Multiply, in_one_rounding) {
  EXPECT_EQ(multiply(pen(12345), Ratio(19, 100), RoundingMode::half_even), pen(2346));
  EXPECT_EQ(multiply(pen(kMin), Ratio(kMax, kMax), RoundingMode::half_even), pen(kMin));
  EXPECT_EQ(multiply(pen(kMax), Ratio(BigInteger(kMax), BigInteger(kMax) + 2), RoundingMode::half_even), pen(kMax - 2));
  EXPECT_EQ(code_of([] { (void)multiply(pen(kMax), Ratio(2), RoundingMode::half_even); }), ErrorCode::amount_overflow);
  EXPECT_EQ(code_of([] { (void)multiply(pen(kMin), Ratio(-1), RoundingMode::half_even); }), ErrorCode::amount_overflow);
  EXPECT_EQ(divide(pen(100), Ratio(-3), RoundingMode::toward_neg_inf), pen(-34));
  EXPECT_EQ(code_of([] { (void)divide(pen(2), Ratio(1, kMax), RoundingMode::half_even); }), ErrorCode::amount_overflow);
}

TEST(ShareDone, never_shrinks_and_ends_at_the_part) {
  EXPECT_EQ(share_done(18, 118, 118), 18);
  EXPECT_EQ(share_done(kMax, kMax, kMax), kMax);
  EXPECT_EQ(share_done(kMin, kMax, kMax), kMin);
  EXPECT_EQ(share_done(100, 3, 1), 33);
  EXPECT_EQ(share_done(-100, 3, 1), -33);
  std::int64_t before = 0;
  for (std::int64_t done = 0; done <= 118; ++done) {
    const std::int64_t share = share_done(18, 118, done);
    EXPECT_LE(before, share);
    before = share;
  }
  for (const auto& part : {std::pair{0, 0}, {5, 6}, {5, -1}, {-5, 0}}) {
    EXPECT_EQ(code_of([&] { (void)share_done(1, part.first, part.second); }), ErrorCode::argument_invalid);
  }
}

}  // namespace
}  // namespace cuadre
