// A key in sixteen bytes, so that equality is two compares and no reading of the text.
//
// Digits only (up to 32, the usual reference) and other texts of up to 14 bytes stand in the key itself, exactly. Of a
// longer text the key holds its length, a hash of it and where it is; two such keys are equal when their texts are.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "base/digits.hpp"
#include "base/hash.hpp"

namespace cuadre {

// Holds the texts of long keys. Grows in chunks that never move.
class KeyArena {
 public:
  std::string_view keep(std::string_view text);

 private:
  std::vector<std::unique_ptr<char[]>> chunks_;
  char* at_ = nullptr;
  std::size_t left_ = 0;
};

class JoinKey {
 public:
  static constexpr std::size_t kTextMax = (std::size_t{1} << 24U) - 1;  // bytes of a text

  JoinKey() = default;  // the empty key
  // Of a text of at most kTextMax bytes that stays where it is while the key is in use, or is kept in an arena. `kind`,
  // below 8, is the caller's: keys of two kinds are never equal.
  explicit JoinKey(std::string_view text, unsigned kind = 0) noexcept;

  bool empty() const noexcept { return (high_ << kKindBits | low_) == 0; }
  unsigned kind() const noexcept { return static_cast<unsigned>(high_ >> (64U - kKindBits)); }
  void keep_in(KeyArena& arena) {
    if (is_long()) low_ = std::bit_cast<std::uint64_t>(arena.keep(text()).data());
  }

  // The same for equal keys, wherever their texts are; which keys meet cannot be told from outside the process. Parts
  // are chosen by the top bits, places in a table by the low ones.
  std::uint64_t hash() const noexcept { return mixed(folded(folded((is_long() ? 0 : low_) ^ kHashSeed) ^ high_)); }
  friend bool operator==(const JoinKey& a, const JoinKey& b) noexcept {
    if (a.high_ != b.high_) return false;
    return a.low_ == b.low_ || (a.is_long() && a.text() == b.text());
  }

 private:
  static constexpr std::size_t kDigitsMax = 32, kBytesMax = 14;
  static constexpr unsigned kKindBits = 3, kTagBits = 6, kPayloadBits = 64U - kKindBits - kTagBits, kSizeBits = 24;
  static constexpr std::uint64_t kBytesTag = kDigitsMax + 1, kLongTag = (std::uint64_t{1} << kTagBits) - 1;

  bool is_long() const noexcept { return (high_ >> kPayloadBits & kLongTag) == kLongTag; }
  std::string_view text() const noexcept {  // of a long key
    return {std::bit_cast<const char*>(low_), static_cast<std::size_t>(high_ & kTextMax)};
  }

  // Two numbers below 10^16. Most texts that are none are known by their first byte.
  bool read_digits(std::string_view text) noexcept {
    if (!text.empty() && (text[0] < '0' || text[0] > '9')) return false;
    const std::size_t front = text.size() > 16 ? text.size() - 16 : 0;
    return read_up_to_16(text.data() + front, text.size() - front, low_) && read_up_to_16(text.data(), front, high_);
  }
  static std::uint64_t hash_long(std::string_view text) noexcept;  // of eight bytes or more

  std::uint64_t high_ = 0;  // kind, tag (what the payload is, and its length), payload
  std::uint64_t low_ = 0;   // more payload; of a long text, where it is
};
static_assert(sizeof(JoinKey) == 16);

inline JoinKey::JoinKey(std::string_view text, unsigned kind) noexcept {
  std::uint64_t tag = kLongTag;
  if (text.size() <= kDigitsMax && read_digits(text)) {
    tag = text.size();
  } else if (text.size() <= kBytesMax) {
    const SixteenBytes bytes = load_up_to_16(text);
    low_ = bytes.low;
    high_ = bytes.high;
    tag = kBytesTag + text.size();
  } else {
    low_ = std::bit_cast<std::uint64_t>(text.data());
    high_ = hash_long(text) >> (64U - kPayloadBits + kSizeBits) << kSizeBits | text.size();
  }
  high_ |= std::uint64_t{kind} << (64U - kKindBits) | tag << kPayloadBits;
}

}  // namespace cuadre
