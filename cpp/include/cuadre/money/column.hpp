// Columns of amounts: 64-bit minor units with one currency or a code a row, nulls, every operation checked.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "cuadre/money/exact.hpp"
#include "cuadre/money/sum.hpp"
#include "cuadre/table.hpp"

namespace cuadre {

// Memory that a column reads. The pointers own what they point to, or somebody who does (Arrow, NumPy): then nothing
// was copied, and nobody may change it while the column lives.
struct ColumnMemory {
  std::shared_ptr<const std::int64_t> values;
  std::shared_ptr<const std::uint8_t> validity;  // one bit a row from bit `validity_offset`; null: all valid
  std::size_t validity_offset = 0;
  std::shared_ptr<const std::uint16_t> currencies;  // Currency::id() a row; null: one currency
  std::size_t size = 0;
};

// True, false or null a row; one bit each, lowest first. Bits past the end are zero.
struct Mask {
  std::vector<std::uint8_t> values;    // false where null
  std::vector<std::uint8_t> validity;  // empty: all valid
  std::size_t size = 0;

  explicit Mask(std::size_t rows = 0) : values((rows + 7) / 8), size(rows) {}
  bool is_true(std::size_t row) const noexcept { return ((values[row / 8] >> (row % 8)) & 1U) != 0; }
  bool is_null(std::size_t row) const noexcept {
    return !validity.empty() && ((validity[row / 8] >> (row % 8)) & 1U) == 0;
  }
  std::size_t count_true() const noexcept;
  std::size_t null_count() const noexcept;
  // As SQL has it: false and null is false, true or null is true. Throw Error(argument_invalid) for other lengths.
  Mask operator&(const Mask& other) const;
  Mask operator|(const Mask& other) const;
  Mask operator~() const;
  void export_bits(ArrowSchema* schema, ArrowArray* array) const;  // Arrow booleans, copied
};

enum class Comparison : std::uint8_t { equal, not_equal, less, less_equal, greater, greater_equal };

// What numbers in a foreign column count. Whole numbers could be either, so they are taken only as minor units, and
// decimals and text only as major ones.
enum class AmountUnit : std::uint8_t { major, minor };

// Int128 sum of a column of minor units of one currency.
Int128 sum_minor(std::span<const std::int64_t> amounts_minor) noexcept;

// Immutable; copies share memory. Between two columns rows must be as many (Error(argument_invalid)) and of the same
// currency (Error(currency_mismatch), naming the row); a null on either side gives a null; an overflow is
// Error(amount_overflow), naming the first row. Rows count from 0. Long columns are worked on by all processors, with
// the same results.
class MoneyColumn {
 public:
  // currency empty: memory.currencies has one a row. Throws as Money::from_minor does.
  explicit MoneyColumn(ColumnMemory memory, Currency currency);
  static MoneyColumn from_minor(std::span<const std::int64_t> amounts_minor, Currency currency);  // copies

  // Takes the stream over: major units are decimals of any width and scale or text, strictly exact; minor units are
  // whole numbers. Chunked, sliced, with nulls; int64 in one chunk is not copied. A struct (a table) must have a column
  // `amount` (or `amount_minor`), or only one; where it has `currency` too, `currency` may be empty.
  // Throws Error(arrow_unsupported | argument_invalid | column_missing), and Error(amount_* | currency_*) naming row
  // and value.
  static MoneyColumn from_arrow(ArrowArrayStream* stream, AmountUnit unit, Currency currency);
  // `currency_ids`: Currency::id() for each row, 0 where it is null.
  static MoneyColumn from_arrow(ArrowArrayStream* stream, AmountUnit unit, std::vector<std::uint16_t> currency_ids);

  std::size_t size() const noexcept { return memory_.size; }
  std::size_t null_count() const noexcept;
  Currency currency() const noexcept { return currency_; }  // empty for a column of several
  Currency currency(std::size_t row) const noexcept;
  bool is_null(std::size_t row) const noexcept;
  std::int64_t amount_minor(std::size_t row) const noexcept { return memory_.values.get()[row]; }
  std::optional<Money> at(std::size_t row) const;
  const ColumnMemory& memory() const noexcept { return memory_; }

  MoneyColumn add(const MoneyColumn& other) const;
  MoneyColumn add(Money money) const;
  MoneyColumn subtract(const MoneyColumn& other) const;
  MoneyColumn subtract(Money money) const;
  MoneyColumn subtract_from(Money money) const;
  MoneyColumn negate() const;
  MoneyColumn abs() const;
  MoneyColumn multiply(std::int64_t times) const;
  MoneyColumn multiply(const Ratio& factor, RoundingMode mode) const;
  MoneyColumn round_to_step(std::int64_t step_minor, RoundingMode mode) const;

  // Rows of two currencies are never equal; their order is Error(currency_mismatch).
  Mask compare(Comparison comparison, const MoneyColumn& other) const;
  Mask compare(Comparison comparison, Money money) const;
  Mask valid() const;                          // true where there is an amount; no nulls
  MoneyColumn filter(const Mask& mask) const;  // rows where it is true
  MoneyColumn slice(std::size_t first, std::size_t count) const;

  MoneySum sum() const;              // by currency, 128 bits wide; nulls are passed over
  std::optional<Money> min() const;  // of a column of one currency; empty where all is null
  std::optional<Money> max() const;
  // Sums for each group: `groups` numbers the rows 0 .. group_count - 1. One MoneySum a group.
  std::vector<MoneySum> sum_by(std::span<const std::uint32_t> groups, std::size_t group_count) const;

  // Row by row, shares by the same weights, as allocate() has them: one column for each weight.
  std::vector<MoneyColumn> allocate(std::span<const Ratio> weights, std::int64_t step_minor = 1) const;

  // amount (decimal128) and currency (dictionary), made batch by batch when somebody asks.
  Table table() const;
  void export_minor(ArrowSchema* schema, ArrowArray* array) const;  // int64, nothing is copied
  // decimal128(38, n); n: the most decimals among the currencies.
  void export_decimal(ArrowSchema* schema, ArrowArray* array) const;

 private:
  MoneyColumn scaled(const Ratio& factor, std::int64_t step_minor, RoundingMode mode) const;
  MoneyColumn combined(const MoneyColumn& other) const;  // its nulls and currencies, without values
  ColumnMemory memory_;
  Currency currency_;
};

// Currency ids of a column of codes (text, or a dictionary of text), 0 where null. Takes the stream over.
std::vector<std::uint16_t> currency_ids(ArrowArrayStream* stream);

// Rows numbered by the labels of a column of text or whole numbers, in order of first appearance.
struct RowGroups {
  std::vector<std::uint32_t> rows;
  struct Label {
    bool missing = false;
    bool whole = false;
    std::int64_t number = 0;
    std::string text;
  };
  std::vector<Label> labels;
};
RowGroups row_groups(ArrowArrayStream* stream);  // takes it over; throws Error(arrow_unsupported)

}  // namespace cuadre
