// A sink that keeps every row, as columns: what settlement.read gives. Chunks follow the blocks of the file, so threads
// never wait for each other and the order of the file comes back by sorting a few thousand chunks, not the rows.
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "cuadre/settlement.hpp"

namespace cuadre {

struct RowChunk {
  std::uint32_t source = 0;
  std::uint32_t block = 0;
  std::string references;                       // one after the other, UTF-8
  std::vector<std::int32_t> reference_ends{0};  // Arrow's offsets: one more than there are rows
  std::vector<std::int64_t> amounts_minor;
  std::vector<std::uint64_t> offsets_bytes;
  std::vector<std::uint64_t> lines;
  std::vector<std::int32_t> dates;  // kNoDate where there is none
  std::vector<std::int32_t> booked;
  std::vector<Currency> currencies;
  std::vector<RowKind> kinds;

  std::size_t size() const noexcept { return amounts_minor.size(); }
  std::string_view reference(std::size_t row) const noexcept {
    const auto from = static_cast<std::size_t>(reference_ends[row]);
    return std::string_view{references}.substr(from, static_cast<std::size_t>(reference_ends[row + 1]) - from);
  }
};

class RowTable final : public RowSink {
 public:
  // Rows that follow are of this source.
  void begin(std::uint32_t source) { source_ = source; }
  void rows(unsigned worker, std::uint32_t block, std::span<const Row> rows) override;
  // Puts everything in order of source and block; call once, after the last source was read.
  void finish();

  const std::vector<RowChunk>& chunks() const noexcept { return chunks_; }
  std::uint64_t size() const noexcept { return size_; }

 private:
  std::vector<RowChunk>& own(unsigned worker);

  std::uint32_t source_ = 0;
  std::mutex mutex_;
  std::map<unsigned, std::vector<RowChunk>> workers_;
  std::vector<RowChunk> chunks_;
  std::uint64_t size_ = 0;
};

}  // namespace cuadre
