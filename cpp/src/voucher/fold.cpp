// The fold over the facts of one record.
#include <algorithm>
#include <memory>
#include <utility>
#include <vector>

#include "cuadre/voucher.hpp"
#include "voucher/books.hpp"
#include "voucher/facts.hpp"

namespace cuadre {
namespace {

// What event a step in the books is about: a settlement that shows its payment stands for both.
Machine machine_of(const MachineTable& table) noexcept {
  for (const Machine machine : {Machine::refund, Machine::payout}) {
    if (table.name == machine_table(machine).name) return machine;
  }
  return Machine::voucher;
}

}  // namespace

struct Folder::Impl {
  explicit Impl(const MachineIndex& of) : index(of), machine(machine_of(of.table())), facts(machine_of(of.table())) {}

  const MachineIndex& index;
  Machine machine;
  Facts facts;
  FoldState now;
  Fold out;
  std::span<const EventView> events;
  std::vector<std::pair<Facts::Item, std::uint16_t>> waiting;  // with the rule that holds them back

  std::uint16_t choose(const Facts::Item& item) const;
  bool attempt(const Facts::Item& item);
  void step(const Facts::Item& item, std::uint16_t rule, const Entries& entries, std::uint8_t from);
  void retry();
};

std::uint16_t Folder::Impl::choose(const Facts::Item& item) const {
  const EventView& view = events[item.index];
  for (const std::uint16_t number : index.rules(now.state, item.event)) {
    if (holds(index.table().rules[number].guard, now, view)) return number;
  }
  return kNoRule;
}

void Folder::Impl::step(const Facts::Item& item, std::uint16_t number, const Entries& entries, std::uint8_t from) {
  const MachineRule& rule = index.table().rules[number];
  const StepReason reason =
      item.implied && rule.reason == StepReason::none ? StepReason::learnt_from_settlement : rule.reason;
  out.steps.push_back({item.index, item.event, from, now.state, rule.outcome, reason, number, entries});
}

// True where the event is done with; false where it waits.
bool Folder::Impl::attempt(const Facts::Item& item) {
  const std::uint16_t number = choose(item);
  if (number == kNoRule) {  // a table with a hole; table_fault names it
    out.steps.push_back(
        {item.index, item.event, now.state, now.state, StepOutcome::quarantined, StepReason::none, kNoRule, Entries{}});
    return true;
  }
  const MachineRule& rule = index.table().rules[number];
  if (rule.waits) {
    waiting.emplace_back(item, number);
    return false;
  }
  const std::uint8_t from = now.state;
  Entries entries{};
  if (rule.outcome == StepOutcome::applied) {
    entries = book(rule.booking, now, events[item.index]);
    count(now, item.event, events[item.index]);
    if (rule.to != kSameState) now.state = rule.to;
  }
  step(item, number, entries, from);
  return true;
}

// After a step that took effect, those that wait are tried again, the earliest first.
void Folder::Impl::retry() {
  for (std::size_t i = 0; i < waiting.size();) {
    const auto [item, held_by] = waiting[i];
    const std::uint16_t number = choose(item);
    if (number == kNoRule || index.table().rules[number].waits) {
      waiting[i].second = number == kNoRule ? held_by : number;
      ++i;
      continue;
    }
    waiting.erase(waiting.begin() + static_cast<std::ptrdiff_t>(i));
    attempt(item);
    if (out.steps.back().outcome == StepOutcome::applied) i = 0;
  }
}

Folder::Folder(const MachineIndex& index) : impl_(std::make_unique<Impl>(index)) {}
Folder::Folder(Folder&&) noexcept = default;
Folder::~Folder() = default;

const Fold& Folder::fold(const FoldTerms& terms, std::span<const EventView> events) {
  Impl& run = *impl_;
  run.events = events;
  run.out.steps.clear();
  run.waiting.clear();
  run.now.start(run.machine, terms);
  run.facts.sort_out(events);
  for (const Facts::Item& item : run.facts.items()) {
    if (run.attempt(item) && run.out.steps.back().outcome == StepOutcome::applied && !run.waiting.empty()) run.retry();
  }
  for (const auto& [item, number] : run.waiting) run.step(item, number, Entries{}, run.now.state);
  for (const Facts::Aside& aside : run.facts.asides()) {
    run.out.steps.push_back({aside.index, events[aside.index].event, run.now.state, run.now.state, aside.outcome,
                             aside.reason, kNoRule, Entries{}});
  }
  run.out.state = run.now.state;
  run.out.totals = run.now.totals;
  run.out.balances = run.now.balances;
  return run.out;
}

}  // namespace cuadre
