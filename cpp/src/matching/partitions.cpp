#include "matching/partitions.hpp"

#include <algorithm>

#include "cuadre/base/text.hpp"
#include "settlement/rows.hpp"

namespace cuadre {
Partitions::Partitions(const KeyRule& key, unsigned threads, std::size_t parts) : key_(key), part_of_(parts) {
  workers_.reserve(threads);
  for (unsigned i = 0; i < threads; ++i) workers_.emplace_back(part_of_.count());
}

void Partitions::rows(unsigned worker, std::uint32_t, std::span<const Row> rows) {
  Worker& mine = workers_[worker];
  for (const Row& row : rows) {
    const std::string_view key = key_.apply(row.reference, mine.scratch);
    if (key.empty() || key.size() > JoinKey::kTextMax) {
      refuse(mine, row, key.empty() ? RejectReason::reference_missing : RejectReason::record_too_long);
      continue;
    }
    Entry entry;
    entry.key = JoinKey(key, static_cast<unsigned>(row.kind));
    entry.key.keep_in(mine.lists.arena());
    entry.amount_minor = row.amount_minor;
    entry.place = Entry::pack(base_ + row.offset_bytes, row.currency);
    mine.lists.push(part_of_(entry.key.hash()), entry);
  }
}

void Partitions::refuse(Worker& mine, const Row& row, RejectReason reason) {
  Reject item;
  item.offset_bytes = row.offset_bytes;
  item.line = row.line;
  item.length_bytes = row.length_bytes;
  item.reason = reason;
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
  for (const Worker& worker : workers_) worker.lists.append_to(part, into);
}

}  // namespace cuadre
