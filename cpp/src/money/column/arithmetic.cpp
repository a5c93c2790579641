// Row by row: sums, differences, products, roundings, comparisons. The loops are in kernels.cpp; here rows are
// paired, nulls and currencies joined, and the first row at fault is found.
#include <algorithm>
#include <atomic>
#include <bit>
#include <limits>
#include <utility>

#include "money/column/kernels.hpp"
#include "money/column/memory.hpp"

namespace cuadre {
namespace {

constexpr std::size_t kWord = 64;
constexpr std::int64_t kMin = std::numeric_limits<std::int64_t>::min();

std::string shown(const MoneyColumn& column, std::size_t row) {
  const Currency currency = column.currency(row);
  return std::string(currency.code()) + " " + decimal_text(column.amount_minor(row), currency.minor_units());
}

std::string row_name(std::size_t row) { return "row " + std::to_string(row) + ": "; }

[[noreturn]] void overflow(const MoneyColumn& column, std::size_t row, const std::string& what) {
  throw Error(ErrorCode::amount_overflow,
              row_name(row) + what + " of " + shown(column, row) + " does not fit 64 bits of minor units");
}

[[noreturn]] void mismatch(std::size_t row, Currency left, Currency right) {
  throw Error(ErrorCode::currency_mismatch, row_name(row) + std::string(left.code()) + " meets " +
                                                std::string(right.code()) +
                                                "; convert one of them first, or filter by currency");
}

// Runs a kernel over blocks; whether any of them reported.
template <class Work>
bool any_block(std::size_t size, Work&& work) {
  std::atomic<bool> found{false};
  in_row_blocks(size, [&](std::size_t first, std::size_t last) {
    if (work(first, last)) found.store(true, std::memory_order_relaxed);
  });
  return found.load();
}

// Kernels look at rows that are null as well: what they report counts only where a row with an amount is found.
template <class Fails>
void blame(const MoneyColumn& result, const MoneyColumn& operand, const std::string& what, Fails&& fails) {
  for (std::size_t row = 0; row < result.size(); ++row) {
    if (!result.is_null(row) && fails(row)) overflow(operand, row, what);
  }
}

using Kernel = bool (*)(const Operands&, std::int64_t*) noexcept;

bool run(Kernel kernel, const Operands& all, std::int64_t* out) {
  return any_block(all.size, [&](std::size_t first, std::size_t last) {
    return kernel({all.left + first, all.right == nullptr ? nullptr : all.right + first, all.scalar, last - first},
                  out + first);
  });
}

using BitKernel = void (*)(const Operands&, std::uint8_t*) noexcept;

void run(BitKernel kernel, const Operands& all, std::uint8_t* bits) {
  in_row_blocks(all.size, [&](std::size_t first, std::size_t last) {
    kernel({all.left + first, all.right == nullptr ? nullptr : all.right + first, all.scalar, last - first},
           bits + first / 8);
  });
}

void require_rows(const MoneyColumn& left, const MoneyColumn& right) {
  if (left.size() == right.size()) return;
  throw Error(ErrorCode::argument_invalid, "two columns of as many rows are needed, not of " +
                                               std::to_string(left.size()) + " and " + std::to_string(right.size()));
}

void require_currency(const MoneyColumn& column, Currency currency) {
  if (column.currency() == currency) return;
  for (std::size_t row = 0; row < column.size(); ++row) {
    if (!column.is_null(row) && column.currency(row) != currency) mismatch(row, column.currency(row), currency);
  }
}

const std::int64_t* values_of(const MoneyColumn& column) { return column.memory().values.get(); }

bool small(const BigInteger& value, std::int64_t& out) {
  if (value > std::numeric_limits<std::int64_t>::max() || value < kMin) return false;
  out = static_cast<std::int64_t>(value);
  return true;
}

// All ones where both have an amount.
std::shared_ptr<std::uint8_t> both_valid(const ColumnMemory& left, const ColumnMemory& right) {
  auto bits = column_array<std::uint8_t>((left.size + 7) / 8);
  for (std::size_t at = 0; at < left.size; at += kWord) {
    const std::size_t count = std::min(kWord, left.size - at);
    store_bits(bits.get(), at, count,
               load_bits(left.validity.get(), left.validity_offset + at, count) &
                   load_bits(right.validity.get(), right.validity_offset + at, count));
  }
  return bits;
}

MoneyColumn with_values(const MoneyColumn& shape, std::shared_ptr<const std::int64_t> values) {
  ColumnMemory memory = shape.memory();
  memory.values = std::move(values);
  return MoneyColumn(std::move(memory), shape.currency());
}

MoneyColumn unary(const MoneyColumn& column, Kernel kernel, std::int64_t scalar, const std::string& what,
                  bool (*fails)(std::int64_t, std::int64_t)) {
  const auto out = column_array<std::int64_t>(column.size());
  MoneyColumn result = with_values(column, out);
  if (run(kernel, {values_of(column), nullptr, scalar, column.size()}, out.get())) {
    blame(result, column, what, [&](std::size_t row) { return fails(column.amount_minor(row), scalar); });
  }
  return result;
}

bool add_fails(std::int64_t a, std::int64_t b) {
  std::int64_t ignored = 0;
  return __builtin_add_overflow(a, b, &ignored);
}
bool subtract_fails(std::int64_t a, std::int64_t b) {
  std::int64_t ignored = 0;
  return __builtin_sub_overflow(a, b, &ignored);
}
bool multiply_fails(std::int64_t a, std::int64_t b) {
  std::int64_t ignored = 0;
  return __builtin_mul_overflow(a, b, &ignored);
}
bool is_smallest(std::int64_t a, std::int64_t /*b*/) { return a == kMin; }

}  // namespace

MoneyColumn MoneyColumn::combined(const MoneyColumn& other) const {
  require_rows(*this, other);
  ColumnMemory memory = memory_;
  if (!memory.validity) {
    memory.validity = other.memory_.validity;
    memory.validity_offset = other.memory_.validity_offset;
  } else if (other.memory_.validity) {
    memory.validity = both_valid(memory_, other.memory_);
    memory.validity_offset = 0;
  }
  if (memory.currencies && !other.memory_.currencies) memory.currencies = nullptr;  // all of them are the other's one
  const Currency one = memory.currencies ? Currency{} : (currency_ ? currency_ : other.currency_);
  MoneyColumn shape(std::move(memory), one);
  if (currency_ && currency_ == other.currency_) return shape;
  for (std::size_t row = 0; row < size(); ++row) {
    if (!shape.is_null(row) && currency(row) != other.currency(row)) mismatch(row, currency(row), other.currency(row));
  }
  return shape;
}

MoneyColumn MoneyColumn::add(const MoneyColumn& other) const {
  const auto out = column_array<std::int64_t>(size());
  MoneyColumn result = with_values(combined(other), out);
  if (run(column_kernels().add, {values_of(*this), values_of(other), 0, size()}, out.get())) {
    blame(result, *this, "the sum",
          [&](std::size_t row) { return add_fails(amount_minor(row), other.amount_minor(row)); });
  }
  return result;
}

MoneyColumn MoneyColumn::subtract(const MoneyColumn& other) const {
  const auto out = column_array<std::int64_t>(size());
  MoneyColumn result = with_values(combined(other), out);
  if (run(column_kernels().subtract, {values_of(*this), values_of(other), 0, size()}, out.get())) {
    blame(result, *this, "the difference",
          [&](std::size_t row) { return subtract_fails(amount_minor(row), other.amount_minor(row)); });
  }
  return result;
}

MoneyColumn MoneyColumn::add(Money money) const {
  require_currency(*this, money.currency());
  return unary(*this, column_kernels().add, money.amount_minor(), "the sum", add_fails);
}

MoneyColumn MoneyColumn::subtract(Money money) const {
  require_currency(*this, money.currency());
  return unary(*this, column_kernels().subtract, money.amount_minor(), "the difference", subtract_fails);
}

MoneyColumn MoneyColumn::subtract_from(Money money) const {
  require_currency(*this, money.currency());
  const auto same = column_array<std::int64_t>(size());
  std::fill_n(same.get(), size(), money.amount_minor());
  const MoneyColumn left({same, nullptr, 0, nullptr, size()}, money.currency());
  return left.subtract(*this);
}

MoneyColumn MoneyColumn::negate() const {
  return unary(*this, column_kernels().negate, 0, "the negative", is_smallest);
}
MoneyColumn MoneyColumn::abs() const { return unary(*this, column_kernels().abs, 0, "the magnitude", is_smallest); }
MoneyColumn MoneyColumn::multiply(std::int64_t times) const {
  return unary(*this, column_kernels().multiply, times, "the product", multiply_fails);
}

MoneyColumn MoneyColumn::scaled(const Ratio& factor, std::int64_t step_minor, RoundingMode mode) const {
  std::int64_t numerator = 0;
  std::int64_t divisor = 0;
  const auto out = column_array<std::int64_t>(size());
  MoneyColumn result = with_values(*this, out);
  if (small(factor.numerator(), numerator) && small(factor.denominator(), divisor)) {
    const RowScale scale(numerator, divisor, step_minor, mode);
    const bool reported = any_block(size(), [&](std::size_t first, std::size_t last) {
      return scale(values_of(*this) + first, out.get() + first, last - first);
    });
    std::int64_t ignored = 0;
    const std::string what = step_minor == 1 ? "the product" : "the rounded amount";
    if (reported)
      blame(result, *this, what, [&](std::size_t row) {
        // Again at full width, and again the step: what the kernel did.
        return !scale.wide(amount_minor(row), ignored);
      });
    return result;
  }
  for (std::size_t row = 0; row < size(); ++row) {
    out.get()[row] = 0;
    if (is_null(row)) continue;
    const BigInteger exact = (Ratio(amount_minor(row)) * factor).rounded(mode);
    if (!small(exact, out.get()[row])) overflow(*this, row, "the product");
  }
  return result;
}

MoneyColumn MoneyColumn::multiply(const Ratio& factor, RoundingMode mode) const {
  std::int64_t times = 0;
  if (factor.is_whole() && small(factor.numerator(), times)) return multiply(times);
  return scaled(factor, 1, mode);
}

MoneyColumn MoneyColumn::round_to_step(std::int64_t step_minor, RoundingMode mode) const {
  if (step_minor <= 0) {
    throw Error(ErrorCode::argument_invalid, "a step is a positive amount, not " + std::to_string(step_minor));
  }
  if (step_minor == 1) return *this;
  return scaled(Ratio(1, step_minor), step_minor, mode);
}

// ---- comparisons

namespace {

// The kernel that answers, and whether its answer is turned round.
struct Relation {
  BitKernel kernel;
  bool negated;
};
Relation relation_of(Comparison comparison) {
  const ColumnKernels& kernels = column_kernels();
  switch (comparison) {
    case Comparison::equal:
      return {kernels.equal, false};
    case Comparison::not_equal:
      return {kernels.equal, true};
    case Comparison::less:
      return {kernels.less, false};
    case Comparison::less_equal:
      return {kernels.greater, true};
    case Comparison::greater:
      return {kernels.greater, false};
    case Comparison::greater_equal:
      return {kernels.less, true};
  }
  return {kernels.equal, false};
}

bool is_order(Comparison comparison) { return comparison != Comparison::equal && comparison != Comparison::not_equal; }

// Turns the bits round where asked, and clears them where `left` or `right` is null.
void finish(Mask& mask, bool negated, const ColumnMemory& left, const ColumnMemory* right) {
  const bool nulls = left.validity || (right != nullptr && right->validity);
  if (!negated && !nulls) return;
  if (nulls) mask.validity.resize(mask.values.size());
  for (std::size_t at = 0; at < mask.size; at += kWord) {
    const std::size_t count = std::min(kWord, mask.size - at);
    std::uint64_t known = count == kWord ? ~std::uint64_t{0} : (std::uint64_t{1} << count) - 1;
    if (left.validity) known &= load_bits(left.validity.get(), left.validity_offset + at, count);
    if (right != nullptr && right->validity)
      known &= load_bits(right->validity.get(), right->validity_offset + at, count);
    const std::uint64_t bits = load_bits(mask.values.data(), at, count);
    store_bits(mask.values.data(), at, count, (negated ? ~bits : bits) & known);
    if (nulls) store_bits(mask.validity.data(), at, count, known);
  }
}

// Rows of different currencies are not equal, whatever their numbers are.
template <class Same>
void clear_unlike(Mask& mask, Same&& same) {
  for (std::size_t row = 0; row < mask.size; ++row) {
    if (!same(row)) mask.values[row / 8] = static_cast<std::uint8_t>(mask.values[row / 8] & ~(1U << (row % 8)));
  }
}

}  // namespace

Mask MoneyColumn::compare(Comparison comparison, const MoneyColumn& other) const {
  require_rows(*this, other);
  if (is_order(comparison)) combined(other);  // throws where currencies meet
  const Relation relation = relation_of(comparison);
  Mask mask(size());
  run(relation.kernel, {values_of(*this), values_of(other), 0, size()}, mask.values.data());
  if (!is_order(comparison) && (!currency_ || currency_ != other.currency_)) {
    clear_unlike(mask, [&](std::size_t row) { return currency(row) == other.currency(row); });
  }
  finish(mask, relation.negated, memory_, &other.memory_);
  return mask;
}

Mask MoneyColumn::compare(Comparison comparison, Money money) const {
  if (is_order(comparison)) require_currency(*this, money.currency());
  const Relation relation = relation_of(comparison);
  Mask mask(size());
  run(relation.kernel, {values_of(*this), nullptr, money.amount_minor(), size()}, mask.values.data());
  if (!is_order(comparison) && currency_ != money.currency()) {
    clear_unlike(mask, [&](std::size_t row) { return currency(row) == money.currency(); });
  }
  finish(mask, relation.negated, memory_, nullptr);
  return mask;
}

}  // namespace cuadre
