// Memory of whole columns, and work over it block by block.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <type_traits>

#include "base/threads.hpp"

namespace cuadre {

// Large blocks lie in huge pages. Touching fresh memory costs more than the arithmetic that fills it, so freed large
// blocks are kept for the next column: at most kKeptBytes of them in the process.
inline constexpr std::size_t kKeptBytes = std::size_t{256} << 20U;
std::shared_ptr<std::byte> column_block(std::size_t bytes);  // aligned to 64 bytes at least; throws std::bad_alloc
std::size_t column_bytes_kept() noexcept;                    // for the tests

template <class T>
std::shared_ptr<T> column_array(std::size_t count) {
  static_assert(std::is_trivial_v<T>);
  const std::shared_ptr<std::byte> block = column_block(count * sizeof(T));
  return {block, reinterpret_cast<T*>(block.get())};
}

inline constexpr std::size_t kBlockRows = std::size_t{1} << 15U;       // of one piece of work; whole words of bits
inline constexpr std::size_t kRowsForThreads = std::size_t{1} << 18U;  // fewer are done before a thread has started

// Calls work(first, last) for pieces of [0, size), on several threads where that pays.
template <class Work>
void in_row_blocks(std::size_t size, Work&& work) {
  const std::size_t blocks = (size + kBlockRows - 1) / kBlockRows;
  std::atomic<std::size_t> next{0};
  const auto threads = size < kRowsForThreads ? 1U : std::min(thread_count(0), static_cast<unsigned>(blocks));
  run_workers(threads, [&](unsigned) {
    for (std::size_t block = next++; block < blocks; block = next++) {
      const std::size_t first = block * kBlockRows;
      work(first, std::min(first + kBlockRows, size));
    }
  });
}

// Bits at .. at + count (at most 64), lowest first. Reads no byte that holds none of them.
inline std::uint64_t load_bits(const std::uint8_t* bits, std::size_t at, std::size_t count) noexcept {
  const std::size_t shift = at % 8;
  const std::uint8_t* from = bits + at / 8;
  const std::size_t bytes = (shift + count + 7) / 8;  // up to 9
  std::uint64_t word = 0;
  std::memcpy(&word, from, std::min<std::size_t>(bytes, 8));
  word >>= shift;
  if (bytes == 9) word |= std::uint64_t{from[8]} << (64 - shift);
  return count == 64 ? word : word & ((std::uint64_t{1} << count) - 1);
}

// `at` is a multiple of 64.
inline void store_bits(std::uint8_t* bits, std::size_t at, std::size_t count, std::uint64_t word) noexcept {
  std::memcpy(bits + at / 8, &word, (count + 7) / 8);
}

}  // namespace cuadre
