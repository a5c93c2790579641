// Tables in memory: building batches and reading their cells.
#include <algorithm>
#include <charconv>
#include <cstdio>
#include <cstring>
#include <limits>
#include <stdexcept>
#include <utility>

#include "table/arrow_memory.hpp"

namespace cuadre {
namespace {

template <class T>
void push(Buffer& buffer, T value) {
  const auto at = buffer.size();
  buffer.resize(at + sizeof(T));
  std::memcpy(buffer.data() + at, &value, sizeof(T));
}

template <class T>
T load(const Buffer& buffer, std::size_t index) noexcept {
  T value;
  std::memcpy(&value, buffer.data() + index * sizeof(T), sizeof(T));
  return value;
}

void push_bit(Buffer& bits, std::size_t at, bool value) {
  if (at / 8 == bits.size()) bits.push_back(0);
  if (value) bits[at / 8] = static_cast<std::uint8_t>(bits[at / 8] | (1U << (at % 8)));
}

void push_text(ColumnData& column, std::string_view value) {
  constexpr std::size_t kMax = std::numeric_limits<std::int32_t>::max();
  if (column.text.size() + value.size() > kMax) throw std::length_error("a batch of more than 2 GiB of text");
  column.text.insert(column.text.end(), value.begin(), value.end());
  push(column.values, static_cast<std::int32_t>(column.text.size()));
}

std::string_view text_at(const ColumnData& column, std::size_t index) noexcept {
  const auto begin = static_cast<std::size_t>(load<std::int32_t>(column.values, index));
  const auto end = static_cast<std::size_t>(load<std::int32_t>(column.values, index + 1));
  return {reinterpret_cast<const char*>(column.text.data()) + begin, end - begin};
}

// A place holder under a null.
void push_nothing(ColumnData& column, ColumnType type, std::size_t row) {
  switch (type) {
    case ColumnType::utf8:
      push_text(column, {});
      return;
    case ColumnType::boolean:
      push_bit(column.values, row, false);
      return;
    case ColumnType::int64:
    case ColumnType::uint64:
    case ColumnType::timestamp_us:
      push(column.values, std::int64_t{0});
      return;
    case ColumnType::decimal128:
      push(column.values, Int128{0});
      return;
    case ColumnType::dictionary:
    case ColumnType::int32:
    case ColumnType::date32:
      push(column.values, std::int32_t{0});
      return;
  }
}

std::shared_ptr<BatchData> empty_batch(const std::shared_ptr<const TableSchema>& schema) {
  auto data = std::make_shared<BatchData>();
  data->schema = schema;
  data->columns.resize(schema->size());
  for (std::size_t i = 0; i < schema->size(); ++i) {
    ColumnData& column = data->columns[i];
    if ((*schema)[i].type == ColumnType::utf8) push(column.values, std::int32_t{0});
    if ((*schema)[i].type == ColumnType::dictionary) {
      column.dictionary = std::make_unique<ColumnData>();
      push(column.dictionary->values, std::int32_t{0});
    }
  }
  return data;
}

class MemorySource final : public TableSource {
 public:
  MemorySource(std::shared_ptr<const TableSchema> schema, std::vector<Batch> batches)
      : schema_(std::move(schema)), batches_(std::move(batches)) {
    for (const Batch& batch : batches_) starts_.push_back(rows_), rows_ += batch.rows();
  }
  const TableSchema& schema() const noexcept override { return *schema_; }
  std::uint64_t rows() const noexcept override { return rows_; }
  Batch batch(std::uint64_t first, std::size_t count) const override {
    const auto after = std::upper_bound(starts_.begin(), starts_.end(), first);
    const auto index = static_cast<std::size_t>(after - starts_.begin()) - 1;
    const auto skipped = static_cast<std::size_t>(first - starts_[index]);
    return batches_[index].slice(skipped, std::min(count, batches_[index].rows() - skipped));
  }

