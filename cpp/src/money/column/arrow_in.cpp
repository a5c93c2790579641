// Columns out of somebody else's Arrow streams: exactly, or an error that names the row.
#include <algorithm>
#include <atomic>
#include <cstring>
#include <limits>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "cuadre/money/column.hpp"
#include "money/column/memory.hpp"
#include "money/table_amounts.hpp"
#include "table/arrow_held.hpp"

namespace cuadre {
namespace {

constexpr std::size_t kTextShown = 60;
constexpr std::uint64_t kNoRow = std::numeric_limits<std::uint64_t>::max();

[[noreturn]] void unsupported(const std::string& what) { throw Error(ErrorCode::arrow_unsupported, what); }

std::int64_t amount_column(const HeldStream& stream, AmountUnit unit) {
  if (!stream.is_table()) return -1;
  const std::string_view name = unit == AmountUnit::minor ? "amount_minor" : "amount";
  const std::int64_t named = stream.find(name);
  if (named >= 0) return named;
  if (unit == AmountUnit::minor && stream.find("amount") >= 0) return stream.find("amount");
  if (stream.columns() == 1) return 0;
  throw Error(ErrorCode::column_missing, "a table of amounts needs a column \"" + std::string(name) +
                                             "\", or one column only; pass the one you mean");
}

void require_type(const ArrowType& type, AmountUnit unit) {
  const Storage storage = type.values().storage;
  if (storage == Storage::nothing) return;
  if (storage == Storage::floating) {
    throw Error(ErrorCode::float_refused,
                "a column of " + type.name + " is not exact; read the amounts as decimals or text instead");
  }
  if (storage == Storage::whole && unit == AmountUnit::major) {
    throw Error(ErrorCode::argument_invalid,
                "a column of " + type.name +
                    " may hold major or minor units: use MoneyColumn.from_minor for minor units, and cast to decimal "
                    "for major ones");
  }
  if (unit == AmountUnit::minor && (storage == Storage::decimal || storage == Storage::text)) {
    throw Error(ErrorCode::argument_invalid, "minor units are whole numbers, and a column of " + type.name +
                                                 " holds major ones: use MoneyColumn(values, currency)");
  }
  if (storage == Storage::other || storage == Storage::day || storage == Storage::bytes)
    unsupported("a column of " + type.name + " holds no amounts");
}

void append_currencies(const HeldStream& stream, std::int64_t at, std::vector<std::uint16_t>& ids) {
  const ArrowType type = stream.type(at);
  if (type.values().storage == Storage::nothing) {
    ids.resize(stream.rows());
    return;
  }
  if (type.values().storage != Storage::text)
    unsupported("a column of " + type.name + " holds no currency codes; text or a dictionary of text does");
  ids.reserve(stream.rows());
  for (const auto& batch : stream.batches()) {
    const ArrowColumn column = HeldStream::column(type, *batch, at);
    std::string last;
    std::uint16_t last_id = 0;
    for (std::int64_t row = 0; row < (*batch)->length; ++row) {
      if ((at >= 0 && HeldStream::null_row(*batch, row)) || column.missing(row)) {
        ids.push_back(0);
        continue;
      }
      const std::string_view code = column.text(row);
      if (last_id == 0 || code != last) {
        const auto found = Currency::find(code);
        if (!found || found->minor_units() < 0) {
          throw Error(ErrorCode::currency_unknown, "row " + std::to_string(ids.size()) + ": \"" +
                                                       std::string(code.substr(0, kTextShown)) +
                                                       "\" is not a currency of ISO 4217 that has amounts");
        }
        last = code;
        last_id = found->id();
      }
      ids.push_back(last_id);
    }
  }
}

// Reads all cells into one block of memory.
class Decoder {
 public:
  Decoder(const HeldStream& stream, std::int64_t at, Currency one, const std::vector<std::uint16_t>& ids)
      : stream_(stream),
        at_(at),
        type_(stream.type(at)),
        one_(one),
        ids_(ids),
        values_(column_array<std::int64_t>(stream.rows())) {}

