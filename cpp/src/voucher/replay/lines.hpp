// What a row of the input is while it waits for its turn: a line of 64 bytes, one line of the cache. Texts stay where
// they are; a line points to them.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "cuadre/voucher/replay.hpp"
#include "join/key.hpp"

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

struct EventLine {
  JoinKey key;
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
  JoinKey key;
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
