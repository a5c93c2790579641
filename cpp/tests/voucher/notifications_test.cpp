// The table from what a gateway says to an event of a machine: sound by itself.
#include "cuadre/voucher/notifications.hpp"

#include <gtest/gtest.h>

#include <set>
#include <tuple>

namespace cuadre {
namespace {

TEST(NotificationRules, EachIsSaidOnceOfAnEventThatTheMachineHas) {
  std::set<std::tuple<Machine, EventKind, EventStatus>> seen;
  for (const NotificationRule& rule : notification_rules()) {
    EXPECT_TRUE(seen.insert({rule.machine, rule.kind, rule.status}).second) << name(rule.kind) << name(rule.status);
    EXPECT_LT(rule.event.value_or(0), machine_table(rule.machine).events.size());
  }
}

// A refund or payout is its own machine's, and nothing about a payment moves one.
TEST(NotificationRules, MachinesHearWhatIsAboutThem) {
  for (const NotificationRule& rule : notification_rules()) {
    EXPECT_TRUE(rule.machine != Machine::refund || rule.kind == EventKind::refund);
    EXPECT_TRUE(rule.machine != Machine::payout || rule.kind == EventKind::payout);
    EXPECT_TRUE(rule.machine != Machine::voucher || rule.kind != EventKind::payout);
    EXPECT_NE(rule.kind, EventKind::report);
    EXPECT_NE(rule.kind, EventKind::other);
  }
}

}  // namespace
}  // namespace cuadre
