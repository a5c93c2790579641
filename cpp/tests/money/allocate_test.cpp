// Shares against their definition: sums, mirrors, caps, and a million of them.
#include "cuadre/money/allocate.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <numeric>

namespace cuadre {
namespace {

constexpr std::int64_t kMin = std::numeric_limits<std::int64_t>::min();
constexpr std::int64_t kMax = std::numeric_limits<std::int64_t>::max();
using Shares = std::vector<std::int64_t>;

Shares split(std::int64_t amount, const std::vector<Ratio>& weights, std::int64_t step = 1, const Shares& caps = {}) {
  return allocate(amount, weights, step, caps);
}

TEST(Allocate, largest_remainder_ties_to_the_lowest_index) {
  EXPECT_EQ(split(100, {1, 1, 1}), (Shares{34, 33, 33}));
  EXPECT_EQ(split(-100, {1, 1, 1}), (Shares{-34, -33, -33}));
  EXPECT_EQ(split(5, {30, 70}), (Shares{2, 3}));  // 1.5 and 3.5
  EXPECT_EQ(split(10, {Ratio(1, 3), Ratio(2, 3)}), (Shares{3, 7}));
  EXPECT_EQ(split(101, {0, 1, 1, 0}), (Shares{0, 51, 50, 0}));
  EXPECT_EQ(split(0, {1, 2}), (Shares{0, 0}));
  EXPECT_EQ(split(1000, {1, 1, 1}, 50), (Shares{350, 350, 300}));
  EXPECT_EQ(split(kMin, {1}), (Shares{kMin}));
  EXPECT_EQ(split(kMin, {kMax, kMax}), (Shares{kMin / 2, kMin / 2}));
  EXPECT_EQ(split(kMax, {Ratio(BigInteger(1) << 200, 1), Ratio(1, BigInteger(1) << 200)}), (Shares{kMax, 0}));
  EXPECT_EQ(allocate(-5, std::size_t{3}), (Shares{-2, -2, -1}));
  EXPECT_EQ(allocate(1000, std::size_t{3}, 100), (Shares{400, 300, 300}));
}

TEST(Allocate, caps_are_filled_and_the_rest_goes_on) {
  EXPECT_EQ(split(100, {1, 1, 1}, 1, {10, 100, 100}), (Shares{10, 45, 45}));
  EXPECT_EQ(split(-100, {1, 1, 1}, 1, {10, 40, 100}), (Shares{-10, -40, -50}));
  EXPECT_EQ(split(100, {8, 1, 1}, 1, {10, 44, 100}), (Shares{10, 44, 46}));
  EXPECT_EQ(split(100, {1, 1}, 10, {55, 59}), (Shares{50, 50}));
  EXPECT_EQ(split(30, {1, 1, 0}, 1, {10, 20, 99}), (Shares{10, 20, 0}));
  EXPECT_THROW(split(31, {1, 1, 0}, 1, {10, 20, 99}), Error);
  EXPECT_THROW(split(31, {1, 1}, 1, {10}), Error);
  EXPECT_THROW(split(31, {1, 1}, 1, {-10, 90}), Error);
  // A cap is reached by rounding up at most.
  EXPECT_EQ(split(10, {1, 1, 1}, 1, {4, 3, 3}), (Shares{4, 3, 3}));
  EXPECT_EQ(split(10, {1, 1, 1}, 1, {3, 4, 4}), (Shares{3, 4, 3}));
}

TEST(Allocate, refuses_what_has_no_answer) {
  EXPECT_THROW(split(1, {}), Error);
  EXPECT_THROW(split(1, {0, 0}), Error);
  EXPECT_THROW(split(1, {1, -1}), Error);
  EXPECT_THROW(split(101, {1, 1}, 50), Error);
  EXPECT_THROW(split(100, {1, 1}, 0), Error);
  EXPECT_THROW(allocate(1, std::size_t{0}), Error);
}

TEST(Allocate, a_million_shares) {
  std::vector<Ratio> weights;
  for (std::int64_t i = 0; i < 1'000'000; ++i) weights.emplace_back(i % 97);
  const Shares shares = split(123'456'789'012'345, weights);
  EXPECT_EQ(std::accumulate(shares.begin(), shares.end(), std::int64_t{0}), 123'456'789'012'345);
  const Shares capped = split(50'000'000, weights, 1, Shares(weights.size(), 60));
  EXPECT_EQ(std::accumulate(capped.begin(), capped.end(), std::int64_t{0}), 50'000'000);
}

}  // namespace
}  // namespace cuadre
