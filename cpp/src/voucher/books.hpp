// What a rule asks before it holds, and what it does to the totals and the books.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "cuadre/voucher.hpp"

namespace cuadre {

// A refund that was asked for, or a payout that took a refund over.
struct Request {
  enum class Status : std::uint8_t { open, done, failed } status;
  std::string_view operation;
  std::int64_t amount_minor;
};

// Everything a guard may look at, and everything a step may change.
struct FoldState {
  Machine machine{};
  FoldTerms terms{};
  std::uint8_t state = 0;
  Totals totals{};
  Entries balances{};
  std::string_view key;     // of the first `sent`
  std::string_view payout;  // that took the refund over
  std::vector<Request> requests;
  std::vector<std::int64_t> payments;  // where only whole ones are given back

  void start(Machine of, const FoldTerms& with);
  std::size_t request(std::string_view operation) const noexcept;  // requests.size(): none
};

bool holds(Guard guard, const FoldState& now, const EventView& event);

// The entries of a booking, already added to the balances.
Entries book(Booking booking, FoldState& now, const EventView& event);

// What the event itself changes, whatever is booked. `event` may be `paid` for a settlement that shows its payment.
void count(FoldState& now, std::uint8_t event, const EventView& view);

// The amount of the event; of a refund or payout that does not say one, the agreed one.
std::int64_t amount_of(const FoldState& now, const EventView& event) noexcept;

}  // namespace cuadre
