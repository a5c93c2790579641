// Two sides of rows against a plain twin: the same rows in the same buckets, pair by pair, whatever the threads. First
// byte: steps of the key and threads. Then three bytes a row: side, currency, kind and what stands in front of the
// reference; which reference; the amount.
#include "cuadre/matching.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <map>
#include <string>
#include <tuple>
#include <vector>

namespace {

using namespace cuadre;

struct Plain {
  std::string reference;
  std::int64_t amount;
  Currency currency;
  RowKind kind;
  std::uint64_t at;
};
using Side = std::vector<Plain>;

// Rows from memory; the offset of a row is its index.
class MemorySource final : public Source {
 public:
  explicit MemorySource(const Side& rows) : rows_(rows) {}
  const std::string& label() const noexcept override { return label_; }
  std::uint64_t extent() const noexcept override { return rows_.size(); }
  std::uint64_t rows_estimate() const noexcept override { return rows_.size() * 8192; }  // several partitions

  FileReport read(RowSink& sink, const ReadOptions&) override {
    FileReport report;
    std::map<std::string_view, CurrencyTotal> totals;
    for (const Plain& row : rows_) {
      give(row, sink);
      CurrencyTotal& total = totals[row.currency.code()];
      total.currency = row.currency;
      ++total.rows;
      total.amount_minor += row.amount;
    }
    report.records = report.rows = rows_.size();
    for (const auto& [code, total] : totals) report.totals.push_back(total);
    return report;
  }
  void fetch(std::span<const std::uint64_t> offsets, RowSink& sink, const ReadOptions&) override {
    for (const std::uint64_t offset : offsets) give(rows_.at(offset), sink);
  }