 private:
  std::shared_ptr<const TableSchema> schema_;
  std::vector<Batch> batches_;
  std::vector<std::uint64_t> starts_;
  std::uint64_t rows_ = 0;
};

}  // namespace

const TableSchema& Batch::schema() const noexcept { return *data_->schema; }

bool Batch::is_null(std::size_t column, std::size_t row) const {
  const ColumnData& data = data_->columns.at(column);
  return !data.validity.empty() && !bit(data.validity.data(), first_ + row);
}

std::string_view Batch::text(std::size_t column, std::size_t row) const {
  const ColumnData& data = data_->columns.at(column);
  if (!data.dictionary) return text_at(data, first_ + row);
  return is_null(column, row)
             ? std::string_view{}
             : text_at(*data.dictionary, static_cast<std::size_t>(load<std::int32_t>(data.values, first_ + row)));
}

std::int64_t Batch::integer(std::size_t column, std::size_t row) const {
  const ColumnData& data = data_->columns.at(column);
  switch (schema()[column].type) {
    case ColumnType::boolean:
      return bit(data.values.data(), first_ + row) ? 1 : 0;
    case ColumnType::int32:
    case ColumnType::date32:
      return load<std::int32_t>(data.values, first_ + row);
    default:
      return load<std::int64_t>(data.values, first_ + row);
  }
}

std::uint64_t Batch::unsigned_integer(std::size_t column, std::size_t row) const {
  return load<std::uint64_t>(data_->columns.at(column).values, first_ + row);
}

Int128 Batch::decimal(std::size_t column, std::size_t row) const {
  return load<Int128>(data_->columns.at(column).values, first_ + row);
}

void Batch::append_cell(std::string& out, std::size_t column, std::size_t row) const {
  if (is_null(column, row)) return;
  switch (schema()[column].type) {
    case ColumnType::utf8:
    case ColumnType::dictionary:
      out += text(column, row);
      return;
    case ColumnType::int64:
    case ColumnType::int32:
      out += std::to_string(integer(column, row));
      return;
    case ColumnType::uint64:
      out += std::to_string(unsigned_integer(column, row));
      return;
    case ColumnType::date32:
      append_date(out, static_cast<std::int32_t>(integer(column, row)));
      return;
    case ColumnType::decimal128:
      out += decimal_text(decimal(column, row), schema()[column].scale);
      return;
    case ColumnType::boolean:
      out += integer(column, row) != 0 ? "true" : "false";
      return;
    case ColumnType::timestamp_us:
      append_instant(out, integer(column, row));
      return;
  }
}

Batch Batch::slice(std::size_t first, std::size_t count) const {
  if (first > rows_ || count > rows_ - first) throw std::out_of_range("a slice outside its batch");
  return {data_, first_ + first, count};
}

void append_date(std::string& out, std::int32_t days) {
  const CivilDate date = civil_date(days);
  const auto padded = [&](std::int64_t number, std::size_t width) {
    const std::string digits = std::to_string(number < 0 ? -number : number);
    if (number < 0) out += '-';
    if (digits.size() < width) out.append(width - digits.size(), '0');
    out += digits;
  };
  padded(date.year, 4), out += '-', padded(date.month, 2), out += '-', padded(date.day, 2);
}

void append_instant(std::string& out, std::int64_t time_us) {
  constexpr std::int64_t kDay_us = 86'400'000'000;
  const std::int64_t days = time_us / kDay_us - (time_us % kDay_us < 0 ? 1 : 0);
  const std::int64_t of_day_us = time_us - days * kDay_us;
  append_date(out, static_cast<std::int32_t>(days));
  std::array<char, 32> clock{};
  const auto part = [&](std::int64_t unit_us, std::int64_t modulus) {
    return static_cast<int>(of_day_us / unit_us % modulus);
  };
  (void)std::snprintf(clock.data(), clock.size(), "T%02d:%02d:%02d", part(3'600'000'000, 24), part(60'000'000, 60),
                      part(1'000'000, 60));
  out += clock.data();
  if (of_day_us % 1'000'000 != 0) {
    (void)std::snprintf(clock.data(), clock.size(), ".%06d", part(1, 1'000'000));
    out += clock.data();
  }
  out += 'Z';
}

BatchBuilder::BatchBuilder(std::shared_ptr<const TableSchema> schema)
    : schema_(std::move(schema)), data_(empty_batch(schema_)) {
  if (schema_->empty()) throw std::logic_error("a table without columns");
}
BatchBuilder::BatchBuilder(BatchBuilder&&) noexcept = default;
BatchBuilder& BatchBuilder::operator=(BatchBuilder&&) noexcept = default;
BatchBuilder::~BatchBuilder() = default;

std::size_t BatchBuilder::next(ColumnType type) {
  if ((*schema_)[column_].type != type)
    throw std::logic_error("a cell of another type than column " + (*schema_)[column_].name);
  return column_;
}

void BatchBuilder::end_cell(std::size_t column, bool valid) {
  ColumnData& data = data_->columns[column];
  if (!valid && data.validity.empty()) {
    for (std::size_t row = 0; row < rows_; ++row) push_bit(data.validity, row, true);
  }
  if (!valid || !data.validity.empty()) push_bit(data.validity, rows_, valid);
  if (!valid) ++data.nulls;
  if (++column_ == schema_->size()) column_ = 0, ++rows_;
}

BatchBuilder& BatchBuilder::text(std::string_view value) {
  const ColumnType type = (*schema_)[column_].type;
  const std::size_t column = next(type == ColumnType::dictionary ? type : ColumnType::utf8);
  ColumnData& data = data_->columns[column];
  if (type == ColumnType::dictionary) {
    const auto [place, fresh] = data.known.try_emplace(std::string(value), data.dictionary_size);
    if (fresh) push_text(*data.dictionary, value), ++data.dictionary_size, text_bytes_ += value.size();
    push(data.values, place->second);
  } else {
    push_text(data, value);
    text_bytes_ += value.size();
  }
  end_cell(column, true);
  return *this;
}

BatchBuilder& BatchBuilder::integer(std::int64_t value) {
  const ColumnType type = (*schema_)[column_].type;
  if (type == ColumnType::uint64) {
    if (value < 0) throw std::logic_error("a negative number for column " + (*schema_)[column_].name);
    return unsigned_integer(static_cast<std::uint64_t>(value));
  }
  const std::size_t column = next(type == ColumnType::int32 ? type : ColumnType::int64);
  Buffer& values = data_->columns[column].values;
  if (type == ColumnType::int64) {
    push(values, value);
  } else {
    if (value != static_cast<std::int32_t>(value))
      throw std::logic_error("too large for column " + (*schema_)[column].name);
    push(values, static_cast<std::int32_t>(value));
  }
  end_cell(column, true);
  return *this;
}

BatchBuilder& BatchBuilder::unsigned_integer(std::uint64_t value) {
  if ((*schema_)[column_].type != ColumnType::uint64) {
    if (value > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) {
      throw std::logic_error("too large for column " + (*schema_)[column_].name);
    }
    return integer(static_cast<std::int64_t>(value));
  }
  const std::size_t column = next(ColumnType::uint64);
  push(data_->columns[column].values, value);
  end_cell(column, true);
  return *this;
}

BatchBuilder& BatchBuilder::date(std::int32_t days) {
  const std::size_t column = next(ColumnType::date32);
  if (days == kNoDate) return null();
  push(data_->columns[column].values, days);
  end_cell(column, true);
  return *this;
}

BatchBuilder& BatchBuilder::timestamp(std::int64_t at_us) {
  const std::size_t column = next(ColumnType::timestamp_us);
  push(data_->columns[column].values, at_us);
  end_cell(column, true);
  return *this;
}

BatchBuilder& BatchBuilder::decimal(Int128 unscaled) {
  const std::size_t column = next(ColumnType::decimal128);
  push(data_->columns[column].values, unscaled);
  end_cell(column, true);
  return *this;
}

BatchBuilder& BatchBuilder::decimal(Int128 value, int decimals) {
  const int surplus = (*schema_)[column_].scale - decimals;
  if (surplus < 0 || decimals < 0) {
    throw std::logic_error("column " + (*schema_)[column_].name + " has fewer decimals than its value");
  }
  Int128 unscaled = value;
  for (int i = 0; i < surplus; ++i) {
    if (__builtin_mul_overflow(unscaled, Int128{10}, &unscaled)) throw std::length_error("a decimal beyond 128 bits");
  }
  return decimal(unscaled);
}

BatchBuilder& BatchBuilder::boolean(bool value) {
  const std::size_t column = next(ColumnType::boolean);
  push_bit(data_->columns[column].values, rows_, value);
  end_cell(column, true);
  return *this;
}

BatchBuilder& BatchBuilder::null() {
  const Column& column = (*schema_)[column_];
  if (!column.nullable) throw std::logic_error("a null in column " + column.name + ", which has none");
  push_nothing(data_->columns[column_], column.type, rows_);
  end_cell(column_, false);
  return *this;
}

Batch BatchBuilder::finish() {
  if (!between_rows()) throw std::logic_error("a row that ends before its last column");
  for (ColumnData& column : data_->columns) column.known.clear();
  data_->rows = rows_;
  Batch batch(std::move(data_), 0, rows_);
  data_ = empty_batch(schema_);
  rows_ = 0;
  text_bytes_ = 0;
  return batch;
}

Batch Table::batch(std::uint64_t first, std::size_t count) const {
  if (first >= rows()) throw std::out_of_range("a batch outside its table");
  const std::uint64_t left = rows() - first;
  Batch found = source_->batch(first, left < count ? static_cast<std::size_t>(left) : std::max<std::size_t>(count, 1));
  if (found.rows() == 0) throw std::logic_error("a table source gave no rows where there are some");
  return found;
}

Table table_of(std::shared_ptr<const TableSchema> schema, std::vector<Batch> batches) {
  return Table(std::make_shared<MemorySource>(std::move(schema), std::move(batches)));
}

TableBuilder::TableBuilder(TableSchema schema)
    : schema_(std::make_shared<const TableSchema>(std::move(schema))), batch_(schema_) {}

BatchBuilder& TableBuilder::row() {
  if (!batch_.between_rows()) throw std::logic_error("a row that ends before its last column");
  if (batch_.rows() == Table::kBatchRows || batch_.full()) done_.push_back(batch_.finish());
  return batch_;
}

Table TableBuilder::finish() {
  if (batch_.rows() != 0 || !batch_.between_rows()) done_.push_back(batch_.finish());
  return table_of(schema_, std::exchange(done_, {}));
}

}  // namespace cuadre
