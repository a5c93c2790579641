// The three tables, walked: every pair of state and event is decided, every state is reached by events that can really
// come and is left again unless it is a documented end, every rule speaks, and none can be spoilt unnoticed.
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <map>
#include <set>

#include "voucher/cases.hpp"

namespace cuadre {
namespace {

using namespace cases;

class Table : public ::testing::TestWithParam<Machine> {
 protected:
  const MachineTable& table() const { return machine_table(GetParam()); }
  std::string name(std::size_t state) const { return std::string(table().states[state].name); }
};

// Nothing more can happen to it: the money came back after it had been collected, and stands where it stood before.
const std::map<Machine, std::set<std::string>> kEnds = {
    {Machine::voucher, {}}, {Machine::refund, {}}, {Machine::payout, {"returned"}}};

TEST_P(Table, DecidesEveryPair) {
  EXPECT_EQ(table_fault(table()), "");
  std::size_t pairs = 0;
  const MachineIndex index(table());
  for (std::size_t state = 0; state < table().states.size(); ++state) {
    for (std::size_t event = 0; event < table().events.size(); ++event, ++pairs) {
      const auto rules = index.rules(static_cast<std::uint8_t>(state), static_cast<std::uint8_t>(event));
      ASSERT_FALSE(rules.empty()) << name(state) << " + " << table().events[event].name;
      EXPECT_EQ(table().rules[rules.back()].guard, Guard::always);
    }
  }
  EXPECT_EQ(pairs, table().states.size() * table().events.size());
  std::printf("%s: %zu pairs, %zu rules\n", table().name.data(), pairs, table().rules.size());
}

TEST_P(Table, HasWordsForEverything) {
  for (const StateInfo& state : table().states) EXPECT_FALSE(state.en.empty() || state.es.empty()) << state.name;
  for (const EventInfo& event : table().events) EXPECT_FALSE(event.en.empty() || event.es.empty()) << event.name;
  for (const MachineRule& rule : table().rules) {
    EXPECT_FALSE(text_of(rule.reason).es.empty());
    const bool silent = rule.outcome != StepOutcome::applied && rule.reason == StepReason::none;
    EXPECT_FALSE(silent) << table().events[rule.event].name << " is turned down without a reason";
  }
}

// What the histories do to the table: the states they pass through, which lead on to which, and the rules that speak.
struct Seen {
  std::set<std::uint8_t> states{0};
  std::set<std::pair<std::uint8_t, std::uint8_t>> ways;
  std::set<std::uint16_t> rules;

