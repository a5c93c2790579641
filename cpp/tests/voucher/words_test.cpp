// Words of machines, events and sources: each is found, and every other names what there is.
#include <gtest/gtest.h>

#include <string>

#include "cuadre/error.hpp"
#include "cuadre/voucher.hpp"

namespace cuadre {
namespace {

template <class Work>
std::string refusal(Work work) {
  try {
    work();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::argument_invalid);
    return error.message();
  }
  return "accepted";
}

TEST(VoucherWords, EveryNameIsFound) {
  for (const Machine machine : {Machine::voucher, Machine::refund, Machine::payout}) {
    const MachineTable& table = machine_table(machine);
    EXPECT_EQ(machine_named(table.name), machine);
    for (std::size_t i = 0; i < table.events.size(); ++i) {
      EXPECT_EQ(event_named(machine, table.events[i].name), i);
      EXPECT_EQ(find_event(machine, table.events[i].name), i);
    }
  }
  for (const EventSource source : {EventSource::notification, EventSource::poll, EventSource::settlement,
                                   EventSource::operator_, EventSource::request, EventSource::clock})
    EXPECT_EQ(source_named(name(source)), source);
}

TEST(VoucherWords, AnotherWordNamesTheNearestAndAll) {
  EXPECT_EQ(refusal([] { event_named(Machine::voucher, "payed"); }),
            "a voucher knows no event \"payed\"; the closest is \"paid\"; there are pending, extended, paid, settled, "
            "refund_requested, refunded, refund_failed, reversed, accepted, expired, cancelled, rejected");
  EXPECT_NE(refusal([] { event_named(Machine::payout, "paid"); }).find(", collected, "), std::string::npos);
  EXPECT_NE(refusal([] { machine_named("vouchers"); }).find("refund, payout"), std::string::npos);
  EXPECT_NE(refusal([] { source_named("operator_"); }).find("the closest is \"operator\""), std::string::npos);
  EXPECT_LT(refusal([] { event_named(Machine::voucher, std::string(100'000, '\n')); }).size(), 400U);
  EXPECT_EQ(find_event(Machine::refund, "paid"), std::nullopt);
  EXPECT_EQ(find_event(Machine::refund, ""), std::nullopt);
}

// What a source says of the record is compared, and is not what makes two events different.
TEST(VoucherWords, NamedOrNotIsTheSameEvent) {
  Terms terms;
  terms.gateway = "shop";
  terms.reference = "A-1";
  terms.environment = "test";
  terms.amount = Money::from_minor(5000, Currency::of("PEN"));
  Event plain;
  plain.event = event_named(Machine::voucher, "paid");
  plain.amount = terms.amount;
  plain.id = "p";
  Event named = plain;
  named.gateway = "shop";
  named.reference = "A-1";
  named.environment = "test";
  const Record record(terms);
  const Record once = record.apply(named).first;
  EXPECT_EQ(once, record.apply(plain).first);
  EXPECT_EQ(once.apply(plain).first, record.apply(plain).first.apply(named).first);
  named.reference = "A-2";
  EXPECT_EQ(record.apply(named).second.reason, StepReason::other_record);
}

}  // namespace
}  // namespace cuadre
