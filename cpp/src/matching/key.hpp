// A key in sixteen bytes, so that equality is two compares and no reading of the text.
//
// Digits only (up to 32, the usual reference) and other texts of up to 14 bytes stand in the key itself, exactly. A
// longer text is kept in an arena, and the key holds a hash of it and where it is; two such keys are equal when their
// texts are.
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "cuadre/settlement.hpp"

namespace cuadre {

struct PackedKey {
  std::uint64_t high = 0;  // 3 bits of kind, 6 of tag, 55 of payload
  std::uint64_t low = 0;

  bool is_text() const noexcept { return ((high >> 55U) & 63U) == 63U; }
  std::string_view text() const noexcept;  // of a long key
  friend bool operator==(const PackedKey& a, const PackedKey& b) noexcept {
    if (a.high != b.high) return false;
    return a.low == b.low || (a.is_text() && a.text() == b.text());
  }
  // The same for equal keys, whatever arena their text is in.
  std::uint64_t hash() const noexcept;
};

// Holds the texts of long keys. Grows in chunks that never move.
class KeyArena {
 public:
  const char* keep(std::string_view text);  // four bytes of length, then the text

 private:
  std::vector<std::unique_ptr<char[]>> chunks_;
  char* at_ = nullptr;
  std::size_t left_ = 0;
};

PackedKey pack_key(std::string_view key, RowKind kind, KeyArena& arena);

}  // namespace cuadre
