#include "cuadre/money/column.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <numeric>
#include <random>

#include "base/simd.hpp"
#include "money/column/kernels.hpp"
#include "money/column/memory.hpp"

namespace cuadre {
namespace {

constexpr std::int64_t kMin = std::numeric_limits<std::int64_t>::min();
constexpr std::int64_t kMax = std::numeric_limits<std::int64_t>::max();

const Currency kPen = Currency::of("PEN");

// Amounts of every size, the ends of the range among them.
std::vector<std::int64_t> amounts(std::size_t count, unsigned seed) {
  std::mt19937_64 random(seed);
  std::vector<std::int64_t> out;
  for (std::size_t i = 0; i < count; ++i) {
    const auto value = static_cast<std::int64_t>(random());
    out.push_back(value >> (random() % 64));
  }
  if (count > 20) out[count / 2] = kMin, out[count / 3] = kMax;
  return out;
}

// A column with a null at every third row that starts in the middle of its memory.
struct Holed {
  std::vector<std::int64_t> values;
  MoneyColumn column;
};
Holed holed(std::size_t count, unsigned seed, std::size_t first) {
  std::vector<std::int64_t> all = amounts(count + first, seed);
  auto bits = std::make_shared<std::vector<std::uint8_t>>((all.size() + 7) / 8);
  for (std::size_t i = 0; i < all.size(); ++i) {
    if ((i - first) % 3 != 1) (*bits)[i / 8] = static_cast<std::uint8_t>((*bits)[i / 8] | (1U << (i % 8)));
  }
  auto held = std::make_shared<std::vector<std::int64_t>>(all);
  const MoneyColumn whole({{held, held->data()}, {bits, bits->data()}, 0, nullptr, all.size()}, kPen);
  all.erase(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(first));
  return {std::move(all), whole.slice(first, count)};
}

// Every instruction set of this machine, then the one that was chosen.
template <class Work>
void at_every_level(Work&& work) {
  const SimdLevel before = simd_level();
  for (const SimdLevel level : {SimdLevel::portable, SimdLevel::avx2, SimdLevel::avx512}) {
    if (set_simd_level(level)) work();
  }
  set_simd_level(before);
}

TEST(MoneyColumn, KernelsEqualScalars) {
  at_every_level([] {
    for (const std::size_t size : {0U, 1U, 7U, 8U, 9U, 64U, 65U, 1000U}) {
      const std::vector<std::int64_t> a = amounts(size, 1);
      std::vector<std::int64_t> b = amounts(size, 2);
      if (size > 3) b[3] = a[3];
      std::vector<std::int64_t> out(size);
      bool wrapped = false;
      for (std::size_t i = 0; i < size; ++i) {
        std::int64_t sum = 0;
        wrapped |= __builtin_add_overflow(a[i], b[i], &sum);
      }
      EXPECT_EQ(column_kernels().add({a.data(), b.data(), 0, size}, out.data()), wrapped);
      std::vector<std::uint8_t> bits((size + 7) / 8);
      column_kernels().less({a.data(), b.data(), 0, size}, bits.data());
      for (std::size_t i = 0; i < size; ++i) EXPECT_EQ((bits[i / 8] >> (i % 8)) & 1, a[i] < b[i] ? 1 : 0);
      column_kernels().equal({a.data(), nullptr, 5, size}, bits.data());
      for (std::size_t i = 0; i < size; ++i) EXPECT_EQ((bits[i / 8] >> (i % 8)) & 1, a[i] == 5 ? 1 : 0);
      EXPECT_EQ(column_kernels().sum(a.data(), size), std::accumulate(a.begin(), a.end(), Int128{0}));
      EXPECT_EQ(sum_minor(a), std::accumulate(a.begin(), a.end(), Int128{0}));
    }
  });
}

TEST(MoneyColumn, OverflowIsFoundAtEveryLevelAndRow) {
  at_every_level([] {
    for (std::size_t row = 0; row < 40; ++row) {
      std::vector<std::int64_t> values(40, -1);
      values[row] = kMin;
      const MoneyColumn column = MoneyColumn::from_minor(values, kPen);
      const MoneyColumn ones = MoneyColumn::from_minor(std::vector<std::int64_t>(40, 1), kPen);
      EXPECT_THROW(column.subtract(ones), Error);
      EXPECT_THROW(column.negate(), Error);
      EXPECT_THROW(column.abs(), Error);
      EXPECT_THROW(column.multiply(-1), Error);
      EXPECT_THROW(column.multiply(2), Error);
      EXPECT_NO_THROW(column.add(ones));
      try {
        column.subtract(ones);
      } catch (const Error& error) {
        EXPECT_EQ(error.code(), ErrorCode::amount_overflow);
        EXPECT_TRUE(error.message().starts_with("row " + std::to_string(row) + ":")) << error.message();
      }
    }
  });
}

TEST(MoneyColumn, ScalingEqualsWideDivision) {
  const std::int64_t divisors[] = {2, 3, 7, 10, 100, 10'000, 1'000'003, 1LL << 32, (1LL << 62) + 1, kMax};
  const std::int64_t numerators[] = {1, -1, 19, 349, -35, 1LL << 40, kMax, kMin};
  const std::vector<std::int64_t> values = amounts(500, 3);
#define CUADRE_X(name, text) RoundingMode::name,
  const RoundingMode modes[] = {CUADRE_ROUNDING_MODES(CUADRE_X)};
#undef CUADRE_X
  std::vector<std::int64_t> out(values.size());
  for (const RoundingMode mode : modes) {
    for (const std::int64_t divisor : divisors) {
      for (const std::int64_t numerator : numerators) {
        const RowScale scale(numerator, divisor, 1, mode);
        bool wrapped = false;
        const bool reported = scale(values.data(), out.data(), values.size());
        for (std::size_t i = 0; i < values.size(); ++i) {
          const Int128 exact = divide_rounded(Int128{values[i]} * numerator, divisor, mode);
          if (exact < kMin || exact > kMax) {
            wrapped = true;
          } else {
            ASSERT_EQ(out[i], static_cast<std::int64_t>(exact)) << values[i] << " " << numerator << "/" << divisor;
          }
        }
        ASSERT_EQ(reported, wrapped);
      }
    }
  }
}

TEST(MoneyColumn, NullsStayNullAndDoNotOverflow) {
  for (const std::size_t first : {0U, 1U, 8U, 13U}) {
    const Holed left = holed(200, 5, first);
    Int128 total = 0;
    std::size_t nulls = 0;
    for (std::size_t row = 0; row < 200; ++row) {
      ASSERT_EQ(left.column.is_null(row), row % 3 == 1);
      if (row % 3 == 1) {
        ++nulls;
      } else {
        total += left.values[row];
      }
    }
    EXPECT_EQ(left.column.null_count(), nulls);
    EXPECT_EQ(left.column.sum().amount_minor(kPen), to_wide(total));
    EXPECT_EQ(left.column.filter(left.column.valid()).size(), 200 - nulls);
    EXPECT_EQ(left.column.compare(Comparison::less, left.column).null_count(), nulls);
  }
  const std::int64_t values[] = {1, kMin};
  auto bits = std::make_shared<std::uint8_t>(std::uint8_t{1});
  const MoneyColumn plain = MoneyColumn::from_minor(values, kPen);
  ColumnMemory memory = plain.memory();
  memory.validity = bits;
  EXPECT_NO_THROW(MoneyColumn(memory, kPen).negate());
  EXPECT_THROW(plain.negate(), Error);
}

TEST(MoneyColumn, LongColumnsUseThreadsAndKeptMemory) {
  std::vector<std::int64_t> values(kRowsForThreads * 3 + 77);
  std::iota(values.begin(), values.end(), -1000);
  const MoneyColumn column = MoneyColumn::from_minor(values, kPen);
  const MoneyColumn twice = column.add(column);
  for (const std::size_t row : {std::size_t{0}, kBlockRows, values.size() - 1}) {
    EXPECT_EQ(twice.amount_minor(row), 2 * values[row]);
  }
  EXPECT_EQ(column.sum().amount_minor(kPen), to_wide(sum_minor(values)));
  EXPECT_EQ(column.min()->amount_minor(), -1000);
  EXPECT_EQ(column.max()->amount_minor(), values.back());
  for (int i = 0; i < 100; ++i) column.negate();
  EXPECT_GT(column_bytes_kept(), 0U);
  EXPECT_LE(column_bytes_kept(), kKeptBytes);
}

TEST(MoneyColumn, ArrowOutAndInAgain) {
  const Holed some = holed(100, 9, 5);
  ArrowArrayStream stream{};
  some.column.table().export_stream(&stream);
  const MoneyColumn back = MoneyColumn::from_arrow(&stream, AmountUnit::major, Currency{});
  ASSERT_EQ(back.size(), 100U);
  EXPECT_EQ(back.currency(), kPen);
  for (std::size_t row = 0; row < 100; ++row) EXPECT_EQ(back.at(row), some.column.at(row));
  ArrowSchema schema{};
  ArrowArray array{};
  some.column.export_minor(&schema, &array);
  EXPECT_EQ(array.buffers[1], some.column.memory().values.get());
  EXPECT_EQ(array.null_count, 33);
  array.release(&array);
  schema.release(&schema);
  some.column.export_decimal(&schema, &array);
  EXPECT_STREQ(schema.format, "d:38,2");
  array.release(&array);
  schema.release(&schema);
}

TEST(MoneyColumn, Refusals) {
  const std::int64_t values[] = {1, 2};
  const MoneyColumn column = MoneyColumn::from_minor(values, kPen);
  EXPECT_THROW(MoneyColumn::from_minor(values, Currency{}), Error);
  EXPECT_THROW(column.slice(1, 2), Error);
  EXPECT_THROW(column.filter(Mask(3)), Error);
  EXPECT_THROW(column.round_to_step(0, RoundingMode::half_even), Error);
  EXPECT_THROW(column.add(Money::from_minor(1, Currency::of("COP"))), Error);
  const std::uint32_t groups[] = {0, 5};
  EXPECT_THROW(column.sum_by(groups, 2), Error);
}

}  // namespace
}  // namespace cuadre
