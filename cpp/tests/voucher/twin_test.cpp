// Do the checks bite? Each twin is a table, or a way to fold, with one deliberate mistake; the check that must notice
// it is named.
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <set>

#include "voucher/cases.hpp"

namespace cuadre {
namespace {

using namespace cases;
using V = VoucherEvent;
using R = RefundEvent;
using P = PayoutEvent;

// ---- stories whose end is known

struct Story {
  const char* name;
  std::size_t terms;  // of terms_of
  Letters events;
  std::string_view state;
  Entries books;  // buyer, gateway, bank, fees, taxes, merchant, refunds, payouts
  std::int64_t reserved = 0;
};

std::vector<Story> voucher_stories() {
  const EventView paid = told(V::paid, 20, {.amount = 100, .id = "A"});
  const EventView late = told(V::paid, 60, {.amount = 100, .id = "A"});
  const EventView expired = told(V::expired, 50, {.source = kClock});
  const EventView extorno = told(V::reversed, 30, {.amount = 100, .id = "X"});
  const EventView settled = told(V::settled, 0, {.amount = 100, .source = kFile, .id = "L", .operation = "A"});
  const EventView first = told(V::refund_requested, 30, {.amount = 60, .source = kOwn, .id = "R"});
  const EventView second = told(V::refund_requested, 31, {.amount = 60, .source = kOwn, .id = "S"});
  const EventView pressed = told(V::accepted, 10, {.source = kPerson, .id = "a", .person = "eva"});
  const EventView half = told(V::paid, 20, {.amount = 40, .id = "A"});
  const EventView over = told(V::paid, 20, {.amount = 140, .id = "A"});
  return {
      {"paid short", 0, {half}, "underpaid", {-40, 40}},
      {"paid over", 0, {over}, "overpaid", {-140, 140}},
      {"paid late", 0, {expired, late}, "paid_late", {-100, 100}},
      {"paid in time, told after the expiry", 0, {expired, paid}, "paid", {0, 100, 0, 0, 0, -100}},
      {"extorno", 0, {paid, extorno, told(V::pending, 31, {.id = "n"})}, "pending", {}},
      {"settled, dated at midnight before the payment", 0, {paid, settled}, "settled", {0, 0, 100, 0, 0, -100}},
      {"asked for twice", 0, {paid, first, second}, "paid", {0, 100, 0, 0, 0, -100}, 60},
      {"pressed before the money came", 0, {pressed, half}, "underpaid", {-40, 40}},
  };
}

std::vector<Story> refund_stories() {
  const EventView sent = told(R::sent, 10, {.source = kOwn, .id = "K1"});
  const EventView again = told(R::sent, 12, {.source = kOwn, .id = "K2"});
  const EventView silence = told(R::timed_out, 11, {.source = kOwn, .id = "t"});
  const EventView own = told(R::approved, 1, {.source = kPerson, .id = "a", .person = "ana"});
  const EventView approved = told(R::approved, 11, {.source = kPerson, .id = "a", .person = "eva"});
  const EventView refunded = told(R::refunded, 20, {.amount = 100, .id = "G"});
  const EventView part = told(R::refunded, 20, {.amount = 90, .id = "G"});
  const EventView started = told(R::payout_started, 10, {.source = kOwn, .id = "P"});
  const EventView undone = told(R::payout_failed, 30, {.source = kOwn, .id = "p", .operation = "P"});
  const EventView collected = told(R::payout_collected, 25, {.source = kOwn, .id = "c", .operation = "P"});
  const EventView late = told(R::payout_collected, 35, {.source = kOwn, .id = "c", .operation = "P"});
  const EventView returned = told(R::payout_returned, 40, {.source = kOwn, .id = "b", .operation = "P"});
  const Entries given = {0, -100, 0, 0, 0, 0, 100, 0};
  return {
      {"own approval", 1, {own}, "requested", {}},
      {"approved after it was sent, by a clock that is behind", 1, {sent, approved}, "sent", {}},
      {"no answer, then known", 0, {sent, silence, refunded}, "refunded", given},
      {"no answer, another key", 0, {sent, silence, again}, "unknown", {}},
      {"another amount", 0, {sent, part}, "sent", {}},
      {"collected before it was given up", 0, {started, collected, undone}, "refunded", {0, 0, 0, 0, 0, 0, 100, -100}},
      {"collected after it was given up", 0, {started, undone, late}, "refunded", {0, 0, 0, 0, 0, 0, 100, -100}},
      {"collected, and came back", 0, {started, undone, late, returned}, "approved", {}},
      {"the gateway had paid when the payout failed", 0, {started, refunded, undone}, "refunded", given},
  };
}

std::vector<Story> payout_stories() {
  const EventView sent = told(P::sent, 10, {.source = kOwn, .id = "K1"});
  const EventView again = told(P::sent, 12, {.source = kOwn, .id = "K2"});
  const EventView silence = told(P::timed_out, 11, {.source = kOwn, .id = "t"});
  const EventView expired = told(P::expired, 50, {.source = kClock});
  const EventView returned = told(P::returned, 20, {.id = "r"});
  const EventView collected = told(P::collected, 21, {.amount = 100, .id = "C"});
  const Entries owed = {0, 0, 0, 0, 0, 100, 0, -100};
  return {
      {"no answer, expired by our clock", 0, {sent, silence, expired}, "unknown", owed},
      {"no answer, another key", 0, {sent, silence, again}, "unknown", owed},
      {"returned, dated before the collection", 0, {sent, returned, collected}, "returned", {}},
  };
}

std::vector<Story> stories_of(Machine machine) {
  if (machine == Machine::refund) return refund_stories();
  return machine == Machine::payout ? payout_stories() : voucher_stories();
}

// ---- the checks; each answers what is wrong, or nothing

using Folding = std::function<Letters(Letters)>;  // what a broken fold makes of the events before it folds them

struct Twin {
  const char* name;
  const char* check;  // that must notice
  Machine machine;
  std::function<void(Rules&)> spoil;
  Folding folding;
};

std::string check_sound(const MachineTable& table, Machine /*machine*/, const Folding& /*folding*/) {
  return table_fault(table);
}

std::string check_books(const MachineTable& table, Machine machine, const Folding& /*folding*/) {
  const MachineIndex index(table);
  Folder folder(index);
  Dice dice(seed());
  const std::vector<FoldTerms> terms = terms_of(machine);
  for (int i = 0; i < 20'000; ++i) {
    const FoldTerms& agreed = terms[dice.below(terms.size())];
    const Letters events = any_history(dice, machine, 8);
    const std::string fault = fold_fault(table, machine, agreed, folder.fold(agreed, events), events);
    if (!fault.empty()) return fault;
  }
  return {};
}

std::string check_reach(const MachineTable& table, Machine machine, const Folding& /*folding*/) {
  const MachineIndex index(table);
  Folder folder(index);
  Dice dice(seed());
  const std::vector<FoldTerms> terms = terms_of(machine);
  std::set<std::uint8_t> reached{0};
  for (int i = 0; i < 20'000; ++i) {
    for (const Step& step : folder.fold(terms[dice.below(terms.size())], any_history(dice, machine, 8)).steps)
      reached.insert(step.to);
  }
  for (std::uint8_t state = 0; state < table.states.size(); ++state) {
    if (!reached.contains(state)) return std::string(table.states[state].name) + " is never reached";
  }
  return {};
}

std::string check_order(const MachineTable& table, Machine machine, const Folding& folding) {
  const MachineIndex index(table);
  Folder folder(index);
  Dice dice(seed());
  const std::vector<FoldTerms> terms = terms_of(machine);
  for (int i = 0; i < 20'000; ++i) {
    const FoldTerms& agreed = terms[dice.below(terms.size())];
    Letters events = any_history(dice, machine, 6);
    const Fold end = folder.fold(agreed, folding(events));
    events.push_back(events[dice.below(events.size())]);
    dice.shuffle(events);
    if (!same_end(folder.fold(agreed, folding(events)), end)) return "another end: " + story(table, events);
  }
  return {};
}

std::string check_stories(const MachineTable& table, Machine machine, const Folding& /*folding*/) {
  const MachineIndex index(table);
  Folder folder(index);
  for (const Story& story : stories_of(machine)) {
    const Fold& end = folder.fold(terms_of(machine)[story.terms], story.events);
    const std::string_view state = table.states[end.state].name;
    if (state != story.state || end.balances != story.books || end.totals.reserved != story.reserved)
      return std::string(story.name) + ": " + std::string(state);
  }
  return {};
}

struct Check {
  std::string_view name;
  std::string (*run)(const MachineTable&, Machine, const Folding&);
};
constexpr Check kChecks[] = {{"sound", check_sound},
                             {"books", check_books},
                             {"reach", check_reach},
                             {"order", check_order},
                             {"stories", check_stories}};

const Folding kFaithful = [](Letters events) { return events; };

// ---- the twins

template <class State>
std::uint32_t bit(State state) {
  return 1U << static_cast<unsigned>(state);
}

// The first rule of this event and guard.
template <class Kind>
MachineRule& at(Rules& rules, Kind kind, Guard guard, std::uint32_t from = ~0U) {
  const auto found = std::ranges::find_if(rules, [&](const MachineRule& rule) {
    return rule.event == static_cast<std::uint8_t>(kind) && rule.guard == guard && (rule.from & from) != 0;
  });
  EXPECT_NE(found, rules.end());
  return *found;
}

template <class Kind>
void drop(Rules& rules, Kind kind, Guard guard) {
  rules.erase(rules.begin() + (&at(rules, kind, guard) - rules.data()));
}

// From this state the event is stale, whatever the rules said.
template <class Kind, class State>
void make_final(Rules& rules, Kind kind, State state) {
  for (MachineRule& rule : rules) {
    if (rule.event == static_cast<std::uint8_t>(kind)) rule.from &= ~bit(state);
  }
  std::erase_if(rules, [](const MachineRule& rule) { return rule.from == 0; });
  MachineRule rule{bit(state), static_cast<std::uint8_t>(kind)};
  rule.to = kSameState;
  rule.outcome = StepOutcome::stale;
  rule.reason = StepReason::ended_already;
  rules.push_back(rule);
}

void forget_waits(Rules& rules) {
  for (MachineRule& rule : rules) rule.waits = false;
}

// It takes events in the order of their arrival for the order in which they happened.
Letters by_arrival(Letters events) {
  for (std::size_t i = 0; i < events.size(); ++i) {
    events[i].occurred_at_us = static_cast<std::int64_t>(i) * 5;
    events[i].received_at_us = events[i].occurred_at_us;
  }
  return events;
}

// It takes every telling for another fact.
Letters by_telling(Letters events) {
  static constexpr std::string_view kIds[] = {"0", "1", "2", "3", "4", "5", "6"};
  for (std::size_t i = 0; i < events.size(); ++i) events[i].id = events[i].operation_id = kIds[i];
  return events;
}

std::vector<Twin> voucher_twins() {
  using S = VoucherState;
  constexpr auto machine = Machine::voucher;
  return {
      {"a payment after the end is not decided", "sound", machine,
       [](Rules& rules) { rules.erase(rules.begin() + (&at(rules, V::paid, Guard::always) - rules.data())); },
       kFaithful},
      {"short and over are swapped", "stories", machine,
       [](Rules& rules) {
         std::swap(at(rules, V::paid, Guard::there_below_due).guard, at(rules, V::paid, Guard::there_above_due).guard);
       },
       kFaithful},
      {"a stale event books", "sound", machine,
       [](Rules& rules) { at(rules, V::pending, Guard::always, bit(S::pending)).booking = Booking::receive; },
       kFaithful},
      {"a late payment books without moving", "books", machine,
       [](Rules& rules) { at(rules, V::paid, Guard::always, bit(S::expired)).to = kSameState; }, kFaithful},
      {"a payment moves without booking", "books", machine,
       [](Rules& rules) { at(rules, V::paid, Guard::always, bit(S::pending)).booking = Booking::nothing; }, kFaithful},
      {"refunds without the cap", "books", machine, [](Rules& rules) { drop(rules, V::refunded, Guard::beyond_there); },
       kFaithful},
      {"reversals without the cap", "books", machine,
       [](Rules& rules) { drop(rules, V::reversed, Guard::beyond_there); }, kFaithful},
      {"refunds are asked for beyond what is free", "stories", machine,
       [](Rules& rules) { drop(rules, V::refund_requested, Guard::beyond_free); }, kFaithful},
      {"paid is final", "stories", machine, [](Rules& rules) { make_final(rules, V::reversed, S::paid); }, kFaithful},
      {"expired is final", "stories", machine, [](Rules& rules) { make_final(rules, V::paid, S::expired); }, kFaithful},
      {"a reversed voucher does not open again", "stories", machine,
       [](Rules& rules) { make_final(rules, V::pending, S::reversed); }, kFaithful},
      {"nobody is paid late", "reach", machine,
       [](Rules& rules) {
         for (MachineRule& rule : rules) {
           if (rule.to == static_cast<std::uint8_t>(S::paid_late)) rule.to = static_cast<std::uint8_t>(S::paid);
         }
       },
       kFaithful},
      {"forgets what waits", "stories", machine, forget_waits, kFaithful},
      {"acceptance waits for money", "stories", machine,
       [](Rules& rules) { at(rules, V::accepted, Guard::always, bit(S::created)).waits = true; }, kFaithful},
      {"goes by arrival", "order", machine, [](Rules& /*rules*/) {}, by_arrival},
      {"takes tellings for facts", "order", machine, [](Rules& /*rules*/) {}, by_telling},
  };
}

std::vector<Twin> refund_twins() {
  using S = RefundState;
  constexpr auto machine = Machine::refund;
  return {
      {"two eyes", "stories", machine, [](Rules& rules) { drop(rules, R::approved, Guard::own_approval); }, kFaithful},
      {"sends under another key", "stories", machine, [](Rules& rules) { drop(rules, R::sent, Guard::other_key); },
       kFaithful},
      {"no answer means failed", "reach", machine,
       [](Rules& rules) {
         at(rules, R::timed_out, Guard::always, bit(S::sent)).to = static_cast<std::uint8_t>(S::failed);
         at(rules, R::not_found, Guard::always, bit(S::sent)).to = static_cast<std::uint8_t>(S::failed);
       },
       kFaithful},
      {"money that came back is not booked", "books", machine,
       [](Rules& rules) { at(rules, R::failed, Guard::always, bit(S::refunded)).booking = Booking::nothing; },
       kFaithful},
      {"two payouts for one refund", "books", machine,
       [](Rules& rules) {
         MachineRule& rule = at(rules, R::payout_started, Guard::always, bit(S::in_payout));
         rule.outcome = StepOutcome::applied;
         rule.waits = false;
         rule.booking = Booking::hand_over;
       },
       kFaithful},
      {"nothing ever fails", "reach", machine,
       [](Rules& rules) {
         make_final(rules, R::failed, S::refunded);
         make_final(rules, R::failed, S::sent);
         make_final(rules, R::failed, S::processing);
         make_final(rules, R::failed, S::unknown);
         make_final(rules, R::failed, S::approved);
         make_final(rules, R::failed, S::requested);
       },
       kFaithful},
      {"forgets what waits", "stories", machine, forget_waits, kFaithful},
      {"another amount passes", "stories", machine, [](Rules& rules) { drop(rules, R::refunded, Guard::other_amount); },
       kFaithful},
      {"goes by arrival", "order", machine, [](Rules& /*rules*/) {}, by_arrival},
  };
}

std::vector<Twin> payout_twins() {
  using S = PayoutState;
  constexpr auto machine = Machine::payout;
  return {
      {"collected without booking", "books", machine,
       [](Rules& rules) { at(rules, P::collected, Guard::always, bit(S::waiting)).booking = Booking::nothing; },
       kFaithful},
      {"collected twice", "books", machine,
       [](Rules& rules) {
         MachineRule& rule = at(rules, P::collected, Guard::always, bit(S::collected));
         rule.outcome = StepOutcome::applied;
         rule.booking = Booking::collect;
       },
       kFaithful},
      {"what came back is not booked", "books", machine,
       [](Rules& rules) { at(rules, P::returned, Guard::always, bit(S::collected)).booking = Booking::nothing; },
       kFaithful},
      {"sends under another key", "stories", machine, [](Rules& rules) { drop(rules, P::sent, Guard::other_key); },
       kFaithful},
      {"our clock ends what is unknown", "stories", machine,
       [](Rules& rules) {
         MachineRule& rule = at(rules, P::expired, Guard::always, bit(S::unknown));
         rule.outcome = StepOutcome::applied;
         rule.waits = false;
         rule.to = static_cast<std::uint8_t>(S::expired);
         rule.booking = Booking::release;
       },
       kFaithful},
      {"collected is final", "reach", machine, [](Rules& rules) { make_final(rules, P::returned, S::collected); },
       kFaithful},
      {"forgets what waits", "stories", machine, forget_waits, kFaithful},
      {"rejected is not decided", "sound", machine,
       [](Rules& rules) { rules.erase(rules.begin() + (&at(rules, P::rejected, Guard::always) - rules.data())); },
       kFaithful},
      {"goes by arrival", "order", machine, [](Rules& /*rules*/) {}, by_arrival},
  };
}

class Twins : public ::testing::TestWithParam<Machine> {};

TEST_P(Twins, TheTrueTablePassesEveryCheck) {
  for (const Check& check : kChecks)
    EXPECT_EQ(check.run(machine_table(GetParam()), GetParam(), kFaithful), "") << check.name;
}

TEST_P(Twins, EachIsNoticedByTheCheckThatIsNamed) {
  const auto twins = GetParam() == Machine::voucher  ? voucher_twins()
                     : GetParam() == Machine::refund ? refund_twins()
                                                     : payout_twins();
  for (const Twin& twin : twins) {
    Rules rules = rules_of(GetParam());
    twin.spoil(rules);
    const MachineTable table = with(GetParam(), rules);
    const auto check = std::ranges::find(kChecks, std::string_view(twin.check), &Check::name);
    ASSERT_NE(check, std::end(kChecks));
    const std::string noticed = check->run(table, GetParam(), twin.folding);
    EXPECT_NE(noticed, "") << twin.name << " went unnoticed";
    std::printf("%s, %s: %s: %s\n", table.name.data(), twin.name, twin.check, noticed.substr(0, 80).c_str());
  }
}

INSTANTIATE_TEST_SUITE_P(Machines, Twins, ::testing::ValuesIn(kEveryMachine),
                         [](const auto& machine) { return std::string(machine_table(machine.param).name); });

}  // namespace
}  // namespace cuadre
