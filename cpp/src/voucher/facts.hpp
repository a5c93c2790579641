// From the events that were told to the facts that count: repetitions and contradictions set aside, settlements paired
// with the payments they hand on, everything in canonical order.
#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "cuadre/voucher.hpp"

namespace cuadre {

// What makes two tellings the same fact.
enum class Identity : std::uint8_t {
  operation,  // the payment, refund or payout it is about
  person,     // who did it
  instant     // its id and when it occurred
};
// What is known of each kind of event; worked out when compiled, because every comparison asks.
struct FactRule {
  Identity identity = Identity::instant;
  bool carries_amount = false;
};
using FactRules = std::array<std::array<FactRule, 16>, kMachines>;
consteval FactRules fact_rules() {
#define CUADRE_X(name, flag, en, es) flag,
  constexpr bool kVoucher[] = {CUADRE_VOUCHER_EVENTS(CUADRE_X)};
  constexpr bool kRefund[] = {CUADRE_REFUND_EVENTS(CUADRE_X)};
  constexpr bool kPayout[] = {CUADRE_PAYOUT_EVENTS(CUADRE_X)};
#undef CUADRE_X
  FactRules rules{};
  const auto carry = [&](Machine machine, std::size_t event, bool carries) {
    rules[static_cast<std::size_t>(machine)][event] = {carries ? Identity::operation : Identity::instant, carries};
  };
  for (std::size_t i = 0; i < std::size(kVoucher); ++i) carry(Machine::voucher, i, kVoucher[i]);
  for (std::size_t i = 0; i < std::size(kRefund); ++i) carry(Machine::refund, i, kRefund[i]);
  for (std::size_t i = 0; i < std::size(kPayout); ++i) carry(Machine::payout, i, kPayout[i]);
  const auto known_by = [&](Machine machine, auto event, Identity identity) {
    rules[static_cast<std::size_t>(machine)][static_cast<std::size_t>(event)].identity = identity;
  };
  known_by(Machine::voucher, VoucherEvent::refund_failed, Identity::operation);
  known_by(Machine::refund, RefundEvent::approved, Identity::person);
  known_by(Machine::refund, RefundEvent::payout_started, Identity::operation);
  known_by(Machine::refund, RefundEvent::payout_collected, Identity::operation);
  known_by(Machine::refund, RefundEvent::payout_failed, Identity::operation);
  known_by(Machine::refund, RefundEvent::payout_returned, Identity::operation);
  return rules;
}
inline constexpr FactRules kFactRules = fact_rules();

constexpr Identity identity(Machine machine, std::uint8_t event) noexcept {
  return kFactRules[static_cast<std::size_t>(machine)][event].identity;
}
constexpr bool carries_amount(Machine machine, std::uint8_t event) noexcept {
  return kFactRules[static_cast<std::size_t>(machine)][event].carries_amount;
}

// The name of the fact; empty for a report that names no operation.
std::string_view fact_name(Machine machine, const EventView& event) noexcept;

// Every field but the time of receipt, in an order that is the same everywhere.
std::strong_ordering compare_content(const EventView& left, const EventView& right) noexcept;

class Facts {
 public:
  struct Item {
    std::uint32_t index;
    std::uint8_t event;
    bool implied;  // the payment that a settlement shows
  };
  struct Aside {
    std::uint32_t index;
    StepOutcome outcome;
    StepReason reason;
  };

  explicit Facts(Machine machine) : machine_(machine) {}
  void sort_out(std::span<const EventView> events);
  std::span<const Item> items() const noexcept { return items_; }  // in canonical order
  std::span<const Aside> asides() const noexcept { return asides_; }

 private:
  struct Half {  // a settlement or a payment, and whether its other half is known
    std::uint32_t index;
    bool paired;
  };

  bool same_fact(const EventView& left, const EventView& right) const noexcept;
  std::strong_ordering compare_fact(std::uint32_t left, std::uint32_t right) const noexcept;
  bool before(const Item& left, const Item& right) const noexcept;
  bool all_differ() const noexcept;
  void find_facts();
  std::size_t close_fact(std::size_t begin);
  void merge_reports(std::size_t begin);
  void pair_settlements();

  Machine machine_;
  std::span<const EventView> events_;
  std::vector<std::uint32_t> order_;
  std::vector<Item> items_;
  std::vector<Half> settlements_, payments_;
  std::vector<Aside> asides_;
};

// What a step means to whoever told the event; `overtaken`: later events were there before it.
constexpr Outcome outcome_of(StepOutcome outcome, bool overtaken) noexcept {
  switch (outcome) {
    case StepOutcome::applied:
      return overtaken ? Outcome::merged : Outcome::applied;
    case StepOutcome::duplicate:
      return Outcome::duplicate;
    case StepOutcome::stale:
      return Outcome::stale;
    case StepOutcome::quarantined:
      return Outcome::quarantined;
    case StepOutcome::refused:
      break;
  }
  return Outcome::refused;
}

}  // namespace cuadre
