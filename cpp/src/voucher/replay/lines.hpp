// What a row of the input is while it waits for its turn: a line of 64 bytes, one line of the cache. Texts stay where
// they are; a line points to them.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

#include "base/hash.hpp"
#include "cuadre/voucher/replay.hpp"

namespace cuadre {

// A text of at most 255 bytes in eight: where it is, and its length in the byte that no address uses.
class ShortText {
 public:
  ShortText() = default;
#ifdef __clang_analyzer__  // clang-tidy 14 crashes where an address is taken for a number and computed with
  explicit ShortText(std::string_view text) noexcept : bits_(text.size()) {}
#else
  explicit ShortText(std::string_view text) noexcept
      : bits_(std::bit_cast<std::uint64_t>(text.data()) | std::uint64_t{text.size()} << kShift) {}
#endif
  std::string_view view() const noexcept {
    const auto size = static_cast<std::size_t>(bits_ >> kShift);
    if (size == 0) return {"", 0};
    return {std::bit_cast<const char*>(bits_ & ((std::uint64_t{1} << kShift) - 1)), size};
  }

 private:
  static_assert(sizeof(const char*) == 8);
  static constexpr unsigned kShift = 56;
  std::uint64_t bits_ = 0;
};

// The bytes of a short text, zeros behind them. At most 16.
struct Packed {
  std::uint64_t low = 0, high = 0;
  friend bool operator==(const Packed&, const Packed&) = default;
};
inline Packed pack(std::string_view text) noexcept {
  Packed packed;
  const char* at = text.data();
  const std::size_t size = text.size();
  if (size >= 8) {
    std::memcpy(&packed.low, at, 8);
    std::memcpy(&packed.high, at + size - 8, 8);
    packed.high = size == 8 ? 0 : packed.high >> (8 * (16 - size));
  } else if (size >= 4) {
    std::uint32_t first = 0;
    std::uint32_t last = 0;
    std::memcpy(&first, at, 4);
    std::memcpy(&last, at + size - 4, 4);
    packed.low = first | static_cast<std::uint64_t>(last) << (8 * (size - 4));
  } else {
    for (std::size_t i = 0; i < size; ++i) packed.low |= std::uint64_t{static_cast<unsigned char>(at[i])} << (8 * i);
  }
  return packed;
}

// A reference as two words. Up to 15 bytes stand in it, and it is equal to another where both words are; of a longer
// one there is a hash and where it is.
class LineKey {
 public:
  static constexpr std::size_t kInline = 15;
  LineKey() = default;
  explicit LineKey(std::string_view text) noexcept {
    if (text.size() <= kInline) {
      const Packed packed = pack(text);
      low_ = packed.low;
      high_ = packed.high | std::uint64_t{text.size()} << kShift;
    } else {
      low_ = long_hash(text) << 8U | text.size();
      high_ = std::bit_cast<std::uint64_t>(text.data()) | kLong << kShift;
    }
  }
  bool empty() const noexcept { return (low_ | high_) == 0; }
  std::uint64_t hash() const noexcept {
    return mixed(is_long() ? folded(low_ ^ kHashSeed) : folded(folded(low_ ^ kHashSeed) ^ high_));
  }
  friend bool operator==(const LineKey& a, const LineKey& b) noexcept {
    if (a.low_ != b.low_) return false;
    return a.high_ == b.high_ || (a.is_long() && b.is_long() && a.text() == b.text());
  }

 private:
  static constexpr unsigned kShift = 56;
  static constexpr std::uint64_t kLong = 0xFF;

  bool is_long() const noexcept { return high_ >> kShift == kLong; }
  std::string_view text() const noexcept {
    return {std::bit_cast<const char*>(high_ & ((std::uint64_t{1} << kShift) - 1)), low_ & 0xFFU};
  }
  static std::uint64_t long_hash(std::string_view text) noexcept {
    std::uint64_t hash = kHashSeed ^ text.size();
    while (text.size() > 16) {
      std::uint64_t word = 0;
      std::memcpy(&word, text.data(), 8);
      hash = folded(hash ^ word);
      text.remove_prefix(8);
    }
    const Packed rest = pack(text);
    return folded(folded(hash ^ rest.low) ^ rest.high);
  }

  std::uint64_t low_ = 0, high_ = 0;
};

struct EventLine {
  LineKey key;
  std::int64_t occurred_at_us, received_at_us;
  std::int64_t amount_minor;  // of a refused line: its reason
  ShortText id, operation_id;
  std::uint32_t row;
  std::uint8_t event : 4, source : 4;
  bool has_amount : 1, has_more : 1, refused : 1, later : 1;
  std::uint16_t currency;  // Currency::id(); 0: the record's own
};
static_assert(sizeof(EventLine) == 64);

// What most events do not have, in the line behind.
struct MoreLine {
  std::int64_t fee_minor, tax_minor, expires_at_us;
  ShortText person, code;
  std::int64_t unused[3];
};
static_assert(sizeof(MoreLine) == 64);

struct TermsLine {
  LineKey key;
  std::int64_t amount_minor, made_at_us, expires_at_us, refund_window_s;
  ShortText requested_by;
  std::uint32_t row;
  bool refund_offered : 1, refund_whole_only : 1, refund_after_settlement : 1, linked : 1;
  std::uint8_t approvals_needed;
  std::uint16_t currency : 12;
  std::uint16_t fault : 4;
};
static_assert(sizeof(TermsLine) == 64);

union Line {
  EventLine event;
  MoreLine more;
  TermsLine terms;
};
static_assert(sizeof(Line) == 64);

}  // namespace cuadre
