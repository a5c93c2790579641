#include "table/arrow_columns.hpp"

#include <algorithm>
#include <charconv>
#include <cstring>
#include <optional>

namespace cuadre {
namespace {

constexpr std::int64_t kSecondsPerDay = 86400;

struct Plain {
  std::string_view format;
  std::string_view name;
  Storage storage;
  unsigned width;
  bool is_signed;
};
constexpr Plain kPlain[] = {
    {"n", "null", Storage::nothing, 0, true},       {"b", "bool", Storage::other, 0, true},
    {"c", "int8", Storage::whole, 1, true},         {"C", "uint8", Storage::whole, 1, false},
    {"s", "int16", Storage::whole, 2, true},        {"S", "uint16", Storage::whole, 2, false},
    {"i", "int32", Storage::whole, 4, true},        {"I", "uint32", Storage::whole, 4, false},
    {"l", "int64", Storage::whole, 8, true},        {"L", "uint64", Storage::whole, 8, false},
    {"e", "float16", Storage::floating, 2, true},   {"f", "float32", Storage::floating, 4, true},
    {"g", "float64", Storage::floating, 8, true},   {"u", "utf8", Storage::text, 4, true},
    {"U", "large_utf8", Storage::text, 8, true},    {"vu", "utf8_view", Storage::text, 16, true},
    {"tdD", "date32", Storage::day, 4, true},       {"tdm", "date64", Storage::day, 8, true},
    {"z", "binary", Storage::bytes, 4, true},       {"Z", "large_binary", Storage::bytes, 8, true},
    {"vz", "binary_view", Storage::bytes, 16, true}};

template <class T>
std::optional<T> number(std::string_view text) noexcept {
  T value{};
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (fault != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

// "d:precision,scale" and "d:precision,scale,bits"
bool read_decimal(std::string_view format, ArrowType& type) {
  if (!format.starts_with("d:")) return false;
  format.remove_prefix(2);
  std::array<std::string_view, 3> parts = {"", "", "128"};
  std::size_t count = 0;
  for (std::size_t from = 0; from <= format.size() && count < parts.size();) {
    const std::size_t comma = std::min(format.find(',', from), format.size());
    parts[count++] = format.substr(from, comma - from);
    from = comma + 1;
  }
  const auto scale = number<int>(parts[1]);
  const auto bits = number<unsigned>(parts[2]);
  if (!scale || *scale < -1000 || *scale > 1000 || !bits ||
      (*bits != 32 && *bits != 64 && *bits != 128 && *bits != 256)) {
    return false;
  }
  type.storage = Storage::decimal;
  type.scale = *scale;
  type.width = *bits / 8;
  type.name = "decimal" + std::string(parts[2]) + "(" + std::string(parts[0]) + ", " + std::string(parts[1]) + ")";
  return true;
}

// "tsu:zone": s, m, u, n for seconds down to nanoseconds
bool read_timestamp(std::string_view format, ArrowType& type) {
  if (!format.starts_with("ts") || format.size() < 4 || format[3] != ':') return false;
  constexpr std::string_view kUnits = "smun";
  std::size_t unit = kUnits.find(format[2]);
  if (unit == std::string_view::npos) return false;
  type.storage = Storage::day;
  type.width = 8;
  type.units_per_day = kSecondsPerDay;
  for (; unit > 0; --unit) type.units_per_day *= 1000;
  type.has_clock = true;
  type.name = "timestamp";
  type.zone = format.substr(4);
  return true;
}

[[noreturn]] void broken(const char* what) {
  throw Error(ErrorCode::arrow_unsupported, std::string("the Arrow data is broken: ") + what);
}

template <class T>
T load(const std::uint8_t* from, std::int64_t index) noexcept {
  T value;
  std::memcpy(&value, from + static_cast<std::size_t>(index) * sizeof(T), sizeof(T));
  return value;
}

std::int64_t floor_divide(std::int64_t value, std::int64_t by) noexcept {
  return value / by - (value % by < 0 ? 1 : 0);
}

constexpr int kStep = kPowerOfTenMax;  // decimals at a time

std::uint64_t ten_to(int exponent) noexcept { return static_cast<std::uint64_t>(power_of_ten(exponent)); }

// Divides in place and returns the remainder.
std::uint64_t divide(Wide& value, std::uint64_t by) noexcept {
  __extension__ using Double = unsigned __int128;
  std::uint64_t rest = 0;
  for (std::size_t i = value.magnitude.size(); i-- > 0;) {
    if (rest == 0 && value.magnitude[i] == 0) continue;
    const Double all = (static_cast<Double>(rest) << 64U) | value.magnitude[i];
    value.magnitude[i] = static_cast<std::uint64_t>(all / by);
    rest = static_cast<std::uint64_t>(all % by);
  }
  return rest;
}

bool is_zero(const Wide& value) noexcept {
  return (value.magnitude[0] | value.magnitude[1] | value.magnitude[2] | value.magnitude[3]) == 0;
}

}  // namespace

ArrowType arrow_type(const ArrowSchema& schema) {
  ArrowType type;
  const std::string_view format = schema.format == nullptr ? "" : schema.format;
  type.name = "Arrow format \"" + std::string(format) + "\"";
  for (const Plain& plain : kPlain) {
    if (plain.format != format) continue;
    type.storage = plain.storage;
    type.name = plain.name;
    type.width = plain.width;
    type.is_signed = plain.is_signed;
    if (format == "U" || format == "Z") type.text = ArrowType::Text::offsets64;
    if (format == "vu" || format == "vz") type.text = ArrowType::Text::views;
    if (format == "b") type.is_bool = true;
    if (format == "tdm") type.units_per_day = kSecondsPerDay * 1000;
  }
  if (type.storage == Storage::other && !read_decimal(format, type)) read_timestamp(format, type);
  if (schema.dictionary != nullptr) {
    auto values = std::make_shared<ArrowType>(arrow_type(*schema.dictionary));
    type.name = "dictionary of " + values->name;
    // Indices of another kind, or a dictionary of dictionaries, are nothing that the specification knows.
    if (type.storage != Storage::whole || values->dictionary) values->storage = Storage::other;
    type.dictionary = std::move(values);
  }
  return type;
}

DecimalFit to_decimals(const Wide& value, int scale, int decimals, std::int64_t& out) noexcept {
  Wide left = value;
  int shift = decimals - scale;
  bool inexact = false;
  while (shift < 0) {
    const int step = std::min(-shift, kStep);
    inexact |= divide(left, ten_to(step)) != 0;
    shift += step;
  }
  const bool zero = is_zero(left);
  bool overflow = (left.magnitude[1] | left.magnitude[2] | left.magnitude[3]) != 0;
  std::uint64_t magnitude = left.magnitude[0];
  for (; shift > 0 && !zero && !overflow; --shift)
    overflow = __builtin_mul_overflow(magnitude, std::uint64_t{10}, &magnitude);
  const std::uint64_t limit = (std::uint64_t{1} << 63U) - (value.negative ? 0 : 1);
  if (overflow || magnitude > limit) return DecimalFit::overflow;
  if (inexact) return DecimalFit::inexact;
  // Negated as unsigned: the magnitude of the smallest int64 has no positive twin.
  out = static_cast<std::int64_t>(value.negative ? std::uint64_t{0} - magnitude : magnitude);
  return DecimalFit::exact;
}

std::string wide_text(Wide value, int scale) {
  const bool negative = value.negative && !is_zero(value);
  std::string digits;
  while (!is_zero(value)) {
    std::string step = std::to_string(divide(value, ten_to(kStep)));
    if (!is_zero(value)) step.insert(0, static_cast<std::size_t>(kStep) - step.size(), '0');
    digits.insert(0, step);
  }
  if (scale < 0 && !digits.empty()) digits.append(static_cast<std::size_t>(-scale), '0');
  const auto decimals = static_cast<std::size_t>(std::max(scale, 0));
  if (digits.size() <= decimals) digits.insert(0, decimals + 1 - digits.size(), '0');
  if (decimals != 0) digits.insert(digits.size() - decimals, ".");
  return negative ? "-" + digits : digits;
}

ArrowColumn::ArrowColumn(const ArrowType& type, const ArrowArray& array, std::int64_t skipped, std::int64_t rows)
    : type_(&type) {
  if (array.length < 0 || array.offset < 0 || skipped < 0 || rows < 0 || array.length < skipped ||
      array.length - skipped < rows) {
    broken("a column is shorter than its batch");
  }
  offset_ = array.offset + skipped;
  length_ = rows;
  if (type.storage == Storage::nothing || rows == 0) return;
  const bool text = !type.dictionary && (type.storage == Storage::text || type.storage == Storage::bytes);
  const bool views = text && type.text == ArrowType::Text::views;
  if (array.n_buffers < (text ? 3 : 2) || array.buffers == nullptr) broken("a column without its buffers");
  validity_ = array.null_count == 0 ? nullptr : static_cast<const std::uint8_t*>(array.buffers[0]);
  values_ = static_cast<const std::uint8_t*>(array.buffers[1]);
  if (values_ == nullptr) broken("a column without values");
  if (views) {  // validity, views, pieces of text, and last the sizes of the pieces
    piece_count_ = array.n_buffers - 3;
    pieces_ = array.buffers + 2;
    piece_sizes_ = static_cast<const std::int64_t*>(array.buffers[array.n_buffers - 1]);
    if (piece_count_ > 0 && piece_sizes_ == nullptr) broken("views without the sizes of their text");
  } else if (text) {
    text_ = static_cast<const char*>(array.buffers[2]);
  }
  if (!type.dictionary) return;
  if (array.dictionary == nullptr) broken("a dictionary column without its dictionary");
  dictionary_ = std::make_shared<ArrowColumn>(*type.dictionary, *array.dictionary, 0, array.dictionary->length);
}

std::int64_t ArrowColumn::integer(std::int64_t at) const noexcept {
  const bool sign = type_->is_signed;
  switch (type_->width) {
    case 1:
      return sign ? load<std::int8_t>(values_, at) : std::int64_t{load<std::uint8_t>(values_, at)};
    case 2:
      return sign ? load<std::int16_t>(values_, at) : std::int64_t{load<std::uint16_t>(values_, at)};
    case 4:
      return sign ? load<std::int32_t>(values_, at) : std::int64_t{load<std::uint32_t>(values_, at)};
    default:
      return load<std::int64_t>(values_, at);
  }
}

std::int64_t ArrowColumn::index(std::int64_t row) const {
  const std::int64_t entry = integer(offset_ + row);
  if (entry < 0 || entry >= dictionary_->length_) broken("an index outside its dictionary");
  return entry;
}

bool ArrowColumn::missing(std::int64_t row) const {
  if (type_ == nullptr || type_->storage == Storage::nothing) return true;
  if (validity_ != nullptr && !bit(validity_, static_cast<std::size_t>(offset_ + row))) return true;
  return dictionary_ && dictionary_->missing(index(row));
}

std::string_view ArrowColumn::text(std::int64_t row) const {
  if (dictionary_) return dictionary_->text(index(row));
  const std::int64_t at = offset_ + row;
  std::int64_t begin = 0;
  std::int64_t end = 0;
  if (type_->text == ArrowType::Text::views) {
    const std::uint8_t* view = values_ + static_cast<std::size_t>(at) * 16;
    const std::int32_t size = load<std::int32_t>(view, 0);
    if (size < 0) broken("text of a negative length");
    if (size <= 12) return {reinterpret_cast<const char*>(view) + 4, static_cast<std::size_t>(size)};
    const std::int32_t piece = load<std::int32_t>(view, 2);
    const std::int32_t from = load<std::int32_t>(view, 3);
    if (piece < 0 || piece >= piece_count_ || from < 0 || std::int64_t{from} + size > piece_sizes_[piece]) {
      broken("a view outside its text");
    }
    return {static_cast<const char*>(pieces_[piece]) + from, static_cast<std::size_t>(size)};
  }
  if (type_->text == ArrowType::Text::offsets32) {
    begin = load<std::int32_t>(values_, at);
    end = load<std::int32_t>(values_, at + 1);
  } else {
    begin = load<std::int64_t>(values_, at);
    end = load<std::int64_t>(values_, at + 1);
  }
  if (begin < 0 || end < begin || (text_ == nullptr && end != begin)) broken("offsets that do not rise");
  if (begin == end) return {"", 0};
  return {text_ + begin, static_cast<std::size_t>(end - begin)};
}

Wide ArrowColumn::wide(std::int64_t row) const {
  if (dictionary_) return dictionary_->wide(index(row));
  const std::int64_t at = offset_ + row;
  Wide value;
  if (type_->width <= 8) {
    const std::int64_t small = integer(at);
    value.negative = small < 0 && type_->is_signed;
    value.magnitude[0] =
        value.negative ? std::uint64_t{0} - static_cast<std::uint64_t>(small) : static_cast<std::uint64_t>(small);
    return value;
  }
  const std::size_t limbs = type_->width / 8;
  std::memcpy(value.magnitude.data(), values_ + static_cast<std::size_t>(at) * type_->width, type_->width);
  value.negative = (value.magnitude[limbs - 1] >> 63U) != 0;
  if (!value.negative) return value;
  std::uint64_t carry = 1;  // two's complement: invert and add one
  for (std::size_t i = 0; i < limbs; ++i) {
    value.magnitude[i] = ~value.magnitude[i] + carry;
    carry = carry != 0 && value.magnitude[i] == 0 ? 1 : 0;
  }
  return value;
}

std::int64_t ArrowColumn::day(std::int64_t row) const {
  if (dictionary_) return dictionary_->day(index(row));
  return floor_divide(integer(offset_ + row), type_->units_per_day);
}

std::int64_t ArrowColumn::ticks(std::int64_t row) const {
  return dictionary_ ? dictionary_->ticks(index(row)) : integer(offset_ + row);
}

bool ArrowColumn::truth(std::int64_t row) const {
  return dictionary_ ? dictionary_->truth(index(row)) : bit(values_, static_cast<std::size_t>(offset_ + row));
}

std::optional<std::int64_t> ArrowColumn::instant_us(std::int64_t row) const {
  if (dictionary_) return dictionary_->instant_us(index(row));
  const std::int64_t units_per_s = type_->units_per_day / kSecondsPerDay;
  const std::int64_t value = integer(offset_ + row);
  if (units_per_s > 1'000'000) return floor_divide(value, units_per_s / 1'000'000);
  std::int64_t time_us = 0;
  if (__builtin_mul_overflow(value, 1'000'000 / units_per_s, &time_us)) return std::nullopt;
  return time_us;
}

std::string ArrowColumn::readable(std::int64_t row) const {
  if (missing(row)) return "null";
  const ArrowType& type = type_->values();
  switch (type.storage) {
    case Storage::text:
      return std::string(text(row));
    case Storage::whole:
      return wide_text(wide(row), 0);
    case Storage::decimal:
      return wide_text(wide(row), type.scale);
    case Storage::day: {
      const std::int64_t days = day(row);
      if (days != static_cast<std::int32_t>(days)) return "day " + std::to_string(days);
      std::string out;
      append_date(out, static_cast<std::int32_t>(days));
      return out;
    }
    default:
      return "?";
  }
}

}  // namespace cuadre
