// The fold alone, without columns: nanoseconds of processor time an event, over stories as they come.
//   build/native/bench_voucher [records]
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <string>
#include <vector>

#include "cuadre/voucher.hpp"

namespace {

using namespace cuadre;

constexpr std::int64_t kHour_us = 3'600'000'000;

struct Stories {
  std::vector<EventView> events;
  std::vector<std::size_t> ends;
  std::vector<std::string> texts;

  void tell(VoucherEvent kind, EventSource source, std::int64_t at_us, std::int64_t received_us, std::int64_t amount,
            std::string_view operation) {
    EventView event;
    event.event = static_cast<std::uint8_t>(kind);
    event.source = source;
    event.has_amount = amount != 0;
    event.amount_minor = amount;
    event.occurred_at_us = at_us;
    event.received_at_us = received_us;
    texts.push_back("evt-" + std::to_string(texts.size()));
    event.id = texts.back();
    event.operation_id = operation;
    events.push_back(event);
  }
};

// Most are paid once and settled; some are told twice, some expire, some are paid late.
Stories stories(std::size_t records) {
  Stories all;
  all.texts.reserve(records * 8);
  for (std::size_t i = 0; i < records; ++i) {
    const std::int64_t made = static_cast<std::int64_t>(i) * 1000;
    all.texts.push_back("op-" + std::to_string(i));
    const std::string_view operation = all.texts.back();
    all.tell(VoucherEvent::pending, EventSource::notification, made, made + 1000, 0, {});
    const bool unpaid = i % 8 == 7;
    if (unpaid) {
      all.tell(VoucherEvent::expired, EventSource::clock, made + 72 * kHour_us, made + 73 * kHour_us, 0, {});
    } else {
      const std::int64_t paid = made + (i % 16 == 3 ? 80 : 5) * kHour_us;
      all.tell(VoucherEvent::paid, EventSource::notification, paid, paid + 1000, 5000, operation);
      if (i % 4 == 1) all.tell(VoucherEvent::paid, EventSource::poll, paid, paid + 60'000'000, 5000, operation);
      all.tell(VoucherEvent::settled, EventSource::settlement, paid, paid + 30 * kHour_us, 5000, operation);
    }
    all.ends.push_back(all.events.size());
  }
  return all;
}

}  // namespace

int main(int count, char** words) {
  const std::size_t records = count > 1 ? std::strtoull(words[1], nullptr, 10) : 500'000;
  const Stories all = stories(records);
  Folder folder(machine_index(Machine::voucher));
  double best = 1e9;
  std::int64_t sum = 0;
  for (int round = 0; round < 5; ++round) {
    const std::clock_t start = std::clock();
    std::size_t begin = 0;
    FoldTerms terms;
    terms.amount_minor = 5000;
    for (std::size_t i = 0; i < records; ++i) {
      terms.expires_at_us = static_cast<std::int64_t>(i) * 1000 + 72 * kHour_us;
      const Fold& fold = folder.fold(terms, std::span(all.events).subspan(begin, all.ends[i] - begin));
      sum += fold.totals.paid;
      begin = all.ends[i];
    }
    best = std::min(best, static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC);
  }
  std::printf("%zu records, %zu events: %.1f ns an event (paid in all: %lld)\n", records, all.events.size(),
              best * 1e9 / static_cast<double>(all.events.size()), static_cast<long long>(sum));
  return 0;
}
