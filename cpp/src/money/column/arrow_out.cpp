// Columns as Arrow: a table of amounts and currencies, and bare arrays of decimals or of minor units.
#include <algorithm>
#include <array>
#include <cstring>
#include <utility>

#include "cuadre/money/column.hpp"
#include "money/column/memory.hpp"
#include "table/arrow_memory.hpp"

namespace cuadre {
namespace {

int scale_of(const MoneyColumn& column) {
  if (column.currency()) return column.currency().minor_units();
  int scale = 0;
  std::vector<bool> seen(Currency::count());
  for (std::size_t row = 0; row < column.size(); ++row) seen[column.memory().currencies.get()[row]] = true;
  for (std::uint16_t id = 1; id < Currency::count(); ++id) {
    if (seen[id]) scale = std::max(scale, Currency::from_id(id).minor_units());
  }
  return scale;
}

// 16 bytes a row, in units of 10^-scale.
void write_decimals(const MoneyColumn& column, std::size_t first, std::size_t count, int scale, std::uint8_t* out) {
  if (column.currency() && column.currency().minor_units() == scale) {
    const std::int64_t* values = column.memory().values.get() + first;
    for (std::size_t row = 0; row < count; ++row) {
      const std::int64_t pair[2] = {values[row], values[row] >> 63};
      std::memcpy(out + row * 16, pair, 16);
    }
    return;
  }
  for (std::size_t row = 0; row < count; ++row) {
    const Currency unit = column.currency(first + row);
    const std::int64_t power = unit && unit.minor_units() >= 0 ? power_of_ten(scale - unit.minor_units()) : 1;
    const Int128 value = column.is_null(first + row) ? 0 : Int128{column.amount_minor(first + row)} * power;
    std::memcpy(out + row * 16, &value, 16);
  }
}

// Bits from 0; empty where nothing is null.
Buffer validity_of(const MoneyColumn& column, std::size_t first, std::size_t count, std::int64_t& nulls) {
  Buffer bits;
  const MoneyColumn part = column.slice(first, count);
  nulls = static_cast<std::int64_t>(part.null_count());
  if (nulls == 0) return bits;
  bits.resize((count + 7) / 8);
  for (std::size_t at = 0; at < count; at += 64) {
    const std::size_t size = std::min<std::size_t>(64, count - at);
    store_bits(bits.data(), at, size,
               load_bits(part.memory().validity.get(), part.memory().validity_offset + at, size));
  }
  return bits;
}

class ColumnSource final : public TableSource {
 public:
  explicit ColumnSource(MoneyColumn column) : column_(std::move(column)), scale_(scale_of(column_)) {
    schema_ = std::make_shared<const TableSchema>(
        TableSchema{{"amount", ColumnType::decimal128, true, scale_}, {"currency", ColumnType::dictionary, true, 0}});
  }
  const TableSchema& schema() const noexcept override { return *schema_; }
  std::uint64_t rows() const noexcept override { return column_.size(); }
  bool concurrent() const noexcept override { return true; }

  Batch batch(std::uint64_t from, std::size_t count) const override {
    const auto first = static_cast<std::size_t>(from);
    auto data = std::make_shared<BatchData>();
    data->schema = schema_;
    data->rows = count;
    data->columns.resize(2);
    ColumnData& amounts = data->columns[0];
    amounts.validity = validity_of(column_, first, count, amounts.nulls);
    amounts.values.resize(count * 16);
    write_decimals(column_, first, count, scale_, amounts.values.data());
    fill_codes(first, count, data->columns[1]);
    return make_batch(std::move(data));
  }

 private:
  // A row without an amount keeps its currency where the column knows one.
  void fill_codes(std::size_t first, std::size_t count, ColumnData& out) const {
    out.dictionary = std::make_unique<ColumnData>();
    out.values.resize(count * sizeof(std::int32_t));
    std::vector<std::int32_t> places(Currency::count(), -1);
    std::vector<std::int32_t> ends{0};
    std::string text;
    for (std::size_t row = 0; row < count; ++row) {
      const Currency unit = column_.currency(first + row);
      std::int32_t& place = places[unit.id()];
      if (!unit) {
        if (out.validity.empty()) out.validity.assign((count + 7) / 8, 0xFF);
        out.validity[row / 8] = static_cast<std::uint8_t>(out.validity[row / 8] & ~(1U << (row % 8)));
        ++out.nulls;
        continue;
      }
      if (place < 0) {
        place = out.dictionary_size++;
        text += unit.code();
        ends.push_back(static_cast<std::int32_t>(text.size()));
      }
      std::memcpy(out.values.data() + row * sizeof(place), &place, sizeof(place));
    }
    out.dictionary->values.resize(ends.size() * sizeof(std::int32_t));
    std::memcpy(out.dictionary->values.data(), ends.data(), out.dictionary->values.size());
    out.dictionary->text.assign(text.begin(), text.end());
  }

