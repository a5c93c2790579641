// Tables out and in through the Arrow C stream interface, without an Arrow library.
//
// Out: a Table is a schema and a source of batches that are computed when somebody asks, so a table of ten million rows
// streams without being held. In: whoever reads a table takes anybody's stream (pandas, Polars, DuckDB, pyarrow).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <new>
#include <string>
#include <string_view>
#include <vector>

#include "cuadre/base/day.hpp"
#include "cuadre/base/decimal.hpp"

// The three structures of the Arrow C data and stream interfaces. Their fields are a binary promise between libraries,
// and the guards let several headers in one program declare them.
#ifndef ARROW_C_DATA_INTERFACE
#define ARROW_C_DATA_INTERFACE

#define ARROW_FLAG_DICTIONARY_ORDERED 1
#define ARROW_FLAG_NULLABLE 2
#define ARROW_FLAG_MAP_KEYS_SORTED 4

extern "C" {
struct ArrowSchema {
  const char* format;
  const char* name;
  const char* metadata;
  std::int64_t flags;
  std::int64_t n_children;
  struct ArrowSchema** children;
  struct ArrowSchema* dictionary;
  void (*release)(struct ArrowSchema*);
  void* private_data;
};

struct ArrowArray {
  std::int64_t length;
  std::int64_t null_count;
  std::int64_t offset;
  std::int64_t n_buffers;
  std::int64_t n_children;
  const void** buffers;
  struct ArrowArray** children;
  struct ArrowArray* dictionary;
  void (*release)(struct ArrowArray*);
  void* private_data;
};
}
#endif  // ARROW_C_DATA_INTERFACE

#ifndef ARROW_C_STREAM_INTERFACE
#define ARROW_C_STREAM_INTERFACE
extern "C" {
struct ArrowArrayStream {
  int (*get_schema)(struct ArrowArrayStream*, struct ArrowSchema* out);
  int (*get_next)(struct ArrowArrayStream*, struct ArrowArray* out);
  const char* (*get_last_error)(struct ArrowArrayStream*);
  void (*release)(struct ArrowArrayStream*);
  void* private_data;
};
}
#endif  // ARROW_C_STREAM_INTERFACE

namespace cuadre {

// dictionary: text with few different values, stored once a batch. decimal128: 38 digits, `scale` of them decimals.
// timestamp_us: microseconds since 1970, in UTC.
enum class ColumnType : std::uint8_t {
  utf8,
  dictionary,
  int64,
  uint64,
  int32,
  date32,
  decimal128,
  boolean,
  timestamp_us
};

struct Column {
  std::string name;
  ColumnType type = ColumnType::utf8;
  bool nullable = true;
  int scale = 0;
};
using TableSchema = std::vector<Column>;

struct BatchData;  // columns in Arrow's memory layout

// Some rows of a table: immutable, cheap to copy, alive as long as somebody holds it. Rows count from 0 in each batch.
class Batch {
 public:
  const TableSchema& schema() const noexcept;
  std::size_t rows() const noexcept { return rows_; }

  bool is_null(std::size_t column, std::size_t row) const;
  std::string_view text(std::size_t column, std::size_t row) const;  // utf8, dictionary
  std::int64_t integer(std::size_t column,
                       std::size_t row) const;  // int64, int32, date32 (days), boolean, timestamp_us
  std::uint64_t unsigned_integer(std::size_t column, std::size_t row) const;  // uint64
  Int128 decimal(std::size_t column, std::size_t row) const;                  // in units of 10^-scale
  // As people read it: "1234.50", "2026-03-02", "2026-03-02T15:04:05.000000Z", "true"; nothing for null.
  void append_cell(std::string& out, std::size_t column, std::size_t row) const;

  Batch slice(std::size_t first, std::size_t count) const;  // must lie inside
  void export_array(ArrowArray* out) const;                 // a struct array that keeps the batch alive

