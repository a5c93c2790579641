// The payout's table.
#include "voucher/tables.hpp"

namespace cuadre {
namespace {

using S = PayoutState;
using E = PayoutEvent;
using G = Guard;
using B = Booking;
using R = StepReason;
constexpr auto kApplied = StepOutcome::applied;
constexpr auto kStale = StepOutcome::stale;
constexpr auto kQuarantined = StepOutcome::quarantined;
constexpr auto kRefused = StepOutcome::refused;
constexpr bool kWaits = true;

constexpr std::uint32_t kAsked = states(S::sent, S::unknown);
constexpr std::uint32_t kNotOut = kAsked | states(S::created);
constexpr std::uint32_t kLive = kNotOut | states(S::waiting);
constexpr std::uint32_t kEnded = states(S::expired, S::reversed, S::rejected);
constexpr std::uint32_t kAll = kLive | kEnded | states(S::collected, S::returned);

constexpr MachineRule kRules[] = {
    // Our request.
    rule(kAll, E::sent, G::other_key, kSame, kRefused, R::other_key),
    rule(states(S::created, S::unknown), E::sent, G::always, S::sent, kApplied, R::none, B::commit),
    rule(states(S::sent, S::waiting, S::collected), E::sent, G::always, kSame, kStale, R::already_so),
    rule(kEnded | states(S::returned), E::sent, G::always, kSame, kRefused, R::ended_already),

    rule(states(S::created, S::sent), E::timed_out, G::always, S::unknown, kApplied, R::none, B::commit),
    rule(states(S::unknown), E::timed_out, G::always, kSame, kStale, R::already_so),
    rule(states(S::waiting, S::collected, S::returned) | kEnded, E::timed_out, G::always, kSame, kStale,
         R::ended_already),

    rule(states(S::unknown), E::not_found, G::always, S::created, kApplied, R::send_again),
    rule(states(S::sent), E::not_found, G::always, S::unknown, kApplied, R::unknown_first),
    rule(states(S::created), E::not_found, G::always, kSame, kStale, R::already_so),
    rule(states(S::waiting, S::collected), E::not_found, G::always, kSame, kQuarantined, R::failed_after_done),
    rule(kEnded | states(S::returned), E::not_found, G::always, kSame, kStale, R::ended_already),

    // The code is out.
    rule(kNotOut, E::waiting, G::always, S::waiting, kApplied, R::none, B::commit),
    rule(states(S::waiting), E::waiting, G::always, kSame, kStale, R::already_so),
    rule(states(S::expired), E::waiting, G::always, S::waiting, kApplied, R::reopened, B::commit),
    rule(states(S::reversed, S::rejected), E::waiting, G::always, kSame, kQuarantined, R::open_after_end),
    rule(states(S::collected, S::returned), E::waiting, G::always, kSame, kStale, R::ended_already),

    // Cash.
    rule(kAll, E::collected, G::other_amount, kSame, kQuarantined, R::amount_differs),
    rule(kLive, E::collected, G::always, S::collected, kApplied, R::none, B::collect),
    rule(kEnded, E::collected, G::always, S::collected, kApplied, R::collected_late, B::collect),
    rule(states(S::collected, S::returned), E::collected, G::always, kSame, kQuarantined, R::collected_twice),

    rule(states(S::collected), E::returned, G::always, S::returned, kApplied, R::came_back, B::come_back),
    rule(states(S::returned), E::returned, G::always, kSame, kStale, R::already_so),
    rule(kLive | kEnded, E::returned, G::always, kSame, kQuarantined, R::not_collected, B::nothing, kWaits),

    // The end without cash.
    rule(kLive, E::expired, G::expiry_moved, kSame, kStale, R::expiry_moved),
    rule(kAsked, E::expired, G::from_gateway, S::expired, kApplied, R::none, B::release),
    rule(kAsked, E::expired, G::always, kSame, kRefused, R::unknown_first, B::nothing, kWaits),
    rule(states(S::created, S::waiting), E::expired, G::always, S::expired, kApplied, R::none, B::release),
    rule(states(S::expired), E::expired, G::always, kSame, kStale, R::already_so),
    rule(states(S::reversed, S::rejected, S::collected, S::returned), E::expired, G::always, kSame, kStale,
         R::ended_already),

    rule(states(S::created, S::waiting), E::reversed, G::always, S::reversed, kApplied, R::none, B::release),
    rule(kAsked, E::reversed, G::from_gateway, S::reversed, kApplied, R::none, B::release),
    rule(kAsked, E::reversed, G::always, kSame, kRefused, R::unknown_first, B::nothing, kWaits),
    rule(states(S::collected), E::reversed, G::from_gateway, kSame, kQuarantined, R::failed_after_done),
    rule(states(S::collected), E::reversed, G::always, kSame, kRefused, R::too_late),
    rule(states(S::reversed), E::reversed, G::always, kSame, kStale, R::already_so),
    rule(states(S::expired, S::rejected, S::returned), E::reversed, G::always, kSame, kStale, R::ended_already),

    rule(states(S::waiting), E::rejected, G::point_empty, kSame, kApplied, R::point_empty),
    rule(kLive, E::rejected, G::always, S::rejected, kApplied, R::none, B::release),
    rule(states(S::collected), E::rejected, G::always, kSame, kQuarantined, R::failed_after_done),
    rule(states(S::rejected), E::rejected, G::always, kSame, kStale, R::already_so),
    rule(states(S::expired, S::reversed, S::returned), E::rejected, G::always, kSame, kStale, R::ended_already),
};

}  // namespace

std::span<const MachineRule> payout_rules() noexcept { return kRules; }

}  // namespace cuadre
