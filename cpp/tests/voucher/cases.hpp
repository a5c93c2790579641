// Events for the three machines, by the letter and by chance, and what must hold of every fold: shared by the tests of
// the tables. The same letters stand in tests/oracles/voucher_events.py.
#pragma once

#include <cstdint>
#include <cstdlib>
#include <random>
#include <string>
#include <vector>

#include "cuadre/voucher.hpp"

namespace cuadre::cases {

inline constexpr Machine kEveryMachine[] = {Machine::voucher, Machine::refund, Machine::payout};
inline constexpr std::int64_t kDue = 100, kExpiry = 50;
inline constexpr auto kPoll = EventSource::poll;
inline constexpr auto kFile = EventSource::settlement;
inline constexpr auto kPerson = EventSource::operator_;
inline constexpr auto kOwn = EventSource::request;
inline constexpr auto kClock = EventSource::clock;

// The seed of everything random; CUADRE_SEED repeats a run.
inline std::uint64_t seed() {
  const char* given = std::getenv("CUADRE_SEED");
  return given == nullptr ? 20261125 : std::strtoull(given, nullptr, 10);
}

struct Say {
  std::int64_t amount = 0;
  EventSource source = EventSource::notification;
  std::string_view id{}, operation{};
  std::int64_t fee = 0, tax = 0, expires = kNoTime;
  std::string_view person{}, code{};
};

template <class Kind>
EventView told(Kind kind, std::int64_t at, const Say& say) {
  EventView event;
  event.event = static_cast<std::uint8_t>(kind);
  event.source = say.source;
  event.has_amount = say.amount != 0;
  event.amount_minor = say.amount;
  event.fee_minor = say.fee;
  event.tax_minor = say.tax;
  event.occurred_at_us = at;
  event.received_at_us = at + 200;
  event.expires_at_us = say.expires;
  event.id = say.id;
  event.operation_id = say.operation;
  event.person = say.person;
  event.code = say.code;
  return event;
}

inline std::vector<FoldTerms> terms_of(Machine machine) {
  const auto with = [](std::int64_t expires, RefundRules rules, std::uint8_t approvals, bool linked) {
    FoldTerms terms;
    terms.amount_minor = kDue;
    terms.expires_at_us = expires;
    terms.refund_rules = rules;
    terms.requested_by = "ana";
    terms.approvals_needed = approvals;
    terms.linked = linked;
    return terms;
  };
  if (machine == Machine::refund)
    return {with(kNoTime, {}, 0, false), with(kNoTime, {}, 1, false), with(kNoTime, {}, 2, false)};
  if (machine == Machine::payout)
    return {with(kExpiry, {}, 0, false), with(kExpiry, {}, 0, true), with(kNoTime, {}, 0, false)};
  RefundRules none, whole, late;
  none.offered = false;
  whole.whole_only = true;
  late.after_settlement = true;
  late.window_s = 0;
  return {with(kExpiry, {}, 0, false), with(kNoTime, {}, 0, false), with(kExpiry, none, 0, false),
          with(kExpiry, whole, 0, false), with(kExpiry, late, 0, false)};
}

using Letters = std::vector<EventView>;

inline std::vector<Letters> voucher_letters() {
  using E = VoucherEvent;
  return {{
              told(E::pending, 1, {.id = "n1"}),
              told(E::paid, 10, {.amount = 100, .id = "n2", .operation = "A"}),
              told(E::paid, 60, {.amount = 100, .id = "n3", .operation = "B"}),
              told(E::settled, 9, {.amount = 100, .source = kFile, .id = "L1", .operation = "A", .fee = 3, .tax = 1}),
              told(E::refund_requested, 62, {.amount = 60, .source = kOwn, .id = "R1"}),
              told(E::refunded, 63, {.amount = 60, .id = "n4", .operation = "R1"}),
              told(E::refund_failed, 64, {.id = "n5", .operation = "R1"}),
              told(E::reversed, 65, {.amount = 100, .id = "n6", .operation = "X"}),
              told(E::accepted, 66, {.source = kPerson, .id = "a1", .person = "eva"}),
              told(E::expired, 50, {.source = kClock}),
              told(E::cancelled, 20, {.id = "n7"}),
          },
          {
              told(E::paid, 20, {.amount = 40, .id = "n1", .operation = "A"}),
              told(E::paid, 70, {.amount = 60, .id = "n2", .operation = "B"}),
              told(E::paid, 21, {.amount = 60, .id = "n3", .operation = "A"}),  // the same payment, another amount
              told(E::paid, 22, {.amount = 100, .source = kPoll}),
              told(E::extended, 52, {.source = kOwn, .id = "x1", .expires = 90}),
              told(E::expired, 50, {.source = kClock}),
              told(E::rejected, 30, {.id = "n4"}),
              told(E::refunded, 72, {.amount = 40, .source = kPoll}),
              told(E::reversed, 73, {.amount = 60, .id = "n7", .operation = "X"}),
              told(E::settled, 74, {.amount = 100, .source = kFile, .id = "L1", .fee = 2, .tax = 1}),
          }};
}

inline std::vector<Letters> refund_letters() {
  using E = RefundEvent;
  return {{
              told(E::approved, 1, {.source = kPerson, .id = "a1", .person = "ana"}),
              told(E::approved, 2, {.source = kPerson, .id = "a2", .person = "eva"}),
              told(E::approved, 3, {.source = kPerson, .id = "a3", .person = "leo"}),
              told(E::declined, 4, {.source = kPerson, .id = "d1", .person = "eva"}),
              told(E::sent, 10, {.source = kOwn, .id = "K1"}),
              told(E::sent, 14, {.source = kOwn, .id = "K2"}),
              told(E::timed_out, 11, {.source = kOwn, .id = "t1"}),
              told(E::not_found, 12, {.source = kPoll, .id = "q1"}),
              told(E::processing, 15, {.id = "n1"}),
              told(E::refunded, 20, {.amount = 100, .id = "n2", .operation = "G1"}),
              told(E::failed, 25, {.id = "n3", .code = "E1"}),
          },
          {
              told(E::sent, 10, {.source = kOwn, .id = "K1"}),
              told(E::refunded, 9, {.amount = 100, .source = kPoll}),
              told(E::refunded, 22, {.amount = 90, .id = "n1", .operation = "G2"}),
              told(E::refunded, 32, {.amount = 100, .id = "n2", .operation = "G1"}),
              told(E::failed, 20, {.id = "n3", .code = "E1"}),
              told(E::payout_started, 30, {.source = kOwn, .id = "p1", .operation = "P1"}),
              told(E::payout_collected, 33, {.source = kOwn, .id = "p2", .operation = "P1"}),
              told(E::payout_failed, 36, {.source = kOwn, .id = "p3", .operation = "P1"}),
              told(E::payout_returned, 38, {.source = kOwn, .id = "p5", .operation = "P1"}),
              told(E::payout_started, 37, {.source = kOwn, .id = "p4", .operation = "P2"}),
              told(E::cancelled, 21, {.id = "n4"}),
          }};
}

inline std::vector<Letters> payout_letters() {
  using E = PayoutEvent;
  return {{
              told(E::sent, 10, {.source = kOwn, .id = "K1"}),
              told(E::sent, 15, {.source = kOwn, .id = "K2"}),
              told(E::timed_out, 11, {.source = kOwn, .id = "t1"}),
              told(E::not_found, 12, {.source = kPoll, .id = "q1"}),
              told(E::waiting, 16, {.id = "n1"}),
              told(E::collected, 30, {.amount = 100, .id = "n2", .operation = "C1"}),
              told(E::returned, 70, {.id = "n3"}),
              told(E::expired, 50, {.source = kClock}),
              told(E::reversed, 20, {.source = kPerson, .id = "o1"}),
              told(E::rejected, 25, {.id = "n5", .code = "limit"}),
          },
          {
              told(E::waiting, 5, {.id = "n1"}),
              told(E::waiting, 55, {.id = "n2"}),
              told(E::rejected, 20, {.id = "n3", .code = "no_cash"}),
              told(E::collected, 30, {.amount = 90, .id = "n4", .operation = "C1"}),
              told(E::collected, 61, {.amount = 100, .id = "n6", .operation = "C3"}),
              told(E::collected, 60, {.amount = 100, .source = kPoll}),
              told(E::reversed, 40, {.id = "n4"}),
              told(E::returned, 62, {.id = "n7"}),
              told(E::expired, 49, {.source = kClock}),
              told(E::expired, 51, {.id = "n8"}),
          }};
}

inline std::vector<Letters> letters_of(Machine machine) {
  if (machine == Machine::refund) return refund_letters();
  return machine == Machine::payout ? payout_letters() : voucher_letters();
}

// ---- by chance

class Dice {
 public:
  explicit Dice(std::uint64_t from) : engine_(from) {}
  std::size_t below(std::size_t end) { return engine_() % end; }
  template <class T>
  T any(std::initializer_list<T> of) {
    return of.begin()[below(of.size())];
  }
  template <class T>
  void shuffle(std::vector<T>& items) {
    for (std::size_t i = items.size(); i > 1; --i) std::swap(items[i - 1], items[below(i)]);
  }

