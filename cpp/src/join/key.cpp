#include "join/key.hpp"

#include <algorithm>
#include <cstring>

namespace cuadre {

// The last word overlaps the one before, which the length tells.
std::uint64_t JoinKey::hash_long(std::string_view text) noexcept {
  std::uint64_t hash = kHashSeed ^ text.size();
  std::uint64_t word = 0;
  for (std::size_t at = 0; at + 8 < text.size(); at += 8) {
    std::memcpy(&word, text.data() + at, 8);
    hash = folded(hash ^ word);
  }
  std::memcpy(&word, text.data() + text.size() - 8, 8);
  return folded(folded(hash ^ word));
}

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

}  // namespace cuadre