  ColumnMemory run() {
    std::size_t first = 0;
    for (const auto& batch : stream_.batches()) {
      chunk(*batch, first);
      first += static_cast<std::size_t>((*batch)->length);
    }
    return {values_, validity_, 0, nullptr, stream_.rows()};
  }

 private:
  Currency currency(std::size_t row) const { return one_ ? one_ : Currency::from_id(ids_[row]); }
  bool valid(std::size_t row) const { return !validity_ || bit(validity_.get(), row); }

  void chunk(const Owned<ArrowArray>& batch, std::size_t first) {
    const ArrowColumn column = HeldStream::column(type_, batch, at_);
    mark_nulls(column, batch, first);
    if (type_.values().storage == Storage::nothing) return;
    std::atomic<std::uint64_t> failed{kNoRow};
    in_row_blocks(static_cast<std::size_t>(batch->length), [&](std::size_t from, std::size_t to) {
      const std::uint64_t row = block(column, batch, first, from, to);
      for (std::uint64_t known = failed.load(); row < known && !failed.compare_exchange_weak(known, row);) {
      }
    });
    if (failed.load() != kNoRow) refuse(column, failed.load(), first);
  }

  // Allocated at the first null: most columns have none.
  void mark_nulls(const ArrowColumn& column, const Owned<ArrowArray>& batch, std::size_t first) {
    const ArrowArray& array = HeldStream::array(batch, at_);
    const bool none =
        array.null_count == 0 && batch->null_count == 0 && !type_.dictionary && type_.storage != Storage::nothing;
    if (none) return;
    for (std::int64_t row = 0; row < batch->length; ++row) {
      if (!column.missing(row) && (at_ < 0 || !HeldStream::null_row(batch, row))) continue;
      const std::size_t at = first + static_cast<std::size_t>(row);
      if (!validity_) {
        const std::size_t bytes = (stream_.rows() + 7) / 8;
        validity_ = column_array<std::uint8_t>(bytes);
        std::memset(validity_.get(), 0xFF, bytes);
      }
      validity_.get()[at / 8] = static_cast<std::uint8_t>(validity_.get()[at / 8] & ~(1U << (at % 8)));
      values_.get()[at] = 0;
    }
  }

  // The first row of the batch that cannot be taken, or kNoRow.
  std::uint64_t block(const ArrowColumn& column, const Owned<ArrowArray>& batch, std::size_t first, std::size_t from,
                      std::size_t to) {
    const bool quick = type_.storage == Storage::decimal && !type_.dictionary && type_.width == 16 &&
                       type_.scale >= 0 && type_.scale <= kPowerOfTenMax;
    const auto* words =
        quick ? static_cast<const std::uint8_t*>(HeldStream::array(batch, at_).buffers[1]) +
                    static_cast<std::size_t>(HeldStream::array(batch, at_).offset + (at_ < 0 ? 0 : batch->offset)) * 16
              : nullptr;
    for (std::size_t row = from; row < to; ++row) {
      if (!valid(first + row)) continue;
      const Currency unit = currency(first + row);
      if (!unit) return row;
      std::int64_t& out = values_.get()[first + row];
      if (quick && quick_decimal(words + row * 16, type_.scale, unit.minor_units(), out)) continue;
      if (cell(column, static_cast<std::int64_t>(row), unit, out) != AmountStatus::ok) return row;
    }
    return kNoRow;
  }

  // Decimals that fit 64 bits, which nearly all do.
  static bool quick_decimal(const std::uint8_t* from, int scale, int minor_units, std::int64_t& out) {
    std::int64_t low = 0;
    std::int64_t high = 0;
    std::memcpy(&low, from, 8);
    std::memcpy(&high, from + 8, 8);
    if (high != low >> 63) return false;
    if (scale == minor_units) {
      out = low;
      return true;
    }
    if (scale < minor_units) return !__builtin_mul_overflow(low, power_of_ten(minor_units - scale), &out);
    const std::int64_t power = power_of_ten(scale - minor_units);
    out = low / power;
    return low % power == 0;
  }

