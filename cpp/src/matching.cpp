#include "cuadre/matching.hpp"

#include <algorithm>
#include <cstring>
#include <deque>
#include <map>
#include <mutex>
#include <tuple>

#include "blocks.hpp"

namespace cuadre {
namespace {

// A row as the matcher carries it. Keys of up to 15 bytes stand in the entry itself; longer ones are kept as text
// beside it.
struct Entry {
  std::uint64_t high = 0, low = 0;    // the key's bytes, left aligned, with its length; or its hash
  const std::string* text = nullptr;  // a longer key
  std::uint64_t at = 0;               // in the side's joint address space
  std::int64_t amount_minor = 0;
  Currency currency;
  RowKind kind = RowKind::payment;
};

int compare(const Entry& a, const Entry& b) noexcept {
  if (a.high != b.high) return a.high < b.high ? -1 : 1;
  if (a.low != b.low) return a.low < b.low ? -1 : 1;
  if (a.kind != b.kind) return a.kind < b.kind ? -1 : 1;
  if (a.text == nullptr || b.text == nullptr) return (a.text != nullptr) - (b.text != nullptr);
  return a.text->compare(*b.text);
}

std::uint64_t mixed(std::uint64_t value) noexcept {
  value ^= value >> 32U;
  value *= 0x9E3779B97F4A7C15U;
  return value ^ (value >> 29U);
}

struct Worker {
  std::vector<std::vector<Entry>> parts;
  std::deque<std::string> texts;
  std::vector<std::pair<std::uint64_t, Reject>> refused;  // by joint address
  std::map<std::string_view, CurrencyTotal> refused_totals;
};

class Partitions final : public RowSink {
 public:
  Partitions(const KeyRule& key, unsigned threads, std::size_t parts)
      : key_(key), plain_(key.steps().empty()), workers_(threads) {
    for (Worker& worker : workers_) worker.parts.resize(parts);
  }
  void begin(std::uint64_t base) noexcept { base_ = base; }

  void rows(unsigned worker, std::uint32_t, std::span<const Row> rows) override {
    Worker& mine = workers_[worker];
    for (const Row& row : rows) take(mine, row);
  }

  std::vector<Worker>& workers() noexcept { return workers_; }

 private:
  void take(Worker& mine, const Row& row) {
    std::string made;
    std::string_view key = row.reference;
    if (!plain_) key = made = key_.apply(row.reference);
    if (key.empty()) return refuse(mine, row);
    Entry entry;
    entry.at = base_ + row.offset_bytes;
    entry.amount_minor = row.amount_minor;
    entry.currency = row.currency;
    entry.kind = row.kind;
    if (key.size() < 16) {
      char bytes[16] = {};
      std::memcpy(bytes, key.data(), key.size());
      bytes[15] = static_cast<char>(key.size());
      std::memcpy(&entry.high, bytes, 8);
      std::memcpy(&entry.low, bytes + 8, 8);
    } else {
      entry.high = std::hash<std::string_view>{}(key);
      entry.text = &mine.texts.emplace_back(key);
    }
    mine.parts[mixed(entry.high ^ mixed(entry.low)) % mine.parts.size()].push_back(entry);
  }

  void refuse(Worker& mine, const Row& row) const {
    Reject item;
    item.offset_bytes = row.offset_bytes;
    item.line = row.line;
    item.length_bytes = row.length_bytes;
    item.reason = RejectReason::reference_missing;
    item.field = "reference";
    item.raw_text = printable(row.reference.substr(0, kRejectTextMax));
    mine.refused.emplace_back(base_ + row.offset_bytes, std::move(item));
    CurrencyTotal& total = mine.refused_totals[row.currency.code()];
    total.currency = row.currency;
    ++total.rows;
    total.amount_minor += row.amount_minor;
  }

