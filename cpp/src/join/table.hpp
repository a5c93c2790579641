// Finds the first of the items that have a key. The items, and their keys, are the caller's.
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "join/key.hpp"

namespace cuadre {

class KeyTable {
 public:
  static constexpr std::uint32_t kNone = UINT32_MAX;

  // Forgets everything and makes room for so many keys; no more may be put. Memory is kept for the next part.
  void reset(std::size_t keys) { slots_.assign(std::bit_ceil(std::max<std::size_t>(keys * 2, 16)), kNone); }

  // The first item that was put with this key: `item` itself where it is. key_of(i) is the key of item i.
  template <class KeyOf>
  std::uint32_t put(std::uint32_t item, const JoinKey& key, const KeyOf& key_of) noexcept {
    std::uint32_t& slot = slots_[slot_of(key, key_of)];
    if (slot == kNone) slot = item;
    return slot;
  }
  // The same, kNone where there is none.
  template <class KeyOf>
  std::uint32_t find(const JoinKey& key, const KeyOf& key_of) const noexcept {
    return slots_[slot_of(key, key_of)];
  }

 private:
  template <class KeyOf>
  std::size_t slot_of(const JoinKey& key, const KeyOf& key_of) const noexcept {
    const std::size_t mask = slots_.size() - 1;
    std::size_t at = key.hash() & mask;
    while (slots_[at] != kNone && !(key_of(slots_[at]) == key)) at = (at + 1) & mask;
    return at;
  }

  std::vector<std::uint32_t> slots_;
};

}  // namespace cuadre
