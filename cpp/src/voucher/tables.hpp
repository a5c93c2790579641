// How the rules of the three tables are written.
#pragma once

#include <cstdint>
#include <span>

#include "cuadre/voucher/table.hpp"

namespace cuadre {

struct SameState {};
inline constexpr SameState kSame{};

template <class... State>
constexpr std::uint32_t states(State... state) {
  return ((1U << static_cast<unsigned>(state)) | ...);
}

template <class Event>
constexpr MachineRule rule(std::uint32_t from, Event event, Guard guard, SameState /*to*/,
                           StepOutcome outcome = StepOutcome::applied, StepReason reason = StepReason::none,
                           Booking booking = Booking::nothing, bool waits = false) {
  return {from, static_cast<std::uint8_t>(event), guard, kSameState, outcome, reason, booking, waits};
}

template <class Event, class State>
constexpr MachineRule rule(std::uint32_t from, Event event, Guard guard, State to,
                           StepOutcome outcome = StepOutcome::applied, StepReason reason = StepReason::none,
                           Booking booking = Booking::nothing, bool waits = false) {
  return {from, static_cast<std::uint8_t>(event), guard, static_cast<std::uint8_t>(to), outcome, reason, booking,
          waits};
}

std::span<const MachineRule> voucher_rules() noexcept;
std::span<const MachineRule> refund_rules() noexcept;
std::span<const MachineRule> payout_rules() noexcept;

}  // namespace cuadre
