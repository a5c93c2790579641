// A replay from end to end: lines by part, each part joined and folded by one thread, what came out proven to add up.
#include "cuadre/voucher/replay.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "voucher/replay/data.hpp"
#include "voucher/replay/parts.hpp"

namespace cuadre {
namespace {

constexpr std::size_t kPartEvents = 12'000;  // with its records about 800 KB, which a core's own cache holds
constexpr std::size_t kPartRecords = 6'000;
constexpr std::size_t kPartsMax = 4096;
constexpr std::size_t kRoundLines = std::size_t{1} << 22U;  // 256 MB of lines at a time

PartOf parts_for(std::size_t records, std::size_t events) noexcept {
  const std::size_t wanted = std::max(events / kPartEvents, records / kPartRecords);
  return PartOf(std::min(wanted, kPartsMax));
}

class Run {
 public:
  Run(const TermsInput& terms, const EventInput& events, const ReplayOptions& options)
      : records_(terms.table().rows()),
        told_(events.table().rows()),
        options_(options),
        threads_(thread_count(options.threads)),
        rows_(column_array<RecordRow>(records_)),
        answers_(column_array<std::uint32_t>(told_)),
        part_of_(parts_for(records_, told_)),
        terms_(terms, part_of_, column_array<std::uint32_t>(records_), threads_, options.progress),
        events_(events, part_of_, answers_, threads_, options.progress) {
    for (unsigned i = 0; i < threads_; ++i) runners_.emplace_back(options, rows_.get(), answers_.get());
  }

  // Rounds bound the memory: the lines of a few parts at a time.
  void all() {
    std::vector<std::size_t> cuts{0};
    std::size_t most_terms = 0;
    std::size_t most_events = 0;
    while (cuts.back() < part_of_.count()) {
      const std::size_t first = cuts.back();
      std::size_t last = first + 1;
      while (last < part_of_.count() && lines(first, last + 1) <= kRoundLines) ++last;
      most_terms = std::max(most_terms, terms_.lines(first, last));
      most_events = std::max(most_events, events_.lines(first, last));
      cuts.push_back(last);
    }
    const auto terms = column_array<Raw>(most_terms);
    const auto events = column_array<Raw>(most_events);
    for (std::size_t i = 0; i + 1 < cuts.size(); ++i) {
      terms_.write(cuts[i], cuts[i + 1], reinterpret_cast<Line*>(terms.get()));
      events_.write(cuts[i], cuts[i + 1], reinterpret_cast<Line*>(events.get()));
      in_turn(threads_, cuts[i + 1] - cuts[i], options_.progress, kWork, [&](unsigned worker, std::size_t at) {
        runners_[worker].run(terms_.part(cuts[i] + at), events_.part(cuts[i] + at));
      });
    }
  }

  void finish(Replay::Data& data) {
    data.rows = rows_;
    data.answers = answers_;
    data.totals.resize(Currency::count());
    for (const PartRunner& runner : runners_) {
      for (std::size_t id = 0; id < data.totals.size(); ++id) data.totals[id].add(runner.totals()[id]);
    }
    prove(data);
  }

 private:
  struct alignas(64) Raw {
    std::byte bytes[sizeof(Line)];
  };

  std::size_t lines(std::size_t first, std::size_t last) const noexcept {
    return terms_.lines(first, last) + events_.lines(first, last);
  }

  void prove(const Replay::Data& data) const {
    std::uint64_t records = 0;
    std::uint64_t told = 0;
    for (const ReplayTotals& of : data.totals) {
      records += of.records;
      told += of.told();
      Int128 sum = 0;
      for (const Int128 balance : of.balances) sum += balance;
      if (sum != 0) throw Error(ErrorCode::proof_failed, "the accounts of a currency do not sum to zero");
    }
    if (records != records_ || told != told_)
      throw Error(ErrorCode::proof_failed,
                  "records or events were dropped or counted twice: " + std::to_string(records) + " of " +
                      std::to_string(records_) + ", " + std::to_string(told) + " of " + std::to_string(told_));
  }

  std::size_t records_, told_;
  const ReplayOptions& options_;
  unsigned threads_;
  std::shared_ptr<RecordRow> rows_;
  std::shared_ptr<std::uint32_t> answers_;
  PartOf part_of_;
  Parts<TermsInput> terms_;
  Parts<EventInput> events_;
  std::vector<PartRunner> runners_;
};

}  // namespace

void ReplayTotals::add(const RecordRow& row, const Entries& of_accounts) noexcept {
  ++records;
  const std::int64_t minor[] = {row.due,      row.paid,    row.reversed, row.refunded,
                                row.reserved, row.settled, row.held,     row.earned};
  for (std::size_t i = 0; i < amounts.size(); ++i) amounts[i] += minor[i];
  for (std::size_t i = 0; i < kAccounts; ++i) balances[i] += of_accounts[i];
}

void ReplayTotals::add(const ReplayTotals& other) noexcept {
  records += other.records;
  for (std::size_t i = 0; i < events.size(); ++i) events[i] += other.events[i];
  for (std::size_t i = 0; i < amounts.size(); ++i) amounts[i] += other.amounts[i];
  for (std::size_t i = 0; i < kAccounts; ++i) balances[i] += other.balances[i];
}

std::uint64_t ReplayTotals::told() const noexcept {
  std::uint64_t sum = 0;
  for (const std::uint64_t count : events) sum += count;
  return sum;
}

Replay::Replay(std::shared_ptr<const Data> data) noexcept : data_(std::move(data)) {}

HeldTable hold_table(ArrowArrayStream* stream) { return std::make_shared<const HeldStream>(stream); }

Replay replay_events(HeldTable vouchers, HeldTable events, const ReplayOptions& options) {
  auto data = std::make_shared<Replay::Data>();
  data->machine = options.machine;
  data->terms = std::make_shared<const TermsInput>(std::move(vouchers), options);
  const EventInput told(std::move(events), options);
  data->records = data->terms->table().rows();
  data->events = told.table().rows();
  if (options.progress != nullptr) options.progress->total_bytes = data->records + data->events;
  Run run(*data->terms, told, options);
  run.all();
  run.finish(*data);
  return Replay(std::move(data));
}

}  // namespace cuadre