 private:
  std::mt19937_64 engine_;
};

inline EventView any_voucher_event(Dice& dice, std::int64_t at) {
  using E = VoucherEvent;
  const auto kind = static_cast<E>(dice.below(machine_table(Machine::voucher).events.size()));
  Say say{.source = dice.any({EventSource::notification, kPoll}), .id = dice.any({"i0", "i1", "i2"})};
  const std::int64_t amount = dice.any({40, 60, 100, 100, 100, 200});
  const bool numbered = say.source != kPoll || dice.below(2) == 0;
  switch (kind) {
    case E::settled:
      say = {.amount = amount,
             .source = kFile,
             .id = say.id,
             .operation = dice.any({"A", "B", "C"}),
             .fee = dice.any({0, 3}),
             .tax = dice.any({0, 1})};
      break;
    case E::paid:
      say.amount = amount;
      if (numbered) say.operation = dice.any({"A", "B", "C"});
      break;
    case E::refund_requested:
      say = {.amount = amount,
             .source = kOwn,
             .id = say.id,
             .operation = dice.any({"R", "S"}),
             .code = dice.any({"", "payout"})};
      break;
    case E::refunded:
    case E::refund_failed:
      if (kind == E::refunded) say.amount = amount;
      if (numbered) say.operation = dice.any({"R", "S"});
      break;
    case E::reversed:
      say.amount = amount;
      if (numbered) say.operation = dice.any({"X", "Y"});
      break;
    case E::extended:
      say.expires = dice.any<std::int64_t>({at - 1, 60, 90});
      break;
    case E::accepted:
      say.source = kPerson;
      say.person = dice.any({"eva", "leo"});
      break;
    case E::expired:
      say.source = dice.any({kClock, EventSource::notification});
      break;
    default:
      break;
  }
  return told(kind, at, say);
}

inline EventView any_refund_event(Dice& dice, std::int64_t at) {
  using E = RefundEvent;
  const auto kind = static_cast<E>(dice.below(machine_table(Machine::refund).events.size()));
  Say say{.source = dice.any({EventSource::notification, kPoll, kPerson}), .id = dice.any({"i0", "i1", "i2"})};
  if (kind == E::refunded) {
    say.amount = dice.any({0, 100, 100, 90});
    say.operation = dice.any({"G1", "G2"});
  }
  if (kind == E::approved || kind == E::declined) say.person = dice.any({"ana", "eva", "leo"});
  if (kind == E::sent) say.id = dice.any({"K1", "K1", "K2"});
  if (kind >= E::payout_started && kind <= E::payout_returned) say.operation = dice.any({"P1", "P2"});
  return told(kind, at, say);
}

inline EventView any_payout_event(Dice& dice, std::int64_t at) {
  using E = PayoutEvent;
  const auto kind = static_cast<E>(dice.below(machine_table(Machine::payout).events.size()));
  Say say{.source = dice.any({EventSource::notification, kPoll, kPerson}), .id = dice.any({"i0", "i1", "i2"})};
  if (kind == E::collected) {
    say.amount = dice.any({0, 100, 100, 90});
    say.operation = dice.any({"C1", "C2", ""});
  }
  if (kind == E::sent) say.id = dice.any({"K1", "K1", "K2"});
  if (kind == E::expired) say.source = dice.any({kClock, EventSource::notification});
  if (kind == E::rejected) say.code = dice.any({"no_cash", "limit"});
  return told(kind, at, say);
}

inline EventView any_event(Dice& dice, Machine machine) {
  const auto at = static_cast<std::int64_t>(dice.below(20)) * 5;
  EventView event = machine == Machine::voucher  ? any_voucher_event(dice, at)
                    : machine == Machine::refund ? any_refund_event(dice, at)
                                                 : any_payout_event(dice, at);
  event.received_at_us = at + static_cast<std::int64_t>(dice.below(1000));
  return event;
}

inline Letters any_history(Dice& dice, Machine machine, std::size_t at_most) {
  Letters events(1 + dice.below(at_most));
  for (EventView& event : events) event = any_event(dice, machine);
  return events;
}

// ---- tables that a test has changed

using Rules = std::vector<MachineRule>;

inline MachineTable with(Machine machine, const Rules& rules) {
  MachineTable table = machine_table(machine);
  table.rules = rules;
  return table;
}

inline Rules rules_of(Machine machine) {
  const auto rules = machine_table(machine).rules;
  return {rules.begin(), rules.end()};
}

// ---- what must hold

inline bool same_end(const Fold& left, const Fold& right) {
  return left.state == right.state && left.totals == right.totals && left.balances == right.balances;
}

inline std::int64_t balance(const Fold& fold, Account account) {
  return fold.balances[static_cast<std::size_t>(account)];
}

// Totals and accounts tell the same story; nothing is lost, made, or given back beyond what was paid.
inline std::string books_fault(Machine machine, const FoldTerms& terms, const Fold& fold) {
  const Totals& totals = fold.totals;
  std::int64_t sum = 0;
  for (const std::int64_t each : fold.balances) sum += each;
  if (sum != 0) return "the accounts do not sum to zero";
  const auto differs = [&](Account account, std::int64_t want) { return balance(fold, account) != want; };
  if (machine == Machine::voucher) {
    if (totals.refunded + totals.reversed > totals.paid) return "more went back than was paid";
    if (totals.held + totals.earned != totals.there()) return "held and earned are not what is there";
    if (differs(Account::buyer, -totals.held) || differs(Account::merchant, -totals.earned)) return "held or earned";
    if (differs(Account::gateway, totals.paid - totals.reversed - totals.settled)) return "the gateway's account";
    if (differs(Account::refunds, -totals.refunded) || differs(Account::payouts, 0)) return "the refunds' account";
    const auto state = static_cast<VoucherState>(fold.state);
    const bool review = machine_table(machine).states[fold.state].review;
    const bool money = state == VoucherState::paid || state == VoucherState::settled ||
                       state == VoucherState::partly_refunded || review;
    if (money != (totals.there() > 0)) return "the state does not say whether money is there";
    if (!review && totals.held != 0) return "money that nobody decides about outside a review";
    if (!review && totals.late) return "late money outside a review";
    return {};
  }
  if (machine == Machine::refund) {
    const auto state = static_cast<RefundState>(fold.state);
    const bool given = state == RefundState::refunded || state == RefundState::in_payout;
    if (differs(Account::refunds, given ? terms.amount_minor : 0)) return "the refunds' account";
    if (differs(Account::buyer, 0) || differs(Account::merchant, 0)) return "a refund moves other accounts";
    return {};
  }
  const bool out = static_cast<PayoutState>(fold.state) == PayoutState::collected;
  if (differs(Account::gateway, out ? -terms.amount_minor : 0)) return "the gateway's account";
  if (differs(Account::merchant, totals.committed && !terms.linked ? terms.amount_minor : 0))
    return "the merchant's account";
  return {};
}

// The steps lead from the start to the end, each event has its own, and takes effect once at most.
inline std::string steps_fault(const MachineTable& table, const Fold& fold, const Letters& events) {
  std::uint8_t state = 0;
  Entries sum{};
  std::vector<int> effects(events.size());
  for (const Step& step : fold.steps) {
    if (step.index >= events.size()) return "a step of no event";
    if (step.from >= table.states.size() || step.to >= table.states.size()) return "a state that is not in the table";
    const bool applied = step.outcome == StepOutcome::applied;
    if (!applied && step.from != step.to) return "a step that is not applied moves";
    std::int64_t zero = 0;
    for (std::size_t i = 0; i < kAccounts; ++i) {
      sum[i] += step.entries[i];
      zero += step.entries[i];
      if (!applied && step.entries[i] != 0) return "a step that is not applied books";
    }
    if (zero != 0) return "a step whose entries do not sum to zero";
    if (applied && step.from != state) return "a step does not begin where the last one ended";
    if (applied) state = step.to;
    const bool shown = step.event != events[step.index].event;  // a settlement's payment
    if (!shown && applied) ++effects[step.index];
  }
  if (state != fold.state || sum != fold.balances) return "the steps do not lead to the end";
  for (std::size_t i = 0; i < events.size(); ++i) {
    if (effects[i] > 1) return "an event takes effect twice";
  }
  return {};
}

inline std::string fold_fault(const MachineTable& table, Machine machine, const FoldTerms& terms, const Fold& fold,
                              const Letters& events) {
  std::string fault = steps_fault(table, fold, events);
  return fault.empty() ? books_fault(machine, terms, fold) : fault;
}

inline std::string story(const MachineTable& table, const Letters& events) {
  std::string text;
  for (const EventView& event : events) {
    text += std::string(table.events[event.event].name) + "@" + std::to_string(event.occurred_at_us) + "(" +
            std::to_string(event.amount_minor) + "," + std::string(event.id) + "," + std::string(event.operation_id) +
            "," + std::to_string(static_cast<int>(event.source)) + ") ";
  }
  return text;
}

}  // namespace cuadre::cases