  KeyRule key_;
  bool plain_;
  std::uint64_t base_ = 0;
  std::vector<Worker> workers_;
};

struct Classified {
  std::vector<Pair> pairs;
  std::vector<Break> breaks;  // offsets still in the joint address space
  std::map<std::pair<Bucket, std::string_view>, BucketTotal> totals;
};

SideRow side_row(const Entry& entry, bool owned) noexcept {
  SideRow row;
  row.present = true;
  row.owned = owned;
  row.offset_bytes = entry.at;
  row.amount_minor = entry.amount_minor;
  row.currency = entry.currency;
  row.kind = entry.kind;
  return row;
}

void count(Classified& into, Bucket bucket, const Entry& entry, bool ledger) {
  BucketTotal& total = into.totals[{bucket, entry.currency.code()}];
  total.bucket = bucket;
  total.currency = entry.currency;
  (ledger ? total.ledger_rows : total.settlement_rows) += 1;
  (ledger ? total.ledger_minor : total.settlement_minor) += entry.amount_minor;
}

using Run = std::span<const Entry>;

void add_break(Classified& into, Bucket bucket, const Entry* ledger, bool own_ledger, const Entry* settlement,
               bool own_settlement) {
  Break item{bucket, {}, {}, {}};
  if (ledger != nullptr) item.ledger = side_row(*ledger, own_ledger);
  if (settlement != nullptr) item.settlement = side_row(*settlement, own_settlement);
  if (own_ledger) count(into, bucket, *ledger, true);
  if (own_settlement) count(into, bucket, *settlement, false);
  into.breaks.push_back(std::move(item));
}

// One key. Equal amounts in one currency pair off in file order; what is left is named.
void classify(Run ledger, Run settlement, Classified& into) {
  if (settlement.empty()) {
    for (const Entry& row : ledger) add_break(into, Bucket::only_in_ledger, &row, true, nullptr, false);
    return;
  }
  if (ledger.empty()) {
    for (const Entry& row : settlement) add_break(into, Bucket::only_in_settlement, nullptr, false, &row, true);
    return;
  }
  std::vector<const Entry*> ours, theirs, ours_left, theirs_left;
  for (const Entry& row : ledger) ours.push_back(&row);
  for (const Entry& row : settlement) theirs.push_back(&row);
  const auto worth = [](const Entry* row) { return std::tuple(row->currency.id(), row->amount_minor); };
  const auto order = [&](const Entry* a, const Entry* b) {
    return std::tuple(worth(a), a->at) < std::tuple(worth(b), b->at);
  };
  std::sort(ours.begin(), ours.end(), order);
  std::sort(theirs.begin(), theirs.end(), order);
  std::size_t i = 0, j = 0;
  while (i < ours.size() && j < theirs.size()) {
    if (worth(ours[i]) == worth(theirs[j])) {
      count(into, Bucket::matched, *ours[i], true);
      count(into, Bucket::matched, *theirs[j], false);
      into.pairs.push_back({ours[i++]->at, theirs[j++]->at});
    } else if (worth(ours[i]) < worth(theirs[j])) {
      ours_left.push_back(ours[i++]);
    } else {
      theirs_left.push_back(theirs[j++]);
    }
  }
  ours_left.insert(ours_left.end(), ours.begin() + static_cast<std::ptrdiff_t>(i), ours.end());
  theirs_left.insert(theirs_left.end(), theirs.begin() + static_cast<std::ptrdiff_t>(j), theirs.end());
  if (ours_left.size() == 1 && theirs_left.size() == 1) {
    const bool same = ours_left[0]->currency == theirs_left[0]->currency;
    add_break(into, same ? Bucket::amount_differs : Bucket::currency_differs, ours_left[0], true, theirs_left[0], true);
    return;
  }
  for (const Entry* row : theirs_left) add_break(into, Bucket::paid_twice, &ledger.front(), false, row, true);
  for (const Entry* row : ours_left) add_break(into, Bucket::repeated_in_ledger, row, true, &settlement.front(), false);
}

std::vector<Entry> gather(Partitions& side, std::size_t part) {
  std::vector<Entry> all;
  for (Worker& worker : side.workers()) {
    all.insert(all.end(), worker.parts[part].begin(), worker.parts[part].end());
    std::vector<Entry>().swap(worker.parts[part]);
  }
  std::sort(all.begin(), all.end(), [](const Entry& a, const Entry& b) {
    const int order = compare(a, b);
    return order != 0 ? order < 0 : a.at < b.at;
  });
  return all;
}

void join(std::vector<Entry> ledger, std::vector<Entry> settlement, Classified& into) {
  const auto run = [](const std::vector<Entry>& rows, std::size_t from) {
    std::size_t to = from;
    while (to < rows.size() && compare(rows[from], rows[to]) == 0) ++to;
    return Run(rows).subspan(from, to - from);
  };
  std::size_t i = 0, j = 0;
  while (i < ledger.size() || j < settlement.size()) {
    const int order = i == ledger.size() ? 1 : j == settlement.size() ? -1 : compare(ledger[i], settlement[j]);
    const Run ours = order <= 0 ? run(ledger, i) : Run();
    const Run theirs = order >= 0 ? run(settlement, j) : Run();
    classify(ours, theirs, into);
    i += ours.size();
    j += theirs.size();
  }
}

class Collect final : public RowSink {
 public:
  struct Found {
    std::uint64_t offset;
    std::uint64_t line;
    std::int32_t date, booked;
    std::int64_t amount;
    Currency currency;
    RowKind kind;
    std::string reference;
  };
  void rows(unsigned, std::uint32_t, std::span<const Row> rows) override {
    const std::scoped_lock lock(mutex_);
    for (const Row& row : rows) {
      found.push_back({row.offset_bytes, row.line, row.date_days, row.booked_days, row.amount_minor, row.currency,
                       row.kind, std::string(row.reference)});
    }
  }
  std::vector<Found> found;