  void take(const Fold& fold) {
    for (const Step& step : fold.steps) {
      states.insert(step.to);
      if (step.from != step.to) ways.insert({step.from, step.to});
      if (step.rule != kNoRule) rules.insert(step.rule);
    }
  }
};

void see_subsets(Folder& folder, const FoldTerms& terms, const Letters& letters, std::size_t from, Letters& told,
                 Seen& seen) {
  seen.take(folder.fold(terms, told));
  if (told.size() == 5) return;
  for (std::size_t i = from; i < letters.size(); ++i) {
    told.push_back(letters[i]);
    see_subsets(folder, terms, letters, i + 1, told, seen);
    told.pop_back();
  }
}

TEST_P(Table, EveryStateIsReachedByFiveEventsAndLeftAgain) {
  Seen seen;
  Folder folder(machine_index(GetParam()));
  for (const FoldTerms& terms : terms_of(GetParam())) {
    for (const Letters& letters : letters_of(GetParam())) {
      Letters told;
      see_subsets(folder, terms, letters, 0, told, seen);
    }
  }
  for (std::uint8_t state = 0; state < table().states.size(); ++state) {
    EXPECT_TRUE(seen.states.contains(state)) << name(state) << " is never reached";
    const bool left = std::ranges::any_of(seen.ways, [&](const auto& way) { return way.first == state; });
    EXPECT_EQ(left, !kEnds.at(GetParam()).contains(name(state))) << name(state);
  }
}

TEST_P(Table, EveryRuleSpeaks) {
  Seen seen;
  Dice dice(seed());
  Folder folder(machine_index(GetParam()));
  const std::vector<FoldTerms> terms = terms_of(GetParam());
  for (std::size_t i = 0; i < 60'000; ++i)
    seen.take(folder.fold(terms[dice.below(terms.size())], any_history(dice, GetParam(), 12)));
  for (std::uint16_t rule = 0; rule < table().rules.size(); ++rule) {
    EXPECT_TRUE(seen.rules.contains(rule))
        << "rule " << rule << " never speaks: " << table().events[table().rules[rule].event].name << ", "
        << text_of(table().rules[rule].guard).name << ", " << text_of(table().rules[rule].reason).name;
  }
}

// A person can always decide: from every state that is under review some event leads out of it.
TEST_P(Table, ReviewsEnd) {
  const MachineIndex index(table());
  for (std::uint8_t state = 0; state < table().states.size(); ++state) {
    if (!table().states[state].review) continue;
    bool ends = false;
    for (std::uint8_t event = 0; event < table().events.size(); ++event) {
      for (const std::uint16_t rule : index.rules(state, event)) {
        const std::uint8_t to = table().rules[rule].to;
        ends = ends || (to != kSameState && !table().states[to].review);
      }
    }
    EXPECT_TRUE(ends) << name(state);
  }
}

// ---- every rule, spoilt in every way

std::vector<std::pair<std::string, Rules>> spoilt(const Rules& rules, std::size_t at) {
  std::vector<std::pair<std::string, Rules>> all;
  const auto add = [&](const char* how, const std::function<void(MachineRule&)>& change) {
    Rules copy = rules;
    change(copy[at]);
    all.emplace_back(how, std::move(copy));
  };
  const MachineRule& rule = rules[at];
  if (rule.guard != Guard::always)
    all.emplace_back("dropped", rules).second.erase(all.back().second.begin() + static_cast<std::ptrdiff_t>(at));
  if (rule.guard != Guard::always) add("without its guard", [](MachineRule& r) { r.guard = Guard::always; });
  if (rule.to != kSameState) add("does not move", [](MachineRule& r) { r.to = kSameState; });
  if (rule.booking != Booking::nothing) add("does not book", [](MachineRule& r) { r.booking = Booking::nothing; });
  if (rule.waits) add("does not wait", [](MachineRule& r) { r.waits = false; });
  if (rule.outcome == StepOutcome::applied) {
    add("turned down", [](MachineRule& r) {
      r.outcome = StepOutcome::stale;
      r.to = kSameState;
      r.booking = Booking::nothing;
    });
  }
  return all;
}

bool same_answers(const Fold& left, const Fold& right) {
  return same_end(left, right) && left.steps.size() == right.steps.size() &&
         std::ranges::equal(left.steps, right.steps, [](const Step& a, const Step& b) {
           return a.index == b.index && a.outcome == b.outcome && a.reason == b.reason && a.to == b.to;
         });
}

TEST_P(Table, NoRuleCanBeSpoiltUnnoticed) {
  const std::vector<FoldTerms> terms = terms_of(GetParam());
  std::vector<std::pair<std::size_t, Letters>> histories(60'000);
  Dice dice(seed());
  for (auto& [agreed, events] : histories) {
    agreed = dice.below(terms.size());
    events = any_history(dice, GetParam(), 9);
  }
  std::vector<Fold> ends;
  Folder folder(machine_index(GetParam()));
  for (const auto& [agreed, events] : histories) ends.push_back(folder.fold(terms[agreed], events));
  const Rules rules = rules_of(GetParam());
  std::size_t twins = 0;
  for (std::size_t rule = 0; rule < rules.size(); ++rule) {
    for (const auto& [how, changed] : spoilt(rules, rule)) {
      const MachineTable table = with(GetParam(), changed);
      const MachineIndex index(table);
      Folder other(index);
      ++twins;
      bool noticed = false;
      for (std::size_t i = 0; i < histories.size() && !noticed; ++i)
        noticed = !same_answers(other.fold(terms[histories[i].first], histories[i].second), ends[i]);
      EXPECT_TRUE(noticed) << "rule " << rule << ", " << how << ": " << table.events[rules[rule].event].name << ", "
                           << text_of(rules[rule].guard).name << ", " << text_of(rules[rule].reason).name;
    }
  }
  std::printf("%s: %zu spoilt tables\n", machine_table(GetParam()).name.data(), twins);
}

// An index counts in sixteen bits and has sixteen places for states and for events: what goes past is refused, not
// wrapped.
TEST(MachineIndex, RefusesWhatItCannotNumber) {
  const std::vector<StateInfo> states(17, StateInfo{"state", false, "", ""});
  const std::vector<EventInfo> events(17, EventInfo{"event", false, "", ""});
  const std::vector<MachineRule> rules(std::size_t{1} << 16U, MachineRule{.from = 1, .event = 0});
  const std::span few_states(states.data(), 16);
  const std::span few_events(events.data(), 16);
  const std::span few_rules(rules.data(), 65'535);
  EXPECT_NO_THROW(MachineIndex({"largest", few_states, few_events, few_rules}));
  EXPECT_THROW(MachineIndex({"states", states, few_events, few_rules}), Error);
  EXPECT_THROW(MachineIndex({"events", few_states, events, few_rules}), Error);
  EXPECT_THROW(MachineIndex({"rules", few_states, few_events, rules}), Error);
  const std::vector<MachineRule> twice(40'000, MachineRule{.from = 3, .event = 0});  // 80,000 places in the order
  EXPECT_THROW(MachineIndex({"places", few_states, few_events, twice}), Error);
}

INSTANTIATE_TEST_SUITE_P(Machines, Table, ::testing::ValuesIn(kEveryMachine),
                         [](const auto& machine) { return std::string(machine_table(machine.param).name); });

}  // namespace
}  // namespace cuadre
