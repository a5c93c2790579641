#include "settlement/row_table.hpp"

#include <algorithm>
#include <iterator>
#include <tuple>

namespace cuadre {
namespace {

// Arrow's text offsets are 32 bits, and so is a batch of ours; well below, so that one more batch of rows always fits.
constexpr std::size_t kChunkTextMax = std::size_t{1} << 30;

void append(RowChunk& chunk, std::span<const Row> rows) {
  for (const Row& row : rows) {
    chunk.references.append(row.reference);
    chunk.reference_ends.push_back(static_cast<std::int32_t>(chunk.references.size()));
    chunk.amounts_minor.push_back(row.amount_minor);
    chunk.offsets_bytes.push_back(row.offset_bytes);
    chunk.lines.push_back(row.line);
    chunk.dates.push_back(row.date_days);
    chunk.booked.push_back(row.booked_days);
    chunk.currencies.push_back(row.currency);
    chunk.kinds.push_back(row.kind);
  }
}

}  // namespace

std::vector<RowChunk>& RowTable::own(unsigned worker) {
  const std::scoped_lock lock(mutex_);
  return workers_[worker];  // a map never moves what it holds
}

void RowTable::rows(unsigned worker, std::uint32_t block, std::span<const Row> rows) {
  std::vector<RowChunk>& mine = own(worker);
  const bool same = !mine.empty() && mine.back().source == source_ && mine.back().block == block;
  if (!same || mine.back().references.size() > kChunkTextMax) {
    mine.emplace_back();
    mine.back().source = source_;
    mine.back().block = block;
  }
  append(mine.back(), rows);
}

void RowTable::finish() {
  for (auto& [worker, chunks] : workers_) {
    std::move(chunks.begin(), chunks.end(), std::back_inserter(chunks_));
  }
  workers_.clear();
  std::stable_sort(chunks_.begin(), chunks_.end(), [](const RowChunk& left, const RowChunk& right) {
    return std::tie(left.source, left.block) < std::tie(right.source, right.block);
  });
  for (const RowChunk& chunk : chunks_) size_ += chunk.size();
}

}  // namespace cuadre
