// From the events that were told to the facts that count: repetitions and contradictions set aside, settlements paired
// with the payments they hand on, everything in canonical order.
#pragma once

#include <compare>
#include <cstdint>
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
Identity identity(Machine machine, std::uint8_t event) noexcept;
bool carries_amount(Machine machine, std::uint8_t event) noexcept;

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

}  // namespace cuadre
