// Rows of a table as lines, those of one part of the references together, so that a part lies in one core's cache.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <utility>
#include <vector>

#include "base/threads.hpp"
#include "money/column/memory.hpp"
#include "voucher/replay/input.hpp"

namespace cuadre {

// Calls work(worker, item) for items 0 .. count - 1, each thread taking the next.
template <class Work>
void in_turn(unsigned threads, std::size_t count, const Progress* progress, Work&& work) {
  std::atomic<std::size_t> next{0};
  const auto workers = static_cast<unsigned>(std::min<std::size_t>(threads, std::max<std::size_t>(count, 1)));
  run_workers(workers, [&](unsigned worker) {
    for (std::size_t item = next++; item < count; item = next++) {
      if (progress != nullptr && progress->cancel) throw Error(ErrorCode::cancelled, "the replay was stopped");
      work(worker, item);
    }
  });
}

// `marks` has a word a row: first the row's part, and whether it has a second line. Where the top bit is set, the row
// has been dealt with, and the word is its owner's.
inline constexpr std::uint32_t kMarkDone = 1U << 31U;
inline constexpr std::uint32_t kMarkMore = 1U << 30U;

template <class Input>
class Parts {
 public:
  // `parts` is a power of two.
  Parts(const Input& input, std::size_t parts, std::shared_ptr<std::uint32_t> marks, unsigned threads,
        const Progress* progress)
      : input_(input), parts_(parts), marks_(std::move(marks)), threads_(threads), progress_(progress) {
    const std::size_t rows = input.table().rows();
    block_rows_ = std::max(kBlockRowsMin, (rows + kBlocksMax - 1) / kBlocksMax);
    blocks_ = (rows + block_rows_ - 1) / block_rows_;
    places_.resize(blocks_ * parts_);
    starts_.resize(parts_ + 1);
    count();
  }

  std::size_t lines(std::size_t first_part, std::size_t last_part) const noexcept {
    return starts_[last_part] - starts_[first_part];
  }

  // Writes the lines of parts [first, last) to `out`, part after part, rows of a part in their order. Once for a part.
  void write(std::size_t first_part, std::size_t last_part, Line* out) {
    out_ = out;
    base_ = starts_[first_part];
    in_turn(threads_, blocks_, progress_, [&](unsigned, std::size_t block) {
      std::uint64_t* places = places_.data() + block * parts_;
      each_row(block, [&](const InputTable::Part& part, std::size_t row, std::size_t number) {
        const std::uint32_t mark = marks_.get()[number];
        const std::size_t of = mark & ~kMarkMore;
        if ((mark & kMarkDone) != 0 || of < first_part || of >= last_part) return;
        const bool more = (mark & kMarkMore) != 0;
        Line* line = out + (places[of] - base_);
        places[of] += more ? 2 : 1;
        input_.write(part, row, number, LineKey(input_.reference(part, row)), more, line);
      });
    });
  }
  // Of a part that was written last.
  std::span<Line> part(std::size_t at) const noexcept {
    return {out_ + (starts_[at] - base_), static_cast<std::size_t>(starts_[at + 1] - starts_[at])};
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
    in_turn(threads_, blocks_, progress_, [&](unsigned, std::size_t block) {
      std::uint64_t* places = places_.data() + block * parts_;
      each_row(block, [&](const InputTable::Part& part, std::size_t row, std::size_t number) {
        const std::string_view reference = input_.reference(part, row);
        // Rows without a reference belong nowhere, and are spread evenly.
        const std::uint64_t hash = reference.empty() ? number : LineKey(reference).hash();
        const std::size_t of = hash & (parts_ - 1);
        const bool more = input_.has_more(part, row);
        places[of] += more ? 2 : 1;
        marks_.get()[number] = static_cast<std::uint32_t>(of) | (more ? kMarkMore : 0);
      });
    });
    std::uint64_t filled = 0;  // counts become the place of each block's first line of a part
    for (std::size_t at = 0; at < parts_; ++at) {
      starts_[at] = filled;
      for (std::size_t block = 0; block < blocks_; ++block)
        filled += std::exchange(places_[block * parts_ + at], filled);
    }
    starts_[parts_] = filled;
  }

  const Input& input_;
  std::size_t parts_;
  std::shared_ptr<std::uint32_t> marks_;
  unsigned threads_;
  const Progress* progress_;
  std::size_t block_rows_ = 0, blocks_ = 0;
  std::vector<std::uint64_t> places_, starts_;
  Line* out_ = nullptr;
  std::uint64_t base_ = 0;
};

}  // namespace cuadre