 private:
  std::mutex mutex_;
};

struct SideSources {
  std::vector<std::unique_ptr<Source>> sources;
  std::vector<std::uint64_t> bases;

  std::uint32_t source_of(std::uint64_t at) const noexcept {
    return static_cast<std::uint32_t>(std::upper_bound(bases.begin(), bases.end(), at) - bases.begin()) - 1;
  }

  // Fills in what the matcher did not carry; `rows` may come in any order.
  void complete(std::vector<std::pair<SideRow*, std::string*>>& rows, const ReadOptions& options) {
    std::sort(rows.begin(), rows.end(),
              [](const auto& a, const auto& b) { return a.first->offset_bytes < b.first->offset_bytes; });
    std::size_t from = 0;
    while (from < rows.size()) {
      const std::uint32_t source = source_of(rows[from].first->offset_bytes);
      std::size_t to = from;
      std::vector<std::uint64_t> offsets;
      while (to < rows.size() && source_of(rows[to].first->offset_bytes) == source) {
        const std::uint64_t offset = rows[to++].first->offset_bytes - bases[source];
        if (offsets.empty() || offsets.back() != offset) offsets.push_back(offset);
      }
      Collect collect;
      sources[source]->fetch(offsets, collect, options);
      auto& found = collect.found;
      std::sort(found.begin(), found.end(), [](const auto& a, const auto& b) { return a.offset < b.offset; });
      std::size_t at = 0;
      for (; from < to; ++from) {
        SideRow& row = *rows[from].first;
        while (at < found.size() && bases[source] + found[at].offset < row.offset_bytes) ++at;
        if (at == found.size() || bases[source] + found[at].offset != row.offset_bytes) {
          throw Error(ErrorCode::file_changed, "a row is no longer where it was read",
                      {sources[source]->label(), 0, 0, -1});
        }
        row.source = source;
        row.offset_bytes = found[at].offset;
        row.line = found[at].line;
        row.date_days = found[at].date;
        row.booked_days = found[at].booked;
        row.amount_minor = found[at].amount;
        row.currency = found[at].currency;
        row.kind = found[at].kind;
        if (rows[from].second != nullptr) *rows[from].second = found[at].reference;
      }
    }
  }
};

}  // namespace

struct MatchResult::Impl {
  SideSources ledger, settlement;
  std::vector<Pair> pairs;
  ReadOptions options;
};

MatchResult::MatchResult(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
MatchResult::~MatchResult() = default;
MatchResult::MatchResult(MatchResult&&) noexcept = default;

std::uint64_t MatchResult::matched() const noexcept { return impl_->pairs.size(); }

bool MatchResult::balanced() const noexcept {
  if (!breaks.empty()) return false;
  for (const auto* files : {&ledger_files, &settlement_files}) {
    for (const FileReport& file : *files) {
      if (!file.rejects.empty()) return false;
      for (const Check& check : file.checks)
        if (!check.holds) return false;
    }
  }
  return true;
}

std::vector<MatchResult::MatchedRow> MatchResult::matches(std::uint64_t first, std::uint64_t count) const {
  first = std::min<std::uint64_t>(first, impl_->pairs.size());
  count = std::min<std::uint64_t>(count, impl_->pairs.size() - first);
  std::vector<MatchedRow> rows(static_cast<std::size_t>(count));
  std::vector<std::pair<SideRow*, std::string*>> ours, theirs;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const Pair& pair = impl_->pairs[static_cast<std::size_t>(first) + i];
    rows[i].ledger.present = rows[i].ledger.owned = rows[i].settlement.present = rows[i].settlement.owned = true;
    rows[i].ledger.offset_bytes = pair.ledger_at;
    rows[i].settlement.offset_bytes = pair.settlement_at;
    ours.emplace_back(&rows[i].ledger, &rows[i].reference);
    theirs.emplace_back(&rows[i].settlement, nullptr);
  }
  impl_->ledger.complete(ours, impl_->options);
  impl_->settlement.complete(theirs, impl_->options);
  return rows;
}

namespace {

std::vector<FileReport> read_side(SideSources& side, Partitions& into, const ReadOptions& options,
                                  std::vector<CurrencyTotal>& refused) {
  std::vector<FileReport> reports;
  for (std::size_t i = 0; i < side.sources.size(); ++i) {
    into.begin(side.bases[i]);
    FileReport report = side.sources[i]->read(into, options);
    for (Worker& worker : into.workers()) {
      for (auto& [at, item] : worker.refused) report.rejects.push_back(std::move(item));
      report.rows -= worker.refused.size();
      worker.refused.clear();
      for (const auto& [code, total] : worker.refused_totals) {
        refused.push_back(total);
        for (CurrencyTotal& known : report.totals) {
          if (known.currency == total.currency) known.rows -= total.rows, known.amount_minor -= total.amount_minor;
        }
      }
      worker.refused_totals.clear();
    }
    std::erase_if(report.totals, [](const CurrencyTotal& total) { return total.rows == 0; });
    std::sort(report.rejects.begin(), report.rejects.end(),
              [](const Reject& a, const Reject& b) { return a.offset_bytes < b.offset_bytes; });
    reports.push_back(std::move(report));
  }
  return reports;
}

void lay_out(SideSources& side) {
  std::uint64_t base = 0;
  for (const auto& source : side.sources) {
    side.bases.push_back(base);
    base += source->extent() + 1;
  }
}

// Rows and money of the files against rows and money of the buckets, computed from different counters.
void prove(MatchResult& result, bool ledger) {
  const auto& files = ledger ? result.ledger_files : result.settlement_files;
  ProofLine rows{ledger, {}, 0, 0, 0, 0, false};
  std::map<std::string_view, ProofLine> money;
  for (const FileReport& file : files) {
    rows.files += static_cast<Int128>(file.records);
    rows.rejected += file.rejects.size();
    rows.ignored += file.ignored;
    for (const CurrencyTotal& total : file.totals) {
      ProofLine& line = money[total.currency.code()];
      line.ledger = ledger;
      line.currency = total.currency;
      line.files += total.amount_minor;
    }
  }
  for (const BucketTotal& total : result.totals) {
    const std::uint64_t count = ledger ? total.ledger_rows : total.settlement_rows;
    if (count == 0) continue;
    rows.buckets += static_cast<Int128>(count);
    ProofLine& line = money[total.currency.code()];
    line.ledger = ledger;
    line.currency = total.currency;
    line.buckets += ledger ? total.ledger_minor : total.settlement_minor;
  }
  rows.holds = rows.files == rows.buckets + static_cast<Int128>(rows.rejected) + static_cast<Int128>(rows.ignored);
  result.proof.push_back(rows);
  for (auto& [code, line] : money) {
    line.holds = line.files == line.buckets;
    result.proof.push_back(line);
  }
  for (const ProofLine& line : result.proof) {
    if (!line.holds)
      throw Error(ErrorCode::proof_failed, "rows or money of files and buckets do not add up; please report this");
  }
}

void finish_breaks(MatchResult& result, MatchResult::Impl& impl) {
  std::vector<std::pair<SideRow*, std::string*>> ours, theirs;
  for (Break& item : result.breaks) {
    const bool by_ledger = item.ledger.owned;
    if (item.ledger.present) ours.emplace_back(&item.ledger, by_ledger ? &item.reference : nullptr);
    if (item.settlement.present) theirs.emplace_back(&item.settlement, by_ledger ? nullptr : &item.reference);
  }
  impl.ledger.complete(ours, impl.options);
  impl.settlement.complete(theirs, impl.options);
}

}  // namespace

MatchResult match(std::vector<std::unique_ptr<Source>> ledger, std::vector<std::unique_ptr<Source>> settlement,
                  const MatchOptions& options) {
  auto impl = std::make_unique<MatchResult::Impl>();
  impl->options = options.read;
  impl->ledger.sources = std::move(ledger);
  impl->settlement.sources = std::move(settlement);
  lay_out(impl->ledger);
  lay_out(impl->settlement);
  std::uint64_t estimate = 0;
  for (const auto* side : {&impl->ledger, &impl->settlement}) {
    for (const auto& source : side->sources) estimate += source->rows_estimate();
  }
  const unsigned threads = thread_count(options.read.threads);
  const std::size_t parts = static_cast<std::size_t>(std::clamp<std::uint64_t>(estimate / 32768, 1, 1024));
  Partitions ours(options.key, threads, parts);
  Partitions theirs(options.key, threads, parts);
  std::vector<CurrencyTotal> refused;
  MatchResult result(std::move(impl));
  result.key = options.key;
  MatchResult::Impl& inside = result.impl();
  result.ledger_files = read_side(inside.ledger, ours, options.read, refused);
  result.settlement_files = read_side(inside.settlement, theirs, options.read, refused);
  std::vector<Classified> found(threads);
  std::atomic<std::size_t> next{0};
  run_workers(threads, [&](unsigned worker) {
    for (std::size_t part = next++; part < parts; part = next++) {
      if (options.read.progress != nullptr && options.read.progress->cancel)
        throw Error(ErrorCode::cancelled, "matching was stopped");
      join(gather(ours, part), gather(theirs, part), found[worker]);
    }
  });
  Classified all;
  for (Classified& one : found) {
    all.pairs.insert(all.pairs.end(), one.pairs.begin(), one.pairs.end());
    std::move(one.breaks.begin(), one.breaks.end(), std::back_inserter(all.breaks));
    for (const auto& [key, total] : one.totals) {
      BucketTotal& sum = all.totals[key];
      sum.bucket = total.bucket;
      sum.currency = total.currency;
      sum.ledger_rows += total.ledger_rows;
      sum.settlement_rows += total.settlement_rows;
      sum.ledger_minor += total.ledger_minor;
      sum.settlement_minor += total.settlement_minor;
    }
  }
  std::sort(all.pairs.begin(), all.pairs.end(), [](const Pair& a, const Pair& b) { return a.ledger_at < b.ledger_at; });
  std::sort(all.breaks.begin(), all.breaks.end(), [](const Break& a, const Break& b) {
    return std::tuple(a.code, a.ledger.offset_bytes, a.settlement.offset_bytes) <
           std::tuple(b.code, b.ledger.offset_bytes, b.settlement.offset_bytes);
  });
  inside.pairs = std::move(all.pairs);
  result.breaks = std::move(all.breaks);
  for (const auto& [key, total] : all.totals) result.totals.push_back(total);
  finish_breaks(result, inside);
  prove(result, true);
  prove(result, false);
  inside.options.progress = nullptr;
  return result;
}

}  // namespace cuadre
