#include "matching/key.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>

#include "base/digits.hpp"
#include "base/hash.hpp"
#include "cuadre/matching.hpp"

namespace cuadre {
namespace {

constexpr std::size_t kDigitsMax = 32;
constexpr std::size_t kBytesMax = 14;
constexpr unsigned kBytesTag = kDigitsMax + 1;
constexpr unsigned kTextTag = 63;

// Up to thirty-two digits as two numbers below 10^16.
bool read_digits(std::string_view key, std::uint64_t& high, std::uint64_t& low) noexcept {
  const std::size_t front = key.size() > 16 ? key.size() - 16 : 0;
  return read_up_to_16(key.data() + front, key.size() - front, low) && read_up_to_16(key.data(), front, high);
}

std::uint64_t hash_text(std::string_view text) noexcept {
  std::uint64_t hash = kHashSeed ^ text.size();
  while (text.size() >= 8) {
    std::uint64_t word;
    std::memcpy(&word, text.data(), 8);
    hash = folded(hash ^ word) + 0x2545F4914F6CDD1DU;
    text.remove_prefix(8);
  }
  std::uint64_t rest = 0;
  std::memcpy(&rest, text.data(), text.size());
  return mixed(folded(hash ^ rest));
}

constexpr std::uint64_t head(RowKind kind, unsigned tag) noexcept {
  return (std::uint64_t{static_cast<std::uint8_t>(kind)} << 61U) | (std::uint64_t{tag} << 55U);
}

}  // namespace

std::string_view PackedKey::text() const noexcept {
  const char* at = std::bit_cast<const char*>(low);
  std::uint32_t length;
  std::memcpy(&length, at, 4);
  return {at + 4, length};
}

std::uint64_t PackedKey::hash() const noexcept {
  const std::uint64_t first = mixed(high ^ kHashSeed);
  return is_text() ? mixed(first) : folded(first ^ low);
}

const char* KeyArena::keep(std::string_view text) {
  constexpr std::size_t kChunk = 1U << 18;
  const std::size_t needed = text.size() + 4;
  if (needed > left_) {
    left_ = std::max(kChunk, needed);
    chunks_.push_back(std::make_unique_for_overwrite<char[]>(left_));
    at_ = chunks_.back().get();
  }
  char* kept = at_;
  const auto length = static_cast<std::uint32_t>(text.size());
  std::memcpy(kept, &length, 4);
  std::memcpy(kept + 4, text.data(), text.size());
  at_ += needed;
  left_ -= needed;
  return kept;
}

PackedKey pack_key(std::string_view key, RowKind kind, KeyArena& arena) {
  PackedKey packed;
  if (key.size() <= kDigitsMax && read_digits(key, packed.high, packed.low)) {
    packed.high |= head(kind, static_cast<unsigned>(key.size()));
    return packed;
  }
  if (key.size() <= kBytesMax) {
    std::memcpy(&packed.low, key.data(), std::min<std::size_t>(key.size(), 8));
    if (key.size() > 8) std::memcpy(&packed.high, key.data() + 8, key.size() - 8);
    packed.high |= head(kind, kBytesTag + static_cast<unsigned>(key.size()));
    return packed;
  }
  packed.high = head(kind, kTextTag) | (hash_text(key) >> 9U);
  packed.low = std::bit_cast<std::uint64_t>(arena.keep(key));
  return packed;
}

KeyRule KeyRule::compile(const std::vector<std::string>& steps) {
  KeyRule rule;
  for (const std::string& step : steps) {
    const auto* known = std::find(kKeySteps.begin(), kKeySteps.end(), step);
    if (known == kKeySteps.end()) {
      std::string message = "\"" + step + "\" is not a step of a key; known are ";
      for (const std::string_view name : kKeySteps) message.append(name == kKeySteps[0] ? "" : ", ").append(name);
      throw Error(ErrorCode::argument_invalid, message);
    }
    rule.*kKeyStepMembers[static_cast<std::size_t>(known - kKeySteps.begin())] = true;
  }
  return rule;
}

std::vector<std::string> KeyRule::steps() const {
  std::vector<std::string> named;
  for (std::size_t i = 0; i < kKeySteps.size(); ++i) {
    if (this->*kKeyStepMembers[i]) named.emplace_back(kKeySteps[i]);
  }
  return named;
}

std::string_view KeyRule::apply(std::string_view reference, std::string& scratch) const {
  const auto blank = [](char byte) { return byte == ' ' || byte == '\t'; };
  while (trim && !reference.empty() && blank(reference.front())) reference.remove_prefix(1);
  while (trim && !reference.empty() && blank(reference.back())) reference.remove_suffix(1);
  if (digits_only || upper) {
    scratch = reference;
    if (digits_only) std::erase_if(scratch, [](char byte) { return byte < '0' || byte > '9'; });
    for (char& byte : scratch) {
      if (upper && byte >= 'a' && byte <= 'z') byte = static_cast<char>(byte - 'a' + 'A');
    }
    reference = scratch;
  }
  if (strip_left_zeros) reference.remove_prefix(std::min(reference.find_first_not_of('0'), reference.size()));
  return reference;
}

}  // namespace cuadre