  MoneyColumn column_;
  int scale_;
  std::shared_ptr<const TableSchema> schema_;
};

struct NamedFormat {
  std::string format;
};

void release_schema(ArrowSchema* self) {
  delete static_cast<NamedFormat*>(std::exchange(self->private_data, nullptr));
  self->release = nullptr;
}

void plain_schema(std::string format, ArrowSchema* out) {
  auto owner = std::make_unique<NamedFormat>(NamedFormat{std::move(format)});
  *out = {};
  out->format = owner->format.c_str();
  out->name = "";
  out->flags = ARROW_FLAG_NULLABLE;
  out->release = release_schema;
  out->private_data = owner.release();
}

struct HeldColumn {
  ColumnMemory memory;
  std::array<const void*, 2> buffers{};
};

void release_array(ArrowArray* self) {
  delete static_cast<HeldColumn*>(std::exchange(self->private_data, nullptr));
  self->release = nullptr;
}

// `values` and its rows before the first; validity from the same row on.
void plain_array(std::unique_ptr<HeldColumn> owner, const void* values, std::size_t offset, std::size_t size,
                 std::int64_t nulls, ArrowArray* out) {
  owner->buffers = {owner->memory.validity.get(), values};
  *out = {};
  out->length = static_cast<std::int64_t>(size);
  out->null_count = nulls;
  out->offset = static_cast<std::int64_t>(offset);
  out->n_buffers = 2;
  out->buffers = owner->buffers.data();
  out->release = release_array;
  out->private_data = owner.release();
}

// Bits that start where the values do.
void align_validity(const MoneyColumn& column, ColumnMemory& memory) {
  std::int64_t nulls = 0;
  const Buffer bits = validity_of(column, 0, column.size(), nulls);
  memory.validity = nullptr;
  memory.validity_offset = 0;
  if (nulls == 0) return;
  const auto held = column_array<std::uint8_t>(bits.size());
  std::copy(bits.begin(), bits.end(), held.get());
  memory.validity = held;
}

}  // namespace

Batch make_batch(std::shared_ptr<const BatchData> data) {
  const std::size_t rows = data->rows;
  return {std::move(data), 0, rows};
}

Table MoneyColumn::table() const { return Table(std::make_shared<ColumnSource>(*this)); }

void MoneyColumn::export_minor(ArrowSchema* schema, ArrowArray* array) const {
  auto owner = std::make_unique<HeldColumn>();
  owner->memory = memory_;
  align_validity(*this, owner->memory);
  static constexpr std::int64_t kNothing = 0;  // some readers take a null pointer for a mistake
  const void* values = memory_.values ? memory_.values.get() : &kNothing;
  plain_schema("l", schema);
  plain_array(std::move(owner), values, 0, size(), static_cast<std::int64_t>(null_count()), array);
}

void MoneyColumn::export_decimal(ArrowSchema* schema, ArrowArray* array) const {
  const int scale = scale_of(*this);
  auto owner = std::make_unique<HeldColumn>();
  align_validity(*this, owner->memory);
  const auto decimals = column_array<std::uint8_t>(size() * 16);
  in_row_blocks(size(), [&](std::size_t first, std::size_t last) {
    write_decimals(*this, first, last - first, scale, decimals.get() + first * 16);
  });
  owner->memory.values = {decimals, reinterpret_cast<const std::int64_t*>(decimals.get())};
  const void* values = decimals.get();
  plain_schema("d:38," + std::to_string(scale), schema);
  plain_array(std::move(owner), values, 0, size(), static_cast<std::int64_t>(null_count()), array);
}

void Mask::export_bits(ArrowSchema* schema, ArrowArray* array) const {
  auto owner = std::make_unique<HeldColumn>();
  const auto copied = [](const std::vector<std::uint8_t>& bits) {
    auto held = column_array<std::uint8_t>(bits.size());
    std::copy(bits.begin(), bits.end(), held.get());
    return held;
  };
  const auto bits = copied(values);
  owner->memory.values = {bits, reinterpret_cast<const std::int64_t*>(bits.get())};
  if (!validity.empty()) owner->memory.validity = copied(validity);
  const void* from = bits.get();
  plain_schema("b", schema);
  plain_array(std::move(owner), from, 0, size, static_cast<std::int64_t>(null_count()), array);
}

}  // namespace cuadre
