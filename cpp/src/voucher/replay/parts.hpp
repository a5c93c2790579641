// Rows of a table as lines, those of one part of the references together, so that a part lies in one core's cache.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <utility>
#include <vector>

#include "base/threads.hpp"
#include "join/parts.hpp"
#include "money/column/memory.hpp"
#include "voucher/replay/input.hpp"

namespace cuadre {

// `marks` has a word a row: first the row's part, and whether it has a second line. Where the top bit is set, the row
// has been dealt with, and the word is its owner's.
inline constexpr std::uint32_t kMarkDone = 1U << 31U;
inline constexpr std::uint32_t kMarkMore = 1U << 30U;
inline constexpr const char* kWork = "the replay";

template <class Input>
class Parts {
 public:
  Parts(const Input& input, const PartOf& part_of, std::shared_ptr<std::uint32_t> marks, unsigned threads,
        const Progress* progress)
      : input_(input),
        part_of_(part_of),
        marks_(std::move(marks)),
        threads_(threads),
        progress_(progress),
        block_rows_(std::max(kBlockRowsMin, (input.table().rows() + kBlocksMax - 1) / kBlocksMax)),
        blocks_((input.table().rows() + block_rows_ - 1) / block_rows_),
        places_(blocks_, part_of.count()) {
    count();
  }

  std::size_t lines(std::size_t first_part, std::size_t last_part) const noexcept {
    return places_.start(last_part) - places_.start(first_part);
  }

  // Writes the lines of parts [first, last) to `out`, part after part, rows of a part in their order. Once for a part.
  void write(std::size_t first_part, std::size_t last_part, Line* out) {
    out_ = out;
    base_ = places_.start(first_part);
    in_turn(threads_, blocks_, progress_, kWork, [&](unsigned, std::size_t block) {
      each_row(block, [&](const InputTable::Part& part, std::size_t row, std::size_t number) {
        const std::uint32_t mark = marks_.get()[number];
        const std::size_t of = mark & ~kMarkMore;
        if ((mark & kMarkDone) != 0 || of < first_part || of >= last_part) return;
        const bool more = (mark & kMarkMore) != 0;
        Line* line = out + (places_.take(block, of, more ? 2 : 1) - base_);
        input_.write(part, row, number, JoinKey(input_.reference(part, row)), more, line);
      });
    });
  }
  // Of a part that was written last.
  std::span<Line> part(std::size_t at) const noexcept {
    return {out_ + (places_.start(at) - base_), lines(at, at + 1)};
  }

 private:
  static constexpr std::size_t kBlockRowsMin = std::size_t{1} << 14U;
  static constexpr std::size_t kBlocksMax = 256;

  template <class Each>
  void each_row(std::size_t block, Each&& each) const {
    const std::size_t first = block * block_rows_;
    input_.table().for_rows(first, std::min(first + block_rows_, input_.table().rows()), std::forward<Each>(each));
  }

  void count() {
    in_turn(threads_, blocks_, progress_, kWork, [&](unsigned, std::size_t block) {
      each_row(block, [&](const InputTable::Part& part, std::size_t row, std::size_t number) {
        const std::string_view reference = input_.reference(part, row);
        // Rows without a reference belong nowhere, and are spread evenly.
        const std::size_t of =
            reference.empty() ? number & (part_of_.count() - 1) : part_of_(JoinKey(reference).hash());
        const bool more = input_.has_more(part, row);
        places_.count(block, of, more ? 2 : 1);
        marks_.get()[number] = static_cast<std::uint32_t>(of) | (more ? kMarkMore : 0);
      });
    });
    places_.lay_out();
  }

  const Input& input_;
  PartOf part_of_;
  std::shared_ptr<std::uint32_t> marks_;
  unsigned threads_;
  const Progress* progress_;
  std::size_t block_rows_, blocks_;
  PartPlaces places_;
  Line* out_ = nullptr;
  std::uint64_t base_ = 0;
};

}  // namespace cuadre
