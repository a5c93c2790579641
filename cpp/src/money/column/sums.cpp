// Sums in 128 bits, smallest and largest, by currency and by group.
#include <algorithm>
#include <bit>
#include <limits>
#include <mutex>
#include <vector>

#include "money/column/kernels.hpp"
#include "money/column/memory.hpp"

namespace cuadre {
namespace {

constexpr std::size_t kWord = 64;

// Calls whole(first, last) for runs of rows that all have an amount, in whole words where nulls are rare, and
// single(row) for the others that have one.
template <class Whole, class Single>
void over_valid(const ColumnMemory& memory, std::size_t first, std::size_t last, Whole&& whole, Single&& single) {
  if (!memory.validity) {
    whole(first, last);
    return;
  }
  for (std::size_t at = first; at < last; at += kWord) {
    const std::size_t count = std::min(kWord, last - at);
    std::uint64_t bits = load_bits(memory.validity.get(), memory.validity_offset + at, count);
    if (static_cast<std::size_t>(std::popcount(bits)) == count) {
      whole(at, at + count);
      continue;
    }
    for (; bits != 0; bits &= bits - 1) single(at + static_cast<std::size_t>(std::countr_zero(bits)));
  }
}

Int128 sum_one(const ColumnMemory& memory) {
  const auto sum = column_kernels().sum;
  const std::int64_t* values = memory.values.get();
  Int128 total = 0;
  std::mutex mutex;
  in_row_blocks(memory.size, [&](std::size_t first, std::size_t last) {
    Int128 part = 0;
    over_valid(
        memory, first, last, [&](std::size_t from, std::size_t to) { part += sum(values + from, to - from); },
        [&](std::size_t row) { part += values[row]; });
    const std::scoped_lock lock(mutex);
    total += part;
  });
  return total;
}

struct Totals {
  std::vector<Int128> minor = std::vector<Int128>(Currency::count());
  std::vector<bool> seen = std::vector<bool>(Currency::count());
};

template <class Pick>
std::optional<Money> extreme(const MoneyColumn& column, Pick&& pick, std::int64_t start,
                             std::int64_t (*kernel)(const std::int64_t*, std::size_t) noexcept) {
  if (!column.currency()) {
    throw Error(ErrorCode::currency_mismatch, "amounts of several currencies have no order; filter by currency first");
  }
  const ColumnMemory& memory = column.memory();
  std::int64_t best = start;
  bool any = false;
  std::mutex mutex;
  in_row_blocks(memory.size, [&](std::size_t first, std::size_t last) {
    std::int64_t mine = start;
    bool found = false;
    const auto take = [&](std::int64_t value) {
      mine = pick(mine, value);
      found = true;
    };
    over_valid(
        memory, first, last,
        [&](std::size_t from, std::size_t to) { take(kernel(memory.values.get() + from, to - from)); },
        [&](std::size_t row) { take(memory.values.get()[row]); });
    const std::scoped_lock lock(mutex);
    best = pick(best, mine);
    any = any || found;
  });
  if (!any) return std::nullopt;
  return Money::from_minor(best, column.currency());
}

}  // namespace

MoneySum MoneyColumn::sum() const {
  MoneySum sum;
  if (currency_) {
    if (null_count() < size()) sum.add(currency_, sum_one(memory_));
    return sum;
  }
  Totals totals;
  const std::uint16_t* ids = memory_.currencies.get();
  const auto add = [&](std::size_t row) {
    totals.minor[ids[row]] += amount_minor(row);
    totals.seen[ids[row]] = true;
  };
  over_valid(
      memory_, 0, size(),
      [&](std::size_t from, std::size_t to) {
        for (; from < to; ++from) add(from);
      },
      add);
  for (std::uint16_t id = 0; id < Currency::count(); ++id) {
    if (totals.seen[id]) sum.add(Currency::from_id(id), totals.minor[id]);
  }
  return sum;
}

std::optional<Money> MoneyColumn::min() const {
  return extreme(
      *this, [](std::int64_t a, std::int64_t b) { return std::min(a, b); }, std::numeric_limits<std::int64_t>::max(),
      column_kernels().min);
}

std::optional<Money> MoneyColumn::max() const {
  return extreme(
      *this, [](std::int64_t a, std::int64_t b) { return std::max(a, b); }, std::numeric_limits<std::int64_t>::min(),
      column_kernels().max);
}

std::vector<MoneySum> MoneyColumn::sum_by(std::span<const std::uint32_t> groups, std::size_t group_count) const {
  if (groups.size() != size()) {
    throw Error(ErrorCode::argument_invalid, "a group is needed for each of the " + std::to_string(size()) +
                                                 " rows, not " + std::to_string(groups.size()));
  }
  std::vector<MoneySum> sums(group_count);
  std::vector<Int128> totals(currency_ ? group_count : 0);
  std::vector<bool> seen(totals.size());
  for (std::size_t row = 0; row < size(); ++row) {
    if (groups[row] >= group_count) throw Error(ErrorCode::argument_invalid, "a group outside their count");
    if (is_null(row)) continue;
    if (!currency_) {
      sums[groups[row]].add(currency(row), Int128{amount_minor(row)});
      continue;
    }
    totals[groups[row]] += amount_minor(row);
    seen[groups[row]] = true;
  }
  for (std::size_t group = 0; group < totals.size(); ++group) {
    if (seen[group]) sums[group].add(currency_, totals[group]);
  }
  return sums;
}

Int128 sum_minor(std::span<const std::int64_t> amounts_minor) noexcept {
  constexpr std::size_t kRowsMax = std::size_t{1} << 30U;  // of one call of the kernel
  Int128 total = 0;                                        // 2^63 amounts would be needed to overflow
  for (; !amounts_minor.empty(); amounts_minor = amounts_minor.subspan(std::min(kRowsMax, amounts_minor.size()))) {
    total += column_kernels().sum(amounts_minor.data(), std::min(kRowsMax, amounts_minor.size()));
  }
  return total;
}

}  // namespace cuadre
