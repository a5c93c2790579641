#include "join/key.hpp"

#include <algorithm>
#include <cstring>

#include "base/digits.hpp"

namespace cuadre {
namespace {

constexpr std::size_t kDigitsMax = 32;
constexpr std::size_t kBytesMax = 14;
constexpr std::uint64_t kBytesTag = kDigitsMax + 1;

// Up to thirty-two digits as two numbers below 10^16.
bool read_digits(std::string_view text, std::uint64_t& high, std::uint64_t& low) noexcept {
  const std::size_t front = text.size() > 16 ? text.size() - 16 : 0;
  return read_up_to_16(text.data() + front, text.size() - front, low) && read_up_to_16(text.data(), front, high);
}

// Of eight bytes or more. The last word overlaps the one before, which the length tells.
std::uint64_t hash_long(std::string_view text) noexcept {
  std::uint64_t hash = kHashSeed ^ text.size();
  std::uint64_t word = 0;
  for (std::size_t at = 0; at + 8 < text.size(); at += 8) {
    std::memcpy(&word, text.data() + at, 8);
    hash = folded(hash ^ word);
  }
  std::memcpy(&word, text.data() + text.size() - 8, 8);
  return folded(folded(hash ^ word));
}

}  // namespace

std::string_view KeyArena::keep(std::string_view text) {
  constexpr std::size_t kChunk = std::size_t{1} << 18U;
  if (text.size() > left_) {
    left_ = std::max(kChunk, text.size());
    chunks_.push_back(std::make_unique_for_overwrite<char[]>(left_));
    at_ = chunks_.back().get();
  }
  char* kept = at_;
  std::memcpy(kept, text.data(), text.size());
  at_ += text.size();
  left_ -= text.size();
  return {kept, text.size()};
}

JoinKey::JoinKey(std::string_view text, unsigned kind) noexcept {
  std::uint64_t tag = kLongTag;
  if (text.size() <= kDigitsMax && read_digits(text, high_, low_)) {
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