  AmountStatus cell(const ArrowColumn& column, std::int64_t row, Currency unit, std::int64_t& out) const {
    if (type_.values().storage == Storage::text) {
      const AmountScan scan = scan_amount(column.text(row), {}, unit.minor_units());
      out = scan.minor;
      return scan.status;
    }
    const bool minor = type_.values().storage == Storage::whole;
    return to_minor(column.wide(row), minor ? unit.minor_units() : type_.values().scale, unit.minor_units(), out);
  }

  [[noreturn]] void refuse(const ArrowColumn& column, std::uint64_t row, std::size_t first) const {
    const std::string where = "row " + std::to_string(first + row) + ": ";
    const Currency unit = currency(first + row);
    if (!unit) throw Error(ErrorCode::currency_unknown, where + "an amount without a currency");
    const std::string text = column.readable(static_cast<std::int64_t>(row));
    const std::string value = "\"" + text.substr(0, kTextShown) + (text.size() > kTextShown ? "..." : "") + "\"";
    std::int64_t ignored = 0;
    switch (cell(column, static_cast<std::int64_t>(row), unit, ignored)) {
      case AmountStatus::inexact:
        throw Error(ErrorCode::amount_inexact, where + value + " has more decimals than the " +
                                                   std::to_string(unit.minor_units()) + " of " +
                                                   std::string(unit.code()));
      case AmountStatus::overflow:
        throw Error(ErrorCode::amount_overflow, where + value + " does not fit 64 bits of minor units");
      default:
        throw Error(ErrorCode::amount_invalid,
                    where + value + " is not an amount: digits, one point, a sign in front (null where there is none)");
    }
  }

