// Names and sentences of the tables, their index, and what makes one sound.
#include "cuadre/voucher/table.hpp"

#include <string>

#include "cuadre/error.hpp"
#include "voucher/tables.hpp"

namespace cuadre {
namespace {

#define CUADRE_X(name, flag, en, es) {#name, flag, en, es},
constexpr StateInfo kVoucherStates[] = {CUADRE_VOUCHER_STATES(CUADRE_X)};
constexpr EventInfo kVoucherEvents[] = {CUADRE_VOUCHER_EVENTS(CUADRE_X)};
constexpr StateInfo kRefundStates[] = {CUADRE_REFUND_STATES(CUADRE_X)};
constexpr EventInfo kRefundEvents[] = {CUADRE_REFUND_EVENTS(CUADRE_X)};
constexpr StateInfo kPayoutStates[] = {CUADRE_PAYOUT_STATES(CUADRE_X)};
constexpr EventInfo kPayoutEvents[] = {CUADRE_PAYOUT_EVENTS(CUADRE_X)};
#undef CUADRE_X

#define CUADRE_X(name, text) {#name, text, ""},
constexpr NamedText kGuards[] = {CUADRE_GUARDS(CUADRE_X)};
constexpr NamedText kBookings[] = {CUADRE_BOOKINGS(CUADRE_X)};
constexpr NamedText kAccountTexts[] = {CUADRE_ACCOUNTS(CUADRE_X)};
#undef CUADRE_X
static_assert(std::size(kAccountTexts) == kAccounts);

#define CUADRE_X(name, en, es) {#name, en, es},
constexpr NamedText kReasons[] = {CUADRE_STEP_REASONS(CUADRE_X)};
#undef CUADRE_X

constexpr NamedText kOutcomes[] = {
    {"applied", "it took effect", "surtió efecto"},
    {"duplicate", "it was known", "ya se conocía"},
    {"stale", "it came too late to matter", "llegó cuando ya no importaba"},
    {"quarantined", "it is kept for a person to look at", "queda apartado para que alguien lo revise"},
    {"refused", "it is not allowed", "no está permitido"},
};
static_assert(std::size(kOutcomes) == static_cast<std::size_t>(StepOutcome::refused) + 1);

std::string pair_name(const MachineTable& table, std::size_t state, std::size_t event) {
  return std::string(table.states[state].name) + " + " + std::string(table.events[event].name);
}

std::string pair_fault(const MachineTable& table, const MachineIndex& index, std::size_t state, std::size_t event) {
  const auto rules = index.rules(static_cast<std::uint8_t>(state), static_cast<std::uint8_t>(event));
  if (rules.empty()) return pair_name(table, state, event) + ": not decided";
  for (std::size_t i = 0; i < rules.size(); ++i) {
    const bool always = table.rules[rules[i]].guard == Guard::always;
    if (always && i + 1 != rules.size()) return pair_name(table, state, event) + ": a rule that is never reached";
    if (!always && i + 1 == rules.size()) return pair_name(table, state, event) + ": no rule without a condition";
  }
  return {};
}

std::string rule_fault(const MachineTable& table, const MachineRule& rule) {
  const std::string where = std::string(table.events[rule.event].name) + ", " + std::string(text_of(rule.guard).name);
  if (rule.from >> table.states.size() != 0 || rule.from == 0) return where + ": from no state of the table";
  if (rule.to != kSameState && rule.to >= table.states.size()) return where + ": to no state of the table";
  if (rule.outcome != StepOutcome::applied && (rule.booking != Booking::nothing || rule.to != kSameState))
    return where + ": not applied, and yet it moves or books";
  if (rule.outcome == StepOutcome::applied && rule.waits) return where + ": applied, and yet it waits";
  return {};
}

// States that can be reached from the first, and states that some rule leaves for another.
std::string reach_fault(const MachineTable& table) {
  std::uint32_t reached = 1;
  for (std::size_t round = 0; round < table.states.size(); ++round) {
    for (const MachineRule& rule : table.rules) {
      if (rule.to == kSameState || (rule.from & reached) == 0) continue;
      reached |= 1U << rule.to;
    }
  }
  for (std::size_t state = 0; state < table.states.size(); ++state) {
    if ((reached >> state & 1) == 0) return std::string(table.states[state].name) + ": no way into it";
  }
  return {};
}

}  // namespace

const MachineTable& machine_table(Machine machine) noexcept {
  static const MachineTable tables[kMachines] = {
      {"voucher", kVoucherStates, kVoucherEvents, voucher_rules()},
      {"refund", kRefundStates, kRefundEvents, refund_rules()},
      {"payout", kPayoutStates, kPayoutEvents, payout_rules()},
  };
  return tables[static_cast<std::size_t>(machine)];
}

NamedText text_of(Guard guard) noexcept { return kGuards[static_cast<std::size_t>(guard)]; }
NamedText text_of(Booking booking) noexcept { return kBookings[static_cast<std::size_t>(booking)]; }
NamedText text_of(Account account) noexcept { return kAccountTexts[static_cast<std::size_t>(account)]; }
NamedText text_of(StepReason reason) noexcept { return kReasons[static_cast<std::size_t>(reason)]; }
NamedText text_of(StepOutcome outcome) noexcept { return kOutcomes[static_cast<std::size_t>(outcome)]; }

MachineIndex::MachineIndex(const MachineTable& table) : table_(&table) {
  if (table.states.size() > ranges_.size() || table.events.size() > ranges_[0].size() ||
      table.rules.size() > UINT16_MAX)
    throw Error(ErrorCode::argument_invalid, "the table " + std::string(table.name) + " is larger than its index");
  for (std::size_t state = 0; state < table.states.size(); ++state) {
    for (std::size_t event = 0; event < table.events.size(); ++event) {
      Range& range = ranges_[state][event];
      range.begin = static_cast<std::uint16_t>(order_.size());
      for (std::size_t i = 0; i < table.rules.size(); ++i) {
        const MachineRule& rule = table.rules[i];
        if (rule.event != event || (rule.from >> state & 1) == 0) continue;
        if (order_.size() == UINT16_MAX) throw Error(ErrorCode::argument_invalid, "too many rules for one index");
        order_.push_back(static_cast<std::uint16_t>(i));
        ++range.size;
      }
    }
  }
}

const MachineIndex& machine_index(Machine machine) {
  static const MachineIndex indexes[kMachines] = {MachineIndex(machine_table(Machine::voucher)),
                                                  MachineIndex(machine_table(Machine::refund)),
                                                  MachineIndex(machine_table(Machine::payout))};
  return indexes[static_cast<std::size_t>(machine)];
}

std::string table_fault(const MachineTable& table) {
  for (const MachineRule& rule : table.rules) {
    if (std::string fault = rule_fault(table, rule); !fault.empty()) return fault;
  }
  const MachineIndex index(table);
  for (std::size_t state = 0; state < table.states.size(); ++state) {
    for (std::size_t event = 0; event < table.events.size(); ++event) {
      if (std::string fault = pair_fault(table, index, state, event); !fault.empty()) return fault;
    }
  }
  return reach_fault(table);
}

}  // namespace cuadre
