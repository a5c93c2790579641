// The refund's table.
#include "voucher/tables.hpp"

namespace cuadre {
namespace {

using S = RefundState;
using E = RefundEvent;
using G = Guard;
using B = Booking;
using R = StepReason;
constexpr auto kApplied = StepOutcome::applied;
constexpr auto kStale = StepOutcome::stale;
constexpr auto kQuarantined = StepOutcome::quarantined;
constexpr auto kRefused = StepOutcome::refused;
constexpr bool kWaits = true;

constexpr std::uint32_t kAsking = states(S::requested, S::awaiting_approval);
constexpr std::uint32_t kGone = states(S::sent, S::processing, S::unknown);  // with the gateway
constexpr std::uint32_t kNo = states(S::rejected, S::cancelled);
constexpr std::uint32_t kAll = kAsking | kGone | kNo | states(S::approved, S::refunded, S::in_payout, S::failed);

constexpr MachineRule kRules[] = {
    // People.
    rule(kAsking, E::approved, G::own_approval, kSame, kRefused, R::four_eyes),
    rule(kAsking, E::approved, G::approvals_complete, S::approved),
    rule(kAsking, E::approved, G::always, S::awaiting_approval),
    rule(kNo | states(S::failed), E::approved, G::always, kSame, kRefused, R::ended_already),
    rule(kGone | states(S::approved, S::refunded, S::in_payout), E::approved, G::always, kSame, kStale, R::already_so),

    rule(kAsking | states(S::approved), E::declined, G::always, S::rejected),
    rule(kGone | states(S::refunded, S::in_payout), E::declined, G::always, kSame, kRefused, R::too_late),
    rule(kNo | states(S::failed), E::declined, G::always, kSame, kStale, R::ended_already),

    rule(kAsking | states(S::approved), E::cancelled, G::always, S::cancelled),
    rule(kGone, E::cancelled, G::from_gateway, S::cancelled),
    rule(states(S::refunded), E::cancelled, G::from_gateway, kSame, kQuarantined, R::failed_after_done),
    rule(kGone | states(S::refunded, S::in_payout), E::cancelled, G::always, kSame, kRefused, R::too_late),
    rule(kNo | states(S::failed), E::cancelled, G::always, kSame, kStale, R::ended_already),

    // Our request.
    rule(kAll, E::sent, G::other_key, kSame, kRefused, R::other_key),
    rule(states(S::requested), E::sent, G::approvals_missing, kSame, kRefused, R::not_approved, B::nothing, kWaits),
    rule(states(S::requested, S::approved, S::unknown), E::sent, G::always, S::sent),
    rule(states(S::awaiting_approval), E::sent, G::always, kSame, kRefused, R::not_approved, B::nothing, kWaits),
    rule(states(S::sent, S::processing, S::refunded), E::sent, G::always, kSame, kStale, R::already_so),
    rule(kNo | states(S::failed, S::in_payout), E::sent, G::always, kSame, kRefused, R::ended_already),

    rule(states(S::approved, S::sent), E::timed_out, G::always, S::unknown),
    rule(kAsking, E::timed_out, G::always, kSame, kQuarantined, R::not_sent, B::nothing, kWaits),
    rule(states(S::processing, S::refunded, S::failed) | kNo, E::timed_out, G::always, kSame, kStale, R::ended_already),
    rule(states(S::unknown), E::timed_out, G::always, kSame, kStale, R::already_so),
    rule(states(S::in_payout), E::timed_out, G::always, kSame, kQuarantined, R::too_late),

    rule(states(S::unknown), E::not_found, G::always, S::approved, kApplied, R::send_again),
    rule(states(S::sent), E::not_found, G::always, S::unknown, kApplied, R::unknown_first),
    rule(kAsking | states(S::approved), E::not_found, G::always, kSame, kStale, R::already_so),
    rule(states(S::processing, S::refunded), E::not_found, G::always, kSame, kQuarantined, R::failed_after_done),
    rule(kNo | states(S::failed, S::in_payout), E::not_found, G::always, kSame, kStale, R::ended_already),

    // The gateway.
    rule(states(S::approved, S::sent, S::unknown), E::processing, G::always, S::processing),
    rule(states(S::requested), E::processing, G::approvals_missing, kSame, kQuarantined, R::not_approved, B::nothing,
         kWaits),
    rule(states(S::requested), E::processing, G::always, S::processing),
    rule(states(S::awaiting_approval), E::processing, G::always, kSame, kQuarantined, R::not_approved, B::nothing,
         kWaits),
    rule(states(S::processing), E::processing, G::always, kSame, kStale, R::already_so),
    rule(states(S::refunded, S::failed), E::processing, G::always, kSame, kStale, R::ended_already),
    rule(kNo | states(S::in_payout), E::processing, G::always, kSame, kQuarantined, R::against_our_word),

    rule(kAll, E::refunded, G::other_amount, kSame, kQuarantined, R::amount_differs),
    rule(states(S::requested), E::refunded, G::approvals_missing, S::refunded, kApplied, R::without_approval, B::repay),
    rule(kGone | states(S::requested, S::approved), E::refunded, G::always, S::refunded, kApplied, R::none, B::repay),
    rule(states(S::awaiting_approval), E::refunded, G::always, S::refunded, kApplied, R::without_approval, B::repay),
    rule(kNo, E::refunded, G::always, S::refunded, kApplied, R::against_our_word, B::repay),
    rule(states(S::failed), E::refunded, G::always, S::refunded, kApplied, R::corrected, B::repay),
    rule(states(S::refunded), E::refunded, G::always, kSame, kQuarantined, R::paid_again),
    rule(states(S::in_payout), E::refunded, G::always, kSame, kQuarantined, R::against_our_word, B::nothing, kWaits),

    rule(kGone | states(S::approved), E::failed, G::always, S::failed),
    rule(states(S::requested), E::failed, G::approvals_missing, kSame, kQuarantined, R::not_sent, B::nothing, kWaits),
    rule(states(S::requested), E::failed, G::always, S::failed),
    rule(states(S::awaiting_approval), E::failed, G::always, kSame, kQuarantined, R::not_sent, B::nothing, kWaits),
    rule(states(S::refunded), E::failed, G::by_payout, kSame, kStale, R::ended_already),
    rule(states(S::refunded), E::failed, G::always, S::failed, kApplied, R::came_back, B::repay_undo),
    rule(kNo | states(S::failed, S::in_payout), E::failed, G::always, kSame, kStale, R::ended_already),

    // Cash cannot go back: a payout takes it over.
    rule(states(S::requested), E::payout_started, G::approvals_missing, kSame, kRefused, R::not_approved, B::nothing,
         kWaits),
    rule(states(S::requested, S::approved, S::failed), E::payout_started, G::always, S::in_payout, kApplied, R::none,
         B::hand_over),
    rule(states(S::awaiting_approval), E::payout_started, G::always, kSame, kRefused, R::not_approved, B::nothing,
         kWaits),
    rule(kGone, E::payout_started, G::always, kSame, kRefused, R::unknown_first, B::nothing, kWaits),
    rule(states(S::in_payout), E::payout_started, G::always, kSame, kRefused, R::already_so, B::nothing, kWaits),
    rule(kNo | states(S::refunded), E::payout_started, G::always, kSame, kRefused, R::ended_already),

    // Told late, when the payout was thought to have ended: the buyer has the money.
    rule(states(S::in_payout, S::approved), E::payout_collected, G::other_payout, kSame, kQuarantined, R::no_payout,
         B::nothing, kWaits),
    rule(states(S::in_payout), E::payout_collected, G::always, S::refunded),
    rule(states(S::approved), E::payout_collected, G::always, S::refunded, kApplied, R::collected_late, B::hand_over),
    rule(kAll & ~states(S::in_payout, S::approved), E::payout_collected, G::always, kSame, kQuarantined, R::no_payout,
         B::nothing, kWaits),

    // A payout that was collected did not fail, whenever each was told; only money that came back did.
    rule(states(S::in_payout), E::payout_failed, G::other_payout, kSame, kQuarantined, R::no_payout, B::nothing,
         kWaits),
    rule(states(S::in_payout), E::payout_failed, G::always, S::approved, kApplied, R::came_back, B::hand_over_undo),
    rule(states(S::refunded), E::payout_failed, G::by_payout, kSame, kStale, R::ended_already),
    rule(kAll & ~states(S::in_payout), E::payout_failed, G::always, kSame, kQuarantined, R::no_payout, B::nothing,
         kWaits),

    rule(states(S::in_payout, S::refunded), E::payout_returned, G::other_payout, kSame, kQuarantined, R::no_payout,
         B::nothing, kWaits),
    rule(states(S::in_payout), E::payout_returned, G::always, S::approved, kApplied, R::came_back, B::hand_over_undo),
    rule(states(S::refunded), E::payout_returned, G::by_payout, S::approved, kApplied, R::came_back, B::hand_over_undo),
    rule(kAll & ~states(S::in_payout), E::payout_returned, G::always, kSame, kQuarantined, R::no_payout, B::nothing,
         kWaits),
};

}  // namespace

std::span<const MachineRule> refund_rules() noexcept { return kRules; }

}  // namespace cuadre
