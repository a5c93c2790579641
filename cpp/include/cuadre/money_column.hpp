// Columns of amounts: 64-bit minor units with one currency or a code a row, nulls, every operation checked.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "cuadre/arrow.hpp"
#include "cuadre/money_exact.hpp"
#include "cuadre/money_fee.hpp"
#include "cuadre/money_sum.hpp"

namespace cuadre {

// Memory that a column reads; somebody else may own it (Arrow, NumPy), and then nothing was copied.
struct ColumnMemory {
  std::shared_ptr<const void> owner;
  const std::int64_t* values = nullptr;
  const std::uint8_t* validity = nullptr;  // one bit a row from bit `validity_offset`, null: all valid
  std::size_t validity_offset = 0;
  const std::uint16_t* currencies = nullptr;  // Currency::id() a row; null: one currency
  std::size_t size = 0;
};

// True, false or null a row; one bit each.
struct Mask {
  std::vector<std::uint8_t> values;
  std::vector<std::uint8_t> validity;  // empty: all valid
  std::size_t size = 0;
  std::size_t count_true() const noexcept;
};

enum class Comparison : std::uint8_t { equal, not_equal, less, less_equal, greater, greater_equal };

// Immutable; copies share memory. Between two columns rows must be as many (Error(argument_invalid)) and of the same
// currency (Error(currency_mismatch), naming the row); a null on either side gives a null; an overflow is
// Error(amount_overflow), naming the row.
class MoneyColumn {
 public:
  explicit MoneyColumn(ColumnMemory memory, Currency currency);  // currency empty: memory.currencies has one a row
  static MoneyColumn from_minor(std::span<const std::int64_t> amounts_minor, Currency currency);  // copies

  // Takes the stream over. int64 (minor units), decimals of any width and scale and text, both in major units and
  // strictly exact; chunked, sliced, with nulls. `currency` empty: a struct with the fields amount and currency, or
  // two columns of these names. int64 in one chunk is not copied. Throws as open_arrow does.
  static MoneyColumn from_arrow(ArrowArrayStream* stream, Currency currency);

  std::size_t size() const noexcept { return memory_.size; }
  std::size_t null_count() const noexcept;
  Currency currency() const noexcept { return currency_; }  // empty for a column of several
  Currency currency(std::size_t row) const noexcept;
  bool is_null(std::size_t row) const noexcept;
  std::int64_t amount_minor(std::size_t row) const noexcept { return memory_.values[row]; }
  std::optional<Money> at(std::size_t row) const;
  const ColumnMemory& memory() const noexcept { return memory_; }

  MoneyColumn add(const MoneyColumn& other) const;
  MoneyColumn add(Money money) const;
  MoneyColumn subtract(const MoneyColumn& other) const;
  MoneyColumn subtract(Money money) const;
  MoneyColumn negate() const;
  MoneyColumn abs() const;
  MoneyColumn multiply(std::int64_t times) const;
  MoneyColumn multiply(const Ratio& factor, RoundingMode mode) const;
  MoneyColumn round_to_step(std::int64_t step_minor, RoundingMode mode) const;

  Mask compare(Comparison comparison, const MoneyColumn& other) const;
  Mask compare(Comparison comparison, Money money) const;
  MoneyColumn filter(const Mask& mask) const;  // rows where it is true
  MoneyColumn slice(std::size_t first, std::size_t count) const;

  MoneySum sum() const;              // by currency, 128 bits wide; nulls are passed over
  std::optional<Money> min() const;  // of a column of one currency
  std::optional<Money> max() const;
  // Sums for each group: `groups` numbers the rows 0 .. group_count - 1. One MoneySum a group.
  std::vector<MoneySum> sum_by(std::span<const std::uint32_t> groups, std::size_t group_count) const;

  // Row by row, shares by the same weights: one column for each weight.
  std::vector<MoneyColumn> allocate(std::span<const Ratio> weights, std::int64_t step_minor = 1) const;

  // amount decimal128 and currency (dictionary), as a struct-less stream of record batches; without copying where the
  // values go out as int64 minor units.
  Table table() const;                                                // amount, currency
  void export_minor(ArrowSchema* schema, ArrowArray* array) const;    // int64, zero copy
  void export_decimal(ArrowSchema* schema, ArrowArray* array) const;  // decimal128

 private:
  ColumnMemory memory_;
  Currency currency_;
};

}  // namespace cuadre
