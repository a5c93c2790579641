#include "matching/partitions.hpp"

#include <algorithm>
#include <bit>

#include "cuadre/base/text.hpp"
#include "settlement/rows.hpp"

namespace cuadre {
Partitions::Partitions(const KeyRule& key, unsigned threads, std::size_t parts)
    : key_(key),
      parts_(std::bit_ceil(parts)),
      shift_(64U - static_cast<unsigned>(std::countr_zero(parts_))),
      workers_(threads) {
  for (Worker& worker : workers_) worker.lists.resize(parts_);
}

void Partitions::rows(unsigned worker, std::uint32_t, std::span<const Row> rows) {
  Worker& mine = workers_[worker];
  for (const Row& row : rows) {
    const std::string_view key = key_.apply(row.reference, mine.scratch);
    if (key.empty()) {
      refuse(mine, row);
      continue;
    }
    Entry entry;
    entry.key = pack_key(key, row.kind, mine.arena);
    entry.amount_minor = row.amount_minor;
    entry.place = Entry::pack(base_ + row.offset_bytes, row.currency);
    // The top bits choose the partition; the join's tables use the low ones.
    mine.lists[parts_ == 1 ? 0 : entry.key.hash() >> shift_].push(entry, mine.pool);
  }
}

void Partitions::refuse(Worker& mine, const Row& row) const {
  Reject item;
  item.offset_bytes = row.offset_bytes;
  item.line = row.line;
  item.length_bytes = row.length_bytes;
  item.reason = RejectReason::reference_missing;
  item.field = name(Field::reference);
  item.raw_text = printable(row.reference, kRejectTextMax);
  mine.refused.push_back(std::move(item));
  auto total = std::find_if(mine.refused_totals.begin(), mine.refused_totals.end(),
                            [&](const CurrencyTotal& known) { return known.currency == row.currency; });
  if (total == mine.refused_totals.end()) total = mine.refused_totals.insert(total, {row.currency, 0, 0});
  ++total->rows;
  total->amount_minor += row.amount_minor;
}

void Partitions::move_refused(FileReport& report) {
  for (Worker& worker : workers_) {
    report.rows -= worker.refused.size();
    std::move(worker.refused.begin(), worker.refused.end(), std::back_inserter(report.rejects));
    worker.refused.clear();
    for (const CurrencyTotal& refused : worker.refused_totals) {
      for (CurrencyTotal& total : report.totals) {
        if (total.currency != refused.currency) continue;
        total.rows -= refused.rows;
        total.amount_minor -= refused.amount_minor;
      }
    }
    worker.refused_totals.clear();
  }
  std::erase_if(report.totals, [](const CurrencyTotal& total) { return total.rows == 0; });
  std::sort(report.rejects.begin(), report.rejects.end(),
            [](const Reject& a, const Reject& b) { return a.offset_bytes < b.offset_bytes; });
}

void Partitions::gather(std::size_t part, std::vector<Entry>& into) const {
  into.clear();
  for (const Worker& worker : workers_) worker.lists[part].append_to(into);
}

}  // namespace cuadre