 private:
  friend class BatchBuilder;
  friend Batch make_batch(std::shared_ptr<const BatchData> data);
  Batch(std::shared_ptr<const BatchData> data, std::size_t first, std::size_t rows)
      : data_(std::move(data)), first_(first), rows_(rows) {}
  std::shared_ptr<const BatchData> data_;
  std::size_t first_;
  std::size_t rows_;
};

// Takes cells row by row, from left to right. A cell of another type than its column, a null in a column that has none
// and a row cut short are std::logic_error: mistakes of the program, never of its input.
class BatchBuilder {
 public:
  explicit BatchBuilder(std::shared_ptr<const TableSchema> schema);
  BatchBuilder(BatchBuilder&&) noexcept;
  BatchBuilder& operator=(BatchBuilder&&) noexcept;
  ~BatchBuilder();

  BatchBuilder& text(std::string_view value);           // utf8, dictionary; must be UTF-8
  BatchBuilder& integer(std::int64_t value);            // int64, int32, and uint64 for what is not negative
  BatchBuilder& unsigned_integer(std::uint64_t value);  // uint64, and int64 or int32 for what fits
  BatchBuilder& date(std::int32_t days);                // date32; kNoDate is a null
  BatchBuilder& timestamp(std::int64_t at_us);          // timestamp_us
  BatchBuilder& decimal(Int128 unscaled);               // decimal128, in units of 10^-scale
  BatchBuilder& decimal(Int128 value, int decimals);    // decimal128, in units of 10^-decimals; the scale holds them
  BatchBuilder& boolean(bool value);
  BatchBuilder& null();

  std::size_t rows() const noexcept { return rows_; }  // complete ones
  bool between_rows() const noexcept { return column_ == 0; }
  bool full() const noexcept { return text_bytes_ >= kTextBytesFull; }  // time to finish: offsets of text have 32 bits
  Batch finish();                                                       // and start over

 private:
  static constexpr std::size_t kTextBytesFull = std::size_t{1} << 30;
  std::size_t next(ColumnType type);
  void end_cell(std::size_t column, bool valid);

  std::shared_ptr<const TableSchema> schema_;
  std::shared_ptr<BatchData> data_;
  std::size_t column_ = 0;
  std::size_t rows_ = 0;
  std::size_t text_bytes_ = 0;
};

// Where a table's rows come from. Asked by several threads at once, in any order.
class TableSource {
 public:
  virtual ~TableSource() = default;
  virtual const TableSchema& schema() const noexcept = 0;
  virtual std::uint64_t rows() const noexcept = 0;
  // Rows [first, first + count), which exist; may give fewer, but at least one. Throws Error.
  virtual Batch batch(std::uint64_t first, std::size_t count) const = 0;
  // Whether several threads may ask for batches at once.
  virtual bool concurrent() const noexcept { return false; }
};

// An immutable table. Copies share their source.
class Table {
 public:
  static constexpr std::size_t kBatchRows = std::size_t{1} << 16;  // of an exported batch

  explicit Table(std::shared_ptr<const TableSource> source) : source_(std::move(source)) {}

  const TableSchema& schema() const noexcept { return source_->schema(); }
  std::uint64_t rows() const noexcept { return source_->rows(); }
  // Rows from `first`, at most `count` and at least one; `first` must be below rows().
  Batch batch(std::uint64_t first, std::size_t count = kBatchRows) const;

  // A fresh stream at every call. It shares the source, so it outlives the table; its callbacks may run on any thread
  // and never touch Python. What a batch throws becomes an errno and the text of get_last_error.
  void export_stream(ArrowArrayStream* out) const;

  // RFC 4180, UTF-8, with a header row; a null is an empty cell. Text that a spreadsheet would run as a formula gets an
  // apostrophe in front. The file appears whole or not at all. Throws Error(file_unwritable), and what the batches
  // throw.
  // `threads`: 0 for as many as the machine has; the file is the same.
  void write_csv(const std::string& path, unsigned threads = 0) const;

 private:
  std::shared_ptr<const TableSource> source_;
};

// Builds a table in memory:  builder.row().text("A-1").decimal(123450, 2).null();
class TableBuilder {
 public:
  explicit TableBuilder(TableSchema schema);
  BatchBuilder& row();  // for the cells of the next row
  Table finish();       // and start over

 private:
  std::shared_ptr<const TableSchema> schema_;
  BatchBuilder batch_;
  std::vector<Batch> done_;
};

}  // namespace cuadre
