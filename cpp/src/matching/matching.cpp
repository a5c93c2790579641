#include "cuadre/matching.hpp"

#include <algorithm>
#include <map>
#include <mutex>
#include <tuple>

#include "base/threads.hpp"
#include "cuadre/base/text.hpp"
#include "matching/join.hpp"
#include "matching/sources.hpp"

namespace cuadre {

std::span<const Term, kBucketCount> buckets() noexcept {
  static constexpr Term kBuckets[] = {
#define CUADRE_X(name, en, es) {#name, en, es},
      CUADRE_BUCKETS(CUADRE_X)
#undef CUADRE_X
  };
  return kBuckets;
}

struct MatchResult::Impl {
  Impl(std::vector<std::unique_ptr<Source>> ours, std::vector<std::unique_ptr<Source>> theirs, const ReadOptions& read)
      : ledger(std::move(ours)), settlement(std::move(theirs)), options(read) {}

  SideSources ledger, settlement;
  std::vector<FoundPairs> found;  // as the threads left them
  std::vector<Pair> pairs;        // joined and sorted by ledger place when somebody first asks for matches
  std::once_flag sorted;
  ReadOptions options;

  const std::vector<Pair>& in_order() {
    std::call_once(sorted, [this] {
      std::size_t count = 0;
      for (const FoundPairs& part : found) count += part.list.size();
      pairs.reserve(count);
      for (const FoundPairs& part : found) part.list.append_to(pairs);
      found.clear();
      std::sort(pairs.begin(), pairs.end(), [](const Pair& a, const Pair& b) { return a.ledger_at < b.ledger_at; });
    });
    return pairs;
  }
};

MatchResult::MatchResult(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
MatchResult::~MatchResult() = default;
MatchResult::MatchResult(MatchResult&&) noexcept = default;

std::uint64_t MatchResult::matched() const noexcept {
  std::uint64_t rows = 0;
  for (const BucketTotal& total : totals) rows += total.bucket == Bucket::matched ? total.ledger_rows : 0;
  return rows;
}

bool MatchResult::balanced() const noexcept {
  const auto clean = [](const FileReport& file) {
    return file.rejects.empty() &&
           std::all_of(file.checks.begin(), file.checks.end(), [](const Check& check) { return check.holds; });
  };
  return breaks.empty() && std::all_of(ledger_files.begin(), ledger_files.end(), clean) &&
         std::all_of(settlement_files.begin(), settlement_files.end(), clean);
}

namespace {

// Matched rows agreed when they were matched. If they do not now, a file changed behind its time stamp.
void require_still_equal(const std::vector<MatchResult::MatchedRow>& rows) {
  for (const auto& [reference, ours, theirs] : rows) {
    if (ours.amount_minor != theirs.amount_minor || ours.currency != theirs.currency || ours.kind != theirs.kind) {
      throw Error(ErrorCode::file_changed,
                  "\"" + printable(reference, 64) + "\" agreed when it was matched and does not now");
    }
  }
}

}  // namespace

std::vector<MatchResult::MatchedRow> MatchResult::matches(std::uint64_t first, std::uint64_t count) const {
  const std::vector<Pair>& pairs = impl_->in_order();
  first = std::min<std::uint64_t>(first, pairs.size());
  std::vector<MatchedRow> rows(static_cast<std::size_t>(std::min<std::uint64_t>(count, pairs.size() - first)));
  std::vector<SideSources::Wanted> ours, theirs;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const Pair& pair = pairs[static_cast<std::size_t>(first) + i];
    rows[i].ledger.present = rows[i].ledger.owned = rows[i].settlement.present = rows[i].settlement.owned = true;
    rows[i].ledger.offset_bytes = pair.ledger_at;
    rows[i].settlement.offset_bytes = pair.settlement_at;
    ours.push_back({&rows[i].ledger, &rows[i].reference});
    theirs.push_back({&rows[i].settlement, nullptr});
  }
  impl_->ledger.complete(ours, impl_->options);
  impl_->settlement.complete(theirs, impl_->options);
  require_still_equal(rows);
  return rows;
}

namespace {

std::vector<FileReport> read_side(SideSources& side, Partitions& into, const ReadOptions& options) {
  std::vector<FileReport> reports;
  for (std::size_t i = 0; i < side.size(); ++i) {
    into.begin(side.base(i));
    reports.push_back(side.source(i).read(into, options));
    into.move_refused(reports.back());
  }
  return reports;
}

// Rows and money of the files against rows and money of the buckets: two counts of the same thing, made in different
// places.
void prove(MatchResult& result, bool ledger) {
  ProofLine rows{ledger, {}, 0, 0, 0, 0, false};
  std::map<std::string_view, ProofLine> money;
  const auto line_of = [&](Currency currency) -> ProofLine& {
    return money.try_emplace(currency.code(), ProofLine{ledger, currency, 0, 0, 0, 0, false}).first->second;
  };
  for (const FileReport& file : ledger ? result.ledger_files : result.settlement_files) {
    rows.files += static_cast<Int128>(file.records);
    rows.rejected += file.rejects.size();
    rows.ignored += file.ignored;
    for (const CurrencyTotal& total : file.totals) line_of(total.currency).files += total.amount_minor;
  }
  for (const BucketTotal& total : result.totals) {
    const std::uint64_t count = ledger ? total.ledger_rows : total.settlement_rows;
    if (count == 0) continue;
    rows.buckets += static_cast<Int128>(count);
    line_of(total.currency).buckets += ledger ? total.ledger_minor : total.settlement_minor;
  }
  rows.holds = rows.files == rows.buckets + static_cast<Int128>(rows.rejected) + static_cast<Int128>(rows.ignored);
  result.proof.push_back(rows);
  for (auto& [code, line] : money) {
    line.holds = line.files == line.buckets;
    result.proof.push_back(line);
  }
  for (const ProofLine& line : result.proof) {
    if (!line.holds) {
      throw Error(ErrorCode::proof_failed,
                  "rows or money of files and buckets do not add up; this is a fault of cuadre, please report it");
    }
  }
}

Classified joined(std::vector<Classified>& parts, MatchResult& result) {
  Classified all;
  std::map<std::tuple<Bucket, std::string_view>, BucketTotal> totals;
  for (Classified& part : parts) {
    std::move(part.breaks.begin(), part.breaks.end(), std::back_inserter(all.breaks));
    for (std::size_t id = 0; id < part.totals.size(); ++id) {
      for (std::size_t bucket = 0; bucket < kBucketCount; ++bucket) {
        const BucketTotal& found = part.totals[id][bucket];
        if (found.ledger_rows + found.settlement_rows == 0) continue;
        const Currency currency = Currency::from_id(static_cast<std::uint16_t>(id));
        BucketTotal& sum = totals[{static_cast<Bucket>(bucket), currency.code()}];
        sum.bucket = static_cast<Bucket>(bucket);
        sum.currency = currency;
        sum.ledger_rows += found.ledger_rows;
        sum.settlement_rows += found.settlement_rows;
        sum.ledger_minor += found.ledger_minor;
        sum.settlement_minor += found.settlement_minor;
      }
    }
  }
  for (const auto& [key, total] : totals) result.totals.push_back(total);
  return all;
}

// By bucket, then by where the rows stand: the order does not depend on threads or partitions.
void sort_breaks(std::vector<Break>& breaks) {
  std::sort(breaks.begin(), breaks.end(), [](const Break& a, const Break& b) {
    return std::tuple(a.code, a.ledger.offset_bytes, a.settlement.offset_bytes) <
           std::tuple(b.code, b.ledger.offset_bytes, b.settlement.offset_bytes);
  });
}

void complete_breaks(MatchResult& result, SideSources& ledger, SideSources& settlement, const ReadOptions& options) {
  std::vector<SideSources::Wanted> ours, theirs;
  for (Break& item : result.breaks) {
    const bool by_ledger = item.ledger.owned;
    if (item.ledger.present) ours.push_back({&item.ledger, by_ledger ? &item.reference : nullptr});
    if (item.settlement.present) theirs.push_back({&item.settlement, by_ledger ? nullptr : &item.reference});
  }
  ledger.complete(ours, options);
  settlement.complete(theirs, options);
}

}  // namespace

MatchResult match(std::vector<std::unique_ptr<Source>> ledger, std::vector<std::unique_ptr<Source>> settlement,
                  const MatchOptions& options) {
  const ReadOptions& read = options.read;
  MatchResult result(std::make_unique<MatchResult::Impl>(std::move(ledger), std::move(settlement), read));
  MatchResult::Impl& inside = *result.impl_;
  result.key = options.key;
  const unsigned threads = thread_count(read.threads);
  // Some 16,000 rows a side and partition keep a partition and its table in the second cache.
  const std::uint64_t rows = std::max(inside.ledger.rows_estimate(), inside.settlement.rows_estimate());
  const auto parts = static_cast<std::size_t>(std::clamp<std::uint64_t>(rows / 16384, 1, 2048));
  Partitions ours(options.key, threads, parts);
  Partitions theirs(options.key, threads, parts);
  result.ledger_files = read_side(inside.ledger, ours, read);
  result.settlement_files = read_side(inside.settlement, theirs, read);
  std::vector<Classified> found(threads);
  std::vector<Join> joins(found.begin(), found.end());
  in_turn(threads, ours.parts(), read.progress, "matching",
          [&](unsigned worker, std::size_t part) { joins[worker].run(ours, theirs, part); });
  Classified all = joined(found, result);
  for (Classified& part : found) inside.found.push_back(std::move(part.pairs));
  result.breaks = std::move(all.breaks);
  sort_breaks(result.breaks);
  complete_breaks(result, inside.ledger, inside.settlement, read);
  prove(result, true);
  prove(result, false);
  inside.options.progress = nullptr;  // the caller's; gone when matches are read later
  return result;
}

}  // namespace cuadre
