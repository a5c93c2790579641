#include "matching/sources.hpp"

#include <algorithm>

#include "base/file.hpp"

namespace cuadre {
namespace {

// Rows that come back from a source go straight to where they are wanted: offsets are known and rising, so each is
// found by bisection, and no two workers have the same one.
class Deliver final : public RowSink {
 public:
  Deliver(std::span<SideSources::Wanted> wanted, std::uint64_t base, std::uint32_t source)
      : wanted_(wanted), base_(base), source_(source) {}

  void rows(unsigned, std::uint32_t, std::span<const Row> rows) override {
    if (rows.empty()) return;
    auto at = std::lower_bound(
        wanted_.begin(), wanted_.end(), base_ + rows.front().offset_bytes,
        [](const SideSources::Wanted& item, std::uint64_t place) { return item.row->offset_bytes < place; });
    for (const Row& row : rows) {
      for (; at != wanted_.end() && at->row->offset_bytes == base_ + row.offset_bytes; ++at) deliver(*at, row);
    }
  }
  std::uint64_t delivered() const noexcept { return delivered_; }

 private:
  void deliver(const SideSources::Wanted& item, const Row& row) {
    SideRow& into = *item.row;
    if (into.currency &&
        (into.amount_minor != row.amount_minor || into.currency != row.currency || into.kind != row.kind))
      return;
    into.line = row.line;
    into.date_days = row.date_days;
    into.booked_days = row.booked_days;
    into.amount_minor = row.amount_minor;
    into.currency = row.currency;
    into.kind = row.kind;
    into.source = source_;
    if (item.reference != nullptr) *item.reference = row.reference;
    ++delivered_;
  }

  std::span<SideSources::Wanted> wanted_;
  std::uint64_t base_;
  std::uint32_t source_;
  std::atomic<std::uint64_t> delivered_{0};
};

}  // namespace

SideSources::SideSources(std::vector<std::unique_ptr<Source>> sources) : sources_(std::move(sources)) {
  std::uint64_t base = 0;
  for (const auto& source : sources_) {
    bases_.push_back(base);
    base += source->extent() + 1;
  }
  if (base >> 48U != 0) throw Error(ErrorCode::argument_invalid, "one side is larger than 256 TiB");
}

std::uint64_t SideSources::rows_estimate() const noexcept {
  std::uint64_t rows = 0;
  for (const auto& source : sources_) rows += source->rows_estimate();
  return rows;
}

std::size_t SideSources::source_of(std::uint64_t at) const noexcept {
  return static_cast<std::size_t>(std::upper_bound(bases_.begin(), bases_.end(), at) - bases_.begin()) - 1;
}

void SideSources::complete(std::vector<Wanted>& rows, const ReadOptions& options) {
  std::sort(rows.begin(), rows.end(),
            [](const Wanted& a, const Wanted& b) { return a.row->offset_bytes < b.row->offset_bytes; });
  for (std::size_t from = 0; from < rows.size();) {
    const std::size_t source = source_of(rows[from].row->offset_bytes);
    std::size_t to = from;
    while (to < rows.size() && source_of(rows[to].row->offset_bytes) == source) ++to;
    complete_from(source, std::span(rows).subspan(from, to - from), options);
    from = to;
  }
}

void SideSources::complete_from(std::size_t source, std::span<Wanted> rows, const ReadOptions& options) {
  std::vector<std::uint64_t> offsets;
  offsets.reserve(rows.size());
  for (const Wanted& item : rows) {
    const std::uint64_t offset = item.row->offset_bytes - bases_[source];
    if (offsets.empty() || offsets.back() != offset) offsets.push_back(offset);
  }
  Deliver deliver(rows, bases_[source], static_cast<std::uint32_t>(source));
  sources_[source]->fetch(offsets, deliver, options);
  if (deliver.delivered() != rows.size()) {
    throw Error(ErrorCode::file_changed, "a row is no longer what it was when it was matched",
                {sources_[source]->label(), 0, 0, -1});
  }
  for (const Wanted& item : rows) item.row->offset_bytes -= bases_[source];
}

}  // namespace cuadre