  const HeldStream& stream_;
  std::int64_t at_;
  ArrowType type_;
  Currency one_;
  const std::vector<std::uint16_t>& ids_;
  std::shared_ptr<std::int64_t> values_;
  std::shared_ptr<std::uint8_t> validity_;
};

// int64 in one batch is the column, as it lies there.
bool borrow(const HeldStream& stream, std::int64_t at, ColumnMemory& memory) {
  const ArrowType type = stream.type(at);
  if (type.storage != Storage::whole || type.dictionary || type.width != 8 || !type.is_signed ||
      stream.batches().size() != 1) {
    return false;
  }
  const auto& batch = stream.batches().front();
  const ArrowArray& array = HeldStream::array(*batch, at);
  if (at >= 0 && (*batch)->null_count != 0 && (*batch)->n_buffers > 0 && (*batch)->buffers[0] != nullptr) return false;
  HeldStream::column(type, *batch, at);  // throws where the array contradicts its type
  const auto first = static_cast<std::size_t>(array.offset + (at < 0 ? 0 : (*batch)->offset));
  const auto* values = static_cast<const std::int64_t*>(array.buffers[1]);
  if (reinterpret_cast<std::uintptr_t>(values) % alignof(std::int64_t) != 0) return false;
  memory.values = {batch, values + first};
  if (array.null_count != 0 && array.buffers[0] != nullptr) {
    memory.validity = {batch, static_cast<const std::uint8_t*>(array.buffers[0])};
    memory.validity_offset = first;
  }
  memory.size = stream.rows();
  return true;
}

MoneyColumn build(const HeldStream& stream, AmountUnit unit, Currency currency, std::vector<std::uint16_t> ids) {
  const std::int64_t at = amount_column(stream, unit);
  require_type(stream.type(at), unit);
  if (!currency && ids.size() != stream.rows()) {
    throw Error(ErrorCode::argument_invalid, "as many currencies as amounts are needed, not " +
                                                 std::to_string(ids.size()) + " and " + std::to_string(stream.rows()));
  }
  ColumnMemory memory;
  if (!borrow(stream, at, memory)) memory = Decoder(stream, at, currency, ids).run();
  if (currency) return MoneyColumn(std::move(memory), currency);
  std::uint16_t only = 0;  // of all rows with an amount; 0: none yet
  bool several = false;
  const auto held = column_array<std::uint16_t>(ids.size());
  std::copy(ids.begin(), ids.end(), held.get());
  memory.currencies = held;
  MoneyColumn column(memory, {});
  for (std::size_t row = 0; row < ids.size(); ++row) {
    if (column.is_null(row)) continue;
    if (ids[row] == 0) {
      throw Error(ErrorCode::currency_unknown, "row " + std::to_string(row) + ": an amount without a currency");
    }
    several = several || (only != 0 && only != ids[row]);
    only = ids[row];
  }
  if (several || only == 0) return column;
  memory.currencies = nullptr;
  return MoneyColumn(std::move(memory), Currency::from_id(only));
}

}  // namespace

MoneyColumn MoneyColumn::from_arrow(ArrowArrayStream* stream, AmountUnit unit, Currency currency) {
  const HeldStream held(stream);
  const std::int64_t codes = held.is_table() ? held.find("currency") : -1;
  if (currency) {
    Money::from_minor(0, currency);  // throws for one without minor units
    if (codes >= 0) {
      throw Error(ErrorCode::argument_invalid,
                  "the table has a column \"currency\" of its own: leave currency out, or pass the amounts alone");
    }
    return build(held, unit, currency, {});
  }
  if (codes < 0) {
    throw Error(ErrorCode::argument_invalid, "a currency is needed: a code, or a column of codes named \"currency\"");
  }
  std::vector<std::uint16_t> ids;
  append_currencies(held, codes, ids);
  return build(held, unit, {}, std::move(ids));
}

MoneyColumn MoneyColumn::from_arrow(ArrowArrayStream* stream, AmountUnit unit, std::vector<std::uint16_t> ids) {
  return build(HeldStream(stream), unit, {}, std::move(ids));
}

std::vector<std::uint16_t> currency_ids(ArrowArrayStream* stream) {
  const HeldStream held(stream);
  std::int64_t at = -1;
  if (held.is_table()) {
    at = held.find("currency");
    if (at < 0 && held.columns() == 1) at = 0;
    if (at < 0) throw Error(ErrorCode::column_missing, "a table of currencies needs a column \"currency\"");
  }
  std::vector<std::uint16_t> ids;
  append_currencies(held, at, ids);
  return ids;
}

RowGroups row_groups(ArrowArrayStream* stream) {
  const HeldStream held(stream);
  if (held.is_table() && held.columns() != 1) unsupported("groups are one column, not a table of several");
  const std::int64_t at = held.is_table() ? 0 : -1;
  const ArrowType type = held.type(at);
  const Storage storage = type.values().storage;
  if (storage != Storage::text && storage != Storage::whole && storage != Storage::nothing)
    unsupported("a column of " + type.name + " holds no groups; text or whole numbers do");
  RowGroups groups;
  groups.rows.reserve(held.rows());
  std::unordered_map<std::string, std::uint32_t> known;
  std::uint32_t missing = std::numeric_limits<std::uint32_t>::max();
  std::string last;
  std::uint32_t last_group = 0;
  for (const auto& batch : held.batches()) {
    const ArrowColumn column = HeldStream::column(type, *batch, at);
    for (std::int64_t row = 0; row < (*batch)->length; ++row) {
      const auto next = static_cast<std::uint32_t>(groups.labels.size());
      if (column.missing(row) || (at >= 0 && HeldStream::null_row(*batch, row))) {
        if (missing > next) {
          missing = next;
          groups.labels.push_back({.missing = true, .text = {}});
        }
        groups.rows.push_back(missing);
        continue;
      }
      std::string key = storage == Storage::text ? std::string(column.text(row)) : column.readable(row);
      if (groups.rows.empty() || key != last || known.empty()) {
        const auto [place, fresh] = known.try_emplace(key, next);
        if (fresh) groups.labels.push_back({.whole = storage == Storage::whole, .text = key});
        last_group = place->second;
        last = std::move(key);
      }
      groups.rows.push_back(last_group);
    }
  }
  return groups;
}

}  // namespace cuadre
