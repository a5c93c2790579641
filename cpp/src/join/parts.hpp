// Rows by parts of their keys, so that a part and its table lie in one core's cache. Two ways there: rows that come by
// once, in no number known before, are put into lists; rows that can be read again are counted first and then written
// to their places.
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "base/slabs.hpp"
#include "join/key.hpp"

namespace cuadre {

// Into how many parts keys fall, a power of two, and into which.
class PartOf {
 public:
  explicit PartOf(std::size_t parts) noexcept
      : count_(std::bit_ceil(std::max<std::size_t>(parts, 1))),
        shift_(63U - static_cast<unsigned>(std::countr_zero(count_))) {}
  std::size_t count() const noexcept { return count_; }
  std::size_t operator()(std::uint64_t hash) const noexcept { return hash >> 1U >> shift_; }

 private:
  std::size_t count_;
  unsigned shift_;
};

// One thread's rows, a list for each part. Item is trivial.
template <class Item>
class PartLists {
 public:
  explicit PartLists(std::size_t parts) : lists_(parts) {}

  void push(std::size_t part, const Item& item) { lists_[part].push(item, pool_); }
  void append_to(std::size_t part, std::vector<Item>& into) const { lists_[part].append_to(into); }
  KeyArena& arena() noexcept { return arena_; }  // for the texts of its keys

 private:
  std::vector<ChunkList<Item>> lists_;
  SlabPool pool_;
  KeyArena arena_;
};

// Where the rows of a table go, part after part, in each part in the table's order whatever thread writes them. Rows
// are taken in blocks; the calls for two blocks may be made at once.
class PartPlaces {
 public:
  PartPlaces(std::size_t blocks, std::size_t parts) : places_(blocks * parts), starts_(parts + 1), parts_(parts) {}

  // First for every row, with how many places it takes; then once `lay_out`; then `take` as it was counted.
  void count(std::size_t block, std::size_t part, unsigned places) noexcept {
    places_[block * parts_ + part] += places;
  }
  void lay_out() noexcept {
    const std::size_t blocks = parts_ == 0 ? 0 : places_.size() / parts_;
    std::uint64_t filled = 0;
    for (std::size_t part = 0; part < parts_; ++part) {
      starts_[part] = filled;
      for (std::size_t block = 0; block < blocks; ++block)
        filled += std::exchange(places_[block * parts_ + part], filled);
    }
    starts_[parts_] = filled;
  }
  std::uint64_t take(std::size_t block, std::size_t part, unsigned places) noexcept {
    return std::exchange(places_[block * parts_ + part], places_[block * parts_ + part] + places);
  }

  std::uint64_t start(std::size_t part) const noexcept { return starts_[part]; }  // part == parts: where all end

 private:
  std::vector<std::uint64_t> places_, starts_;
  std::size_t parts_;
};

}  // namespace cuadre