 private:
  static void give(const Plain& row, RowSink& sink) {
    Row out{};
    out.reference = row.reference;
    out.amount_minor = row.amount;
    out.offset_bytes = row.at;
    out.line = row.at + 1;
    out.date_days = out.booked_days = kNoDate;
    out.currency = row.currency;
    out.kind = row.kind;
    sink.rows(0, 0, {&out, 1});
  }
  const Side& rows_;
  std::string label_ = "memory";
};

constexpr std::int64_t kNone = -1;
using Entry = std::tuple<Bucket, std::int64_t, std::int64_t>;  // indices of the rows that the bucket accounts for
struct Answer {
  std::vector<Entry> entries;
  std::array<std::uint64_t, 2> refused{};
  bool operator==(const Answer&) const = default;
};

std::string key_of(std::string text, const KeyRule& rule) {
  const auto strip = [&](auto&& front) {
    while (!text.empty() && front(text.front())) text.erase(0, 1);
  };
  const auto blank = [](char byte) { return byte == ' ' || byte == '\t'; };
  if (rule.trim) {
    strip(blank);
    while (!text.empty() && blank(text.back())) text.pop_back();
  }
  if (rule.digits_only) std::erase_if(text, [](char byte) { return byte < '0' || byte > '9'; });
  if (rule.upper) {
    for (char& byte : text) byte = byte >= 'a' && byte <= 'z' ? static_cast<char>(byte - 32) : byte;
  }
  if (rule.strip_left_zeros) strip([](char byte) { return byte == '0'; });
  return text;
}

void one_key(std::vector<const Plain*> ours, std::vector<const Plain*> theirs, std::vector<Entry>& entries) {
  const auto index = [](const Plain* row) { return static_cast<std::int64_t>(row->at); };
  const bool both = !ours.empty() && !theirs.empty();
  for (std::size_t i = 0; both && i < ours.size();) {
    const auto same = std::find_if(theirs.begin(), theirs.end(), [&](const Plain* other) {
      return other->amount == ours[i]->amount && other->currency == ours[i]->currency;
    });
    if (same == theirs.end()) {
      ++i;
      continue;
    }
    entries.emplace_back(Bucket::matched, index(ours[i]), index(*same));
    theirs.erase(same);
    ours.erase(ours.begin() + static_cast<std::ptrdiff_t>(i));
  }
  if (both && ours.size() == 1 && theirs.size() == 1) {
    const bool same = ours[0]->currency == theirs[0]->currency;
    entries.emplace_back(same ? Bucket::amount_differs : Bucket::currency_differs, index(ours[0]), index(theirs[0]));
    return;
  }
  for (const Plain* row : ours) {
    entries.emplace_back(both ? Bucket::repeated_in_ledger : Bucket::only_in_ledger, index(row), kNone);
  }
  for (const Plain* row : theirs) {
    entries.emplace_back(both ? Bucket::paid_twice : Bucket::only_in_settlement, kNone, index(row));
  }
}

Answer twin(const std::array<Side, 2>& sides, const KeyRule& rule) {
  Answer answer;
  std::map<std::pair<std::string, RowKind>, std::array<std::vector<const Plain*>, 2>> keys;
  for (std::size_t side = 0; side < 2; ++side) {
    for (const Plain& row : sides[side]) {
      const std::string key = key_of(row.reference, rule);
      if (key.empty()) {
        ++answer.refused[side];
      } else {
        keys[{key, row.kind}][side].push_back(&row);
      }
    }
  }
  for (const auto& [key, rows] : keys) one_key(rows[0], rows[1], answer.entries);
  std::sort(answer.entries.begin(), answer.entries.end());
  return answer;
}

Answer ours(const std::array<Side, 2>& sides, const KeyRule& rule, unsigned threads) {
  std::vector<std::unique_ptr<Source>> ledger, settlement;
  ledger.push_back(std::make_unique<MemorySource>(sides[0]));
  settlement.push_back(std::make_unique<MemorySource>(sides[1]));
  MatchOptions options;
  options.key = rule;
  options.read.threads = threads;
  const MatchResult result = match(std::move(ledger), std::move(settlement), options);
  Answer answer;
  answer.refused = {result.ledger_files[0].rejects.size(), result.settlement_files[0].rejects.size()};
  for (const auto& pair : result.matches(0, result.matched())) {
    answer.entries.emplace_back(Bucket::matched, static_cast<std::int64_t>(pair.ledger.offset_bytes),
                                static_cast<std::int64_t>(pair.settlement.offset_bytes));
  }
  for (const Break& item : result.breaks) {
    const auto index = [](const SideRow& row) {
      return row.owned ? static_cast<std::int64_t>(row.offset_bytes) : kNone;
    };
    answer.entries.emplace_back(item.code, index(item.ledger), index(item.settlement));
    const Side& owner = item.ledger.owned ? sides[0] : sides[1];
    const SideRow& row = item.ledger.owned ? item.ledger : item.settlement;
    if (owner.at(row.offset_bytes).reference != item.reference) std::abort();
  }
  std::sort(answer.entries.begin(), answer.entries.end());
  return answer;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const std::array<std::string, 16> kReferences = {"1",
                                                          "01",
                                                          "0",
                                                          "10",
                                                          "A",
                                                          "a",
                                                          " a\t",
                                                          "a-1",
                                                          "12345678901234",
                                                          "123456789012345",
                                                          "1234567890123456",
                                                          "00000000000000001234567890123456",
                                                          "123456789012345678901234567890123",
                                                          "Abcdefghijklmn",
                                                          "abcdefghijklmno",
                                                          "a reference that is longer than what stands in a key"};
  static const std::array<std::int64_t, 8> kAmounts = {0, 1, -1, 2, INT64_MAX, INT64_MIN, 100, 3};
  if (size < 1) return 0;
  const KeyRule rule{(data[0] & 1U) != 0, (data[0] & 2U) != 0, (data[0] & 4U) != 0, (data[0] & 8U) != 0};
  std::array<Side, 2> sides;
  for (std::size_t i = 1; i + 2 < std::min<std::size_t>(size, 600); i += 3) {
    Side& side = sides[data[i] & 1U];
    const Currency currency = Currency::of(std::array{"COP", "PEN", "CLP", "KWD"}[(data[i] >> 1U) & 3U]);
    const auto kind = static_cast<RowKind>((data[i] >> 3U) & 1U);
    const std::string front(data[i] >> 6U, '0');
    const std::string tail = (data[i] & 32U) != 0 ? std::string(1, static_cast<char>('0' + data[i + 1] / 26)) : "";
    side.push_back(
        {front + kReferences[data[i + 1] & 15U] + tail, kAmounts[data[i + 2] & 7U], currency, kind, side.size()});
  }
  const Answer wanted = twin(sides, rule);
  for (const unsigned threads : {1U, 3U}) {
    if (ours(sides, rule, threads) != wanted) std::abort();
  }
  return 0;
}
