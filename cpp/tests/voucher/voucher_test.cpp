// Records: any order, any repetition, the same state and the same books.
#include "cuadre/voucher.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>

namespace cuadre {
namespace {

constexpr std::int64_t kDay = 86'400'000'000;
constexpr std::int64_t kMade = 1'790'000'000'000'000;

Terms terms_of(Machine machine) {
  Terms terms;
  terms.machine = machine;
  terms.gateway = "pagoefectivo";
  terms.reference = "A-1001";
  terms.environment = "production";
  terms.amount = Money::from_minor(10000, Currency::of("PEN"));
  terms.made_at_us = kMade;
  if (machine != Machine::refund) terms.expires_at_us = kMade + 2 * kDay;
  if (machine == Machine::refund) {
    terms.reason_code = "order_cancelled";
    terms.requested_by = "ana";
    terms.linked = "V-1";
  }
  return terms;
}

template <class Kind>
Event event(Kind kind, std::int64_t at_days_x100, const std::string& id, std::int64_t amount_minor = 0,
            EventSource source = EventSource::notification) {
  Event made;
  made.event = static_cast<std::uint8_t>(kind);
  made.source = source;
  made.occurred_at_us = kMade + at_days_x100 * kDay / 100;
  made.received_at_us = made.occurred_at_us + 1'000'000;
  made.id = id;
  if (amount_minor != 0) made.amount = Money::from_minor(amount_minor, Currency::of("PEN"));
  return made;
}

std::string_view state_name(const Record& record) {
  return machine_table(record.terms().machine).states[record.state()].name;
}

TEST(VoucherTable, IsSound) {
  for (const Machine machine : {Machine::voucher, Machine::refund, Machine::payout})
    EXPECT_EQ(table_fault(machine_table(machine)), "");
}

TEST(Voucher, TellsThePlainStory) {
  Record record(terms_of(Machine::voucher));
  EXPECT_EQ(state_name(record), "created");
  Applied applied;
  std::tie(record, applied) = record.apply(event(VoucherEvent::pending, 1, "1"));
  EXPECT_EQ(state_name(record), "pending");
  std::tie(record, applied) = record.apply(event(VoucherEvent::paid, 50, "op1", 10000));
  EXPECT_EQ(applied.outcome, Outcome::applied);
  EXPECT_EQ(state_name(record), "paid");
  EXPECT_EQ(record.balances()[static_cast<std::size_t>(Account::gateway)], 10000);
  EXPECT_EQ(record.balances()[static_cast<std::size_t>(Account::merchant)], -10000);
  std::tie(record, applied) = record.apply(event(VoucherEvent::paid, 50, "op1", 10000));
  EXPECT_EQ(applied.outcome, Outcome::duplicate);
  std::tie(record, applied) = record.apply(event(VoucherEvent::paid, 60, "op2", 10000));
  EXPECT_EQ(state_name(record), "paid_twice");
  EXPECT_EQ(record.balances()[static_cast<std::size_t>(Account::buyer)], -10000);
  std::tie(record, applied) = record.apply(event(VoucherEvent::reversed, 70, "x1", 10000));
  EXPECT_EQ(state_name(record), "paid");
  Event settled = event(VoucherEvent::settled, 50, "file:1", 10000, EventSource::settlement);
  settled.fee_minor = 300;
  settled.tax_minor = 54;
  std::tie(record, applied) = record.apply(settled);
  EXPECT_EQ(applied.outcome, Outcome::merged);
  EXPECT_EQ(state_name(record), "settled");
  EXPECT_EQ(record.balances()[static_cast<std::size_t>(Account::bank)], 9646);
}

TEST(Voucher, TakesSettlementsForPaymentsThatNobodyTold) {
  Record record(terms_of(Machine::voucher));
  Applied applied;
  std::tie(record, applied) = record.apply(event(VoucherEvent::settled, 50, "f1", 10000, EventSource::settlement));
  EXPECT_EQ(state_name(record), "settled");
  EXPECT_EQ(applied.reason, StepReason::learnt_from_settlement);
  std::tie(record, applied) = record.apply(event(VoucherEvent::paid, 49, "op1", 10000));
  EXPECT_EQ(state_name(record), "settled");
  EXPECT_EQ(record.totals().paid, 10000);
}

TEST(Voucher, AnyOrderIsTheSame) {
  Event expired = event(VoucherEvent::expired, 200, "", 0, EventSource::clock);
  Event settled = event(VoucherEvent::settled, 0, "f1", 10000, EventSource::settlement);
  std::vector<Event> events = {event(VoucherEvent::pending, 1, "p"),
                               event(VoucherEvent::paid, 250, "op1", 10000),
                               event(VoucherEvent::paid, 251, "", 10000, EventSource::poll),
                               expired,
                               settled,
                               event(VoucherEvent::refunded, 220, "r1", 4000)};
  std::vector<std::size_t> order(events.size());
  std::iota(order.begin(), order.end(), 0);
  const Record expected(terms_of(Machine::voucher), events);
  do {
    Record record(terms_of(Machine::voucher));
    Entries sum{};
    for (const std::size_t i : order) {
      Applied applied;
      std::tie(record, applied) = record.apply(events[i]);
      EXPECT_EQ(std::accumulate(applied.entries.begin(), applied.entries.end(), std::int64_t{0}), 0);
      for (std::size_t a = 0; a < kAccounts; ++a) sum[a] += applied.entries[a];
    }
    ASSERT_EQ(record.state(), expected.state());
    ASSERT_EQ(sum, expected.balances());
    ASSERT_TRUE(record == expected);
  } while (std::next_permutation(order.begin(), order.end()));
}

TEST(Voucher, AnEventThatCameTooLateToMatterWasNotToldBefore) {
  Record record(terms_of(Machine::voucher));
  Applied applied;
  std::tie(record, applied) = record.apply(event(VoucherEvent::expired, 200, "", 0, EventSource::clock));
  std::tie(record, applied) = record.apply(event(VoucherEvent::pending, 1, "p"));
  EXPECT_EQ(applied.outcome, Outcome::merged);
  EXPECT_EQ(state_name(record), "expired");
}

TEST(Voucher, AFullRecordTakesNoMore) {
  std::vector<Event> events;
  for (std::size_t i = 0; i < kEventsMax; ++i)
    events.push_back(event(VoucherEvent::pending, static_cast<std::int64_t>(i) / 100, std::to_string(i)));
  const Record record(terms_of(Machine::voucher), events);
  EXPECT_EQ(record.apply(events.front()).second.outcome, Outcome::duplicate);
  const Applied applied = record.apply(event(VoucherEvent::paid, 50, "op1", 10000)).second;
  EXPECT_EQ(applied.outcome, Outcome::refused);
  EXPECT_EQ(applied.reason, StepReason::too_many);
}

TEST(Refund, NeedsFourEyes) {
  Terms terms = terms_of(Machine::refund);
  terms.approvals_needed = 2;
  Record record(terms);
  const auto approve = [](const std::string& who, std::int64_t at) {
    Event made = event(RefundEvent::approved, at, "", 0, EventSource::operator_);
    made.person = who;
    return made;
  };
  Applied applied;
  std::tie(record, applied) = record.apply(approve("ana", 1));
  EXPECT_EQ(applied.reason, StepReason::four_eyes);
  std::tie(record, applied) = record.apply(approve("luis", 2));
  EXPECT_EQ(state_name(record), "awaiting_approval");
  std::tie(record, applied) = record.apply(approve("luis", 3));
  EXPECT_EQ(applied.outcome, Outcome::duplicate);
  EXPECT_EQ(state_name(record), "awaiting_approval");
  std::tie(record, applied) = record.apply(approve("rosa", 4));
  EXPECT_EQ(state_name(record), "approved");
  std::tie(record, applied) = record.apply(event(RefundEvent::sent, 5, "k1", 0, EventSource::request));
  std::tie(record, applied) = record.apply(event(RefundEvent::timed_out, 6, "", 0, EventSource::clock));
  EXPECT_EQ(state_name(record), "unknown");
  std::tie(record, applied) = record.apply(event(RefundEvent::sent, 7, "k2", 0, EventSource::request));
  EXPECT_EQ(applied.reason, StepReason::other_key);
  std::tie(record, applied) = record.apply(event(RefundEvent::sent, 8, "k1", 0, EventSource::request));
  EXPECT_EQ(state_name(record), "sent");
  std::tie(record, applied) = record.apply(event(RefundEvent::refunded, 9, "R1", 10000));
  EXPECT_EQ(state_name(record), "refunded");
}

TEST(Payout, ComesBack) {
  Record record(terms_of(Machine::payout));
  Applied applied;
  std::tie(record, applied) = record.apply(event(PayoutEvent::sent, 1, "k1", 0, EventSource::request));
  std::tie(record, applied) = record.apply(event(PayoutEvent::waiting, 2, "c1"));
  std::tie(record, applied) = record.apply(event(PayoutEvent::collected, 10, "o1", 10000));
  EXPECT_EQ(state_name(record), "collected");
  std::tie(record, applied) = record.apply(event(PayoutEvent::returned, 20, "b1"));
  EXPECT_EQ(state_name(record), "returned");
  for (const std::int64_t balance : record.balances()) EXPECT_EQ(balance, 0);
}

}  // namespace
}  // namespace cuadre
