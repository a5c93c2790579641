// Reading columns that somebody else laid out: types from their format strings, cells from their buffers.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "cuadre/error.hpp"
#include "table/arrow_memory.hpp"

namespace cuadre {

// Owns one C structure and releases it.
template <class Structure>
class Owned {
 public:
  Owned() = default;
  explicit Owned(Structure* taken) noexcept : held_(*taken) { taken->release = nullptr; }
  Owned(Owned&& other) noexcept : held_(other.held_) { other.held_.release = nullptr; }
  Owned& operator=(Owned&&) = delete;
  ~Owned() {
    if (held_.release != nullptr) held_.release(&held_);
  }
  Structure* get() noexcept { return &held_; }
  const Structure* operator->() const noexcept { return &held_; }
  const Structure& operator*() const noexcept { return held_; }
  explicit operator bool() const noexcept { return held_.release != nullptr; }

 private:
  Structure held_{};
};

// What a column holds, however it is stored. `floating` and `other` can be named and not read. bytes: as text, and
// nobody says that they are any.
enum class Storage : std::uint8_t { nothing, text, bytes, whole, decimal, day, floating, other };

struct ArrowType {
  Storage storage = Storage::other;
  enum class Text : std::uint8_t { offsets32, offsets64, views } text = Text::offsets32;
  unsigned width = 0;              // bytes of a value
  bool is_signed = true;           // whole numbers, dictionary indices
  int scale = 0;                   // decimal
  std::int64_t units_per_day = 1;  // day
  bool has_clock = false;          // day: a timestamp
  bool is_bool = false;
  std::string zone;                       // of a timestamp; empty: it does not say where its clock hangs
  std::string name;                       // "decimal128(10, 2)", for messages
  std::shared_ptr<ArrowType> dictionary;  // of the values; the rest then describes the indices

  const ArrowType& values() const noexcept { return dictionary ? *dictionary : *this; }
};
ArrowType arrow_type(const ArrowSchema& schema);

// A whole number of up to 256 bits.
struct Wide {
  std::array<std::uint64_t, 4> magnitude{};  // lowest limb first
  bool negative = false;
};
// value x 10^-scale in units of 10^-decimals; `out` is set where that is exact. What overflows is not judged further.
enum class DecimalFit : std::uint8_t { exact, inexact, overflow };
DecimalFit to_decimals(const Wide& value, int scale, int decimals, std::int64_t& out) noexcept;
std::string wide_text(Wide value, int scale);

// One column of one batch. The buffers belong to the batch.
class ArrowColumn {
 public:
  ArrowColumn() = default;  // no such column: every cell is missing
  // `skipped` rows of the array come before row 0. Throws Error(arrow_unsupported) when the array contradicts its type,
  // and so do the cells.
  ArrowColumn(const ArrowType& type, const ArrowArray& array, std::int64_t skipped, std::int64_t rows);

  bool missing(std::int64_t row) const;
  std::string_view text(std::int64_t row) const;  // text, bytes
  Wide wide(std::int64_t row) const;              // whole, decimal
  std::int64_t day(std::int64_t row) const;       // day: since 1970-01-01, rounded down
  std::int64_t ticks(std::int64_t row) const;     // day: as stored, in units of which a day has units_per_day
  bool truth(std::int64_t row) const;             // is_bool
  std::string readable(std::int64_t row) const;   // any of them, for people
  // A timestamp in microseconds since 1970, rounded down; nothing where it does not fit.
  std::optional<std::int64_t> instant_us(std::int64_t row) const;

 private:
  std::int64_t index(std::int64_t row) const;  // of the dictionary's entry
  std::int64_t integer(std::int64_t at) const noexcept;

  const ArrowType* type_ = nullptr;
  std::int64_t offset_ = 0;
  std::int64_t length_ = 0;  // rows that may be asked for
  const std::uint8_t* validity_ = nullptr;
  const std::uint8_t* values_ = nullptr;
  const char* text_ = nullptr;
  const void* const* pieces_ = nullptr;  // of views
  const std::int64_t* piece_sizes_ = nullptr;
  std::int64_t piece_count_ = 0;
  std::shared_ptr<const ArrowColumn> dictionary_;
};

}  // namespace cuadre
