// Somebody's table: columns found by name, their types checked, their cells read.
#include <algorithm>
#include <cstring>
#include <limits>
#include <utility>

#include "cuadre/base/closest.hpp"
#include "money/table_amounts.hpp"
#include "voucher/replay/input.hpp"

namespace cuadre {
namespace {

constexpr std::int64_t kSecondsPerDay = 86400;

[[noreturn]] void unfit(const std::string& where, const ArrowType& type, const char* needs) {
  throw Error(ErrorCode::arrow_unsupported, where + " is " + type.name + "; it takes " + needs);
}

const char* needs_of(CellKind kind, bool minor) {
  switch (kind) {
    case CellKind::text:
      return "strings";
    case CellKind::amount:
      return minor ? "whole numbers of minor units"
                   : "decimals or strings; whole minor units stand in a column ..._minor";
    case CellKind::time:
      return "timestamps with a time zone";
    case CellKind::truth:
      return "booleans";
    case CellKind::whole:
      break;
  }
  return "whole numbers";
}

bool fits(CellKind kind, bool minor, const ArrowType& type) {
  const Storage storage = type.values().storage;
  if (storage == Storage::nothing) return true;
  switch (kind) {
    case CellKind::text:
      return storage == Storage::text;
    case CellKind::amount:
      return minor ? storage == Storage::whole : storage == Storage::decimal || storage == Storage::text;
    case CellKind::time:
      return type.values().has_clock && !type.values().zone.empty();
    case CellKind::truth:
      return type.values().is_bool;
    case CellKind::whole:
      return storage == Storage::whole;
  }
  return false;
}

// Decimals that fit 64 bits, which nearly all do.
bool quick_decimal(const std::uint8_t* from, int shift, std::int64_t& out) {
  std::int64_t low = 0;
  std::int64_t high = 0;
  std::memcpy(&low, from, 8);
  std::memcpy(&high, from + 8, 8);
  if (high != low >> 63 || shift != 0) return false;
  out = low;
  return true;
}

}  // namespace

InputTable::InputTable(std::shared_ptr<const HeldStream> stream, std::string_view what,
                       std::span<const InputField> fields, const std::map<std::string, std::string>& renamed)
    : what_(what), fields_(fields), stream_(std::move(stream)) {
  if (!stream_->is_table())
    throw Error(ErrorCode::arrow_unsupported, "the stream of " + what_ + " is one column, not a table");
  constexpr std::size_t kRowsMax = std::numeric_limits<std::uint32_t>::max() - 1;
  if (rows() > kRowsMax)
    throw Error(ErrorCode::argument_invalid,
                what_ + ": at most 2^32 - 2 rows at once, not " + std::to_string(rows()) + "; cut the table by record");
  for (const auto& names : renamed) {
    const std::string& ours = names.first;  // clang captures no structured bindings here
    const bool known = std::any_of(fields.begin(), fields.end(), [&](const InputField& field) {
      return field.name == ours || (field.kind == CellKind::amount && std::string(field.name) + "_minor" == ours);
    });
    if (!known) throw Error(ErrorCode::argument_invalid, what_ + " have no column of ours called \"" + ours + "\"");
  }
  for (std::size_t field = 0; field < fields.size(); ++field) bind(field, renamed);
  lay_out();
}

void InputTable::bind(std::size_t field, const std::map<std::string, std::string>& renamed) {
  const auto find = [&](const std::string& ours) {
    const auto other = renamed.find(ours);
    const std::string& wanted = other == renamed.end() ? ours : other->second;
    const std::int64_t at = stream_->find(wanted);
    if (at < 0 && other != renamed.end())
      throw Error(ErrorCode::column_missing,
                  "the table of " + what_ + " has no column \"" + wanted + "\" (" + ours + ")");
    return at;
  };
  const InputField& is = fields_[field];
  std::string name(is.name);
  columns_[field] = find(name);
  if (is.kind == CellKind::amount) {
    const std::int64_t in_minor = find(name + "_minor");
    if (in_minor >= 0 && columns_[field] >= 0)
      throw Error(ErrorCode::column_repeated,
                  "the table of " + what_ + " has both " + name + " and " + name + "_minor");
    if (in_minor >= 0) {
      columns_[field] = in_minor;
      minor_[field] = true;
      name += "_minor";
    }
  }
  if (columns_[field] < 0) {
    if (!is.needed) return;
    std::string message = "the table of " + what_ + " has no column \"" + name + "\"";
    if (is.kind == CellKind::amount) message += " nor \"" + name + "_minor\"";
    throw Error(ErrorCode::column_missing, message + closest_hint(stream_->names(), name));
  }
  types_[field] = stream_->type(columns_[field]);
  check(field, name);
}

void InputTable::check(std::size_t field, const std::string& name) const {
  const ArrowType& type = types_[field];
  const CellKind kind = fields_[field].kind;
  const std::string where = "column \"" + name + "\" of " + what_;
  if (kind == CellKind::amount && type.values().storage == Storage::floating)
    throw Error(ErrorCode::float_refused,
                where + " is " + type.name + ", which is not exact; make it decimal or string");
  if (kind == CellKind::time && type.values().has_clock && type.values().zone.empty())
    unfit(where, type, "timestamps with a time zone, and this one has none: say which clock it hangs on");
  if (!fits(kind, minor_[field], type)) unfit(where, type, needs_of(kind, minor_[field]));
}

void InputTable::lay_out() {
  for (std::size_t field = 0; field < fields_.size(); ++field) {
    const std::int64_t units = types_[field].values().units_per_day / kSecondsPerDay;
    times_[field] = units > 1'000'000 || units == 0 ? 0 : 1'000'000 / units;
  }
  std::size_t first = 0;
  parts_.reserve(stream_->batches().size());
  for (const auto& batch : stream_->batches()) {
    const auto rows = static_cast<std::size_t>((*batch)->length);
    const bool nulls = (*batch)->null_count != 0 && (*batch)->n_buffers > 0 && (*batch)->buffers != nullptr &&
                       (*batch)->buffers[0] != nullptr;
    Part part{first, rows, nulls ? batch.get() : nullptr, {}};
    for (std::size_t field = 0; field < fields_.size(); ++field) {
      if (!bound(field)) continue;
      const ArrowType& type = types_[field];
      Cells& cells = part.cells[field];
      cells.column = HeldStream::column(type, *batch, columns_[field]);
      if (type.storage == Storage::nothing) continue;
      const ArrowArray& array = HeldStream::array(*batch, columns_[field]);
      const bool always = !nulls && !type.dictionary && (array.null_count == 0 || array.buffers[0] == nullptr);
      cells.presence = always ? Cells::Presence::always : Cells::Presence::ask;
      if (type.dictionary) continue;
      const auto skipped = static_cast<std::size_t>(array.offset + (*batch)->offset);
      const auto* values = static_cast<const std::uint8_t*>(array.buffers[1]);
      const bool number = type.storage == Storage::whole || type.storage == Storage::decimal || type.has_clock;
      if (number && (type.width == 16 || (type.width == 8 && type.is_signed && type.storage != Storage::decimal)))
        cells.words = values + skipped * type.width;
      if (type.storage == Storage::text && type.text == ArrowType::Text::offsets32 && array.buffers[2] != nullptr &&
          reinterpret_cast<std::uintptr_t>(values) % alignof(std::int32_t) == 0) {
        cells.ends = reinterpret_cast<const std::int32_t*>(values) + skipped;
        cells.text = static_cast<const char*>(array.buffers[2]);
      }
    }
    parts_.push_back(std::move(part));
    first += rows;
  }
}

const InputTable::Part& InputTable::part_of(std::size_t row) const noexcept {
  const auto after = std::upper_bound(parts_.begin(), parts_.end(), row,
                                      [](std::size_t wanted, const Part& part) { return wanted < part.first; });
  return *std::prev(after);
}

bool InputTable::Part::ask(const Cells& of, std::size_t row) const {
  const auto at = static_cast<std::int64_t>(row);
  return (null_rows != nullptr && HeldStream::null_row(*null_rows, at)) || of.column.missing(at);
}

std::string_view InputTable::Part::empty_or_broken(std::int32_t begin, std::int32_t end) {
  if (begin < 0 || end < begin)
    throw Error(ErrorCode::arrow_unsupported, "the Arrow data is broken: offsets that do not rise");
  return {"", 0};
}

AmountStatus InputTable::amount(const Part& part, std::size_t field, std::size_t row, int minor_units,
                                std::int64_t& minor) const {
  const Cells& cells = part.cells[field];
  const ArrowType& type = types_[field].values();
  if (cells.words != nullptr) {
    if (type.storage == Storage::whole) {
      std::memcpy(&minor, cells.words + row * 8, 8);
      return AmountStatus::ok;
    }
    if (quick_decimal(cells.words + row * 16, type.scale - minor_units, minor)) return AmountStatus::ok;
  }
  const auto at = static_cast<std::int64_t>(row);
  if (type.storage == Storage::text) {
    const AmountScan scan = scan_amount(cells.column.text(at), {}, minor_units);
    minor = scan.minor;
    return scan.status;
  }
  return to_minor(cells.column.wide(at), minor_[field] ? minor_units : type.scale, minor_units, minor);
}

bool InputTable::time(const Part& part, std::size_t field, std::size_t row, std::int64_t& at_us) const {
  const Cells& cells = part.cells[field];
  std::int64_t ticks = 0;
  if (cells.words != nullptr) {
    std::memcpy(&ticks, cells.words + row * 8, 8);
  } else {
    ticks = cells.column.ticks(static_cast<std::int64_t>(row));
  }
  if (times_[field] == 0) {  // nanoseconds, rounded down
    at_us = ticks / 1000 - (ticks % 1000 < 0 ? 1 : 0);
    return true;
  }
  return !__builtin_mul_overflow(ticks, times_[field], &at_us) && at_us != kNoTime;
}

bool InputTable::whole(const Part& part, std::size_t field, std::size_t row, std::int64_t& number) const {
  return to_minor(part.cells[field].column.wide(static_cast<std::int64_t>(row)), 0, 0, number) == AmountStatus::ok;
}

}  // namespace cuadre
