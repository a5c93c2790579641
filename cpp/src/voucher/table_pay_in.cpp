// The voucher's table.
#include "voucher/tables.hpp"

namespace cuadre {
namespace {

using S = VoucherState;
using E = VoucherEvent;
using G = Guard;
using B = Booking;
using R = StepReason;
constexpr auto kApplied = StepOutcome::applied;
constexpr auto kStale = StepOutcome::stale;
constexpr auto kQuarantined = StepOutcome::quarantined;
constexpr auto kRefused = StepOutcome::refused;
constexpr bool kWaits = true;

constexpr std::uint32_t kOpen = states(S::created, S::pending);
constexpr std::uint32_t kEnded = states(S::expired, S::cancelled, S::rejected);
constexpr std::uint32_t kUnpaid = kOpen | kEnded;
constexpr std::uint32_t kReview = states(S::underpaid, S::overpaid, S::paid_late, S::paid_twice);
constexpr std::uint32_t kEarned = states(S::paid, S::settled, S::partly_refunded);
constexpr std::uint32_t kHolding = kReview | kEarned;  // money is there
constexpr std::uint32_t kRefunded = states(S::refunded);
constexpr std::uint32_t kReversed = states(S::reversed);
constexpr std::uint32_t kAll = kUnpaid | kHolding | kRefunded | kReversed;

constexpr MachineRule kRules[] = {
    // The gateway waits.
    rule(states(S::created), E::pending, G::always, S::pending),
    rule(states(S::expired), E::pending, G::always, S::pending, kApplied, R::reopened),
    rule(kReversed, E::pending, G::always, S::pending, kApplied, R::reopened),
    rule(states(S::pending), E::pending, G::always, kSame, kStale, R::already_so),
    rule(states(S::cancelled, S::rejected), E::pending, G::always, kSame, kQuarantined, R::open_after_end),
    rule(kHolding, E::pending, G::always, kSame, kQuarantined, R::pending_after_payment),
    rule(kRefunded, E::pending, G::always, kSame, kStale, R::after_payment),

    rule(kAll, E::extended, G::expiry_past, kSame, kRefused, R::expiry_past),
    rule(kOpen, E::extended, G::always, kSame),
    rule(states(S::expired), E::extended, G::always, S::pending, kApplied, R::reopened),
    rule(kReversed, E::extended, G::always, S::pending, kApplied, R::reopened),
    rule(states(S::cancelled, S::rejected), E::extended, G::always, kSame, kRefused, R::ended_already),
    rule(kHolding | kRefunded, E::extended, G::always, kSame, kStale, R::after_payment),

    // Cash.
    rule(kUnpaid | kReversed | states(S::underpaid), E::paid, G::there_below_due, S::underpaid, kApplied, R::paid_short,
         B::receive),
    rule(kUnpaid | kReversed | states(S::underpaid), E::paid, G::there_above_due, S::overpaid, kApplied, R::paid_over,
         B::receive),
    rule(kEnded, E::paid, G::always, S::paid_late, kApplied, R::paid_after_end, B::receive),
    rule(kOpen | kReversed | states(S::underpaid), E::paid, G::after_expiry, S::paid_late, kApplied, R::paid_after_end,
         B::receive),
    rule(states(S::underpaid), E::paid, G::late_before, S::paid_late, kApplied, R::paid_after_end, B::receive),
    rule(kOpen | kReversed | states(S::underpaid), E::paid, G::always, S::paid, kApplied, R::none, B::receive_earn),
    rule(kEarned | kRefunded | states(S::overpaid, S::paid_late, S::paid_twice), E::paid, G::whole_again, S::paid_twice,
         kApplied, R::paid_again, B::receive),
    rule(kEarned | kRefunded | states(S::overpaid, S::paid_late, S::paid_twice), E::paid, G::always, S::overpaid,
         kApplied, R::paid_over, B::receive),

    rule(kUnpaid, E::settled, G::always, kSame, kQuarantined, R::nothing_paid, B::nothing, kWaits),
    rule(kHolding | kRefunded | kReversed, E::settled, G::beyond_paid, kSame, kQuarantined, R::settled_beyond_paid,
         B::nothing, kWaits),
    rule(states(S::paid), E::settled, G::settles_all, S::settled, kApplied, R::none, B::settle),
    rule(kHolding | kRefunded | kReversed, E::settled, G::always, kSame, kApplied, R::none, B::settle),

    // Money back to the buyer.
    rule(kUnpaid, E::refund_requested, G::always, kSame, kRefused, R::nothing_paid, B::nothing, kWaits),
    rule(kHolding | kRefunded | kReversed, E::refund_requested, G::request_done, kSame, kStale, R::already_so),
    rule(kHolding | kRefunded | kReversed, E::refund_requested, G::refund_none, kSame, kRefused, R::refund_not_offered),
    rule(kHolding | kRefunded | kReversed, E::refund_requested, G::beyond_free, kSame, kRefused, R::beyond_paid,
         B::nothing, kWaits),
    rule(kHolding | kRefunded | kReversed, E::refund_requested, G::refund_part, kSame, kRefused, R::part_not_offered,
         B::nothing, kWaits),
    rule(kHolding | kRefunded | kReversed, E::refund_requested, G::refund_unsettled, kSame, kRefused, R::not_settled,
         B::nothing, kWaits),
    rule(kHolding | kRefunded | kReversed, E::refund_requested, G::window_closed, kSame, kRefused, R::window_closed),
    rule(kHolding | kRefunded | kReversed, E::refund_requested, G::always, kSame),

    rule(kUnpaid, E::refunded, G::always, kSame, kQuarantined, R::nothing_paid, B::nothing, kWaits),
    rule(kHolding, E::refunded, G::beyond_there, kSame, kQuarantined, R::beyond_paid, B::nothing, kWaits),
    rule(kHolding, E::refunded, G::leaves_nothing, S::refunded, kApplied, R::none, B::give_back),
    rule(states(S::overpaid, S::paid_twice), E::refunded, G::leaves_due_late, S::paid_late, kApplied, R::paid_after_end,
         B::give_back),
    rule(states(S::overpaid, S::paid_twice), E::refunded, G::leaves_due_settled, S::settled, kApplied, R::surplus_gone,
         B::give_back_earn),
    rule(states(S::overpaid, S::paid_twice), E::refunded, G::leaves_due, S::paid, kApplied, R::surplus_gone,
         B::give_back_earn),
    rule(states(S::overpaid, S::paid_twice), E::refunded, G::leaves_more, kSame, kApplied, R::paid_over, B::give_back),
    rule(states(S::underpaid, S::paid_late), E::refunded, G::always, kSame, kApplied, R::none, B::give_back),
    rule(states(S::overpaid, S::paid_twice), E::refunded, G::always, S::underpaid, kApplied, R::paid_short,
         B::give_back),
    rule(kEarned, E::refunded, G::always, S::partly_refunded, kApplied, R::none, B::give_back),
    rule(kRefunded | kReversed, E::refunded, G::always, kSame, kQuarantined, R::beyond_paid, B::nothing, kWaits),

    rule(kAll, E::refund_failed, G::request_open, kSame),
    rule(kAll, E::refund_failed, G::request_done, kSame, kQuarantined, R::failed_after_done),
    rule(kAll, E::refund_failed, G::always, kSame, kQuarantined, R::refund_unknown, B::nothing, kWaits),

    // The gateway takes a payment back.
    rule(kUnpaid, E::reversed, G::always, kSame, kQuarantined, R::nothing_paid, B::nothing, kWaits),
    rule(kHolding, E::reversed, G::beyond_there, kSame, kQuarantined, R::beyond_paid, B::nothing, kWaits),
    rule(kHolding, E::reversed, G::leaves_nothing, S::reversed, kApplied, R::none, B::take_back),
    rule(states(S::overpaid, S::paid_twice), E::reversed, G::leaves_due_late, S::paid_late, kApplied, R::paid_after_end,
         B::take_back),
    rule(states(S::overpaid, S::paid_twice), E::reversed, G::leaves_due_settled, S::settled, kApplied, R::surplus_gone,
         B::take_back_earn),
    rule(states(S::overpaid, S::paid_twice), E::reversed, G::leaves_due, S::paid, kApplied, R::surplus_gone,
         B::take_back_earn),
    rule(states(S::overpaid, S::paid_twice), E::reversed, G::leaves_more, kSame, kApplied, R::paid_over, B::take_back),
    rule(states(S::partly_refunded, S::underpaid), E::reversed, G::always, kSame, kApplied, R::taken_back_in_part,
         B::take_back),
    rule(kHolding & ~states(S::partly_refunded, S::underpaid), E::reversed, G::always, S::underpaid, kApplied,
         R::taken_back_in_part, B::take_back),
    rule(kRefunded | kReversed, E::reversed, G::always, kSame, kQuarantined, R::beyond_paid, B::nothing, kWaits),

    // A person decides.
    rule(kReview, E::accepted, G::all_settled, S::settled, kApplied, R::none, B::earn),
    rule(kReview, E::accepted, G::always, S::paid, kApplied, R::none, B::earn),
    // It does not wait: nobody has seen the money that comes later.
    rule(kUnpaid | kReversed, E::accepted, G::always, kSame, kRefused, R::nothing_to_accept),
    rule(kEarned | kRefunded, E::accepted, G::always, kSame, kStale, R::nothing_to_accept),

    // The end of an unpaid voucher.
    rule(kOpen, E::expired, G::expiry_moved, kSame, kStale, R::expiry_moved),
    rule(kOpen, E::expired, G::always, S::expired),
    rule(states(S::expired), E::expired, G::always, kSame, kStale, R::already_so),
    rule(states(S::cancelled, S::rejected) | kReversed, E::expired, G::always, kSame, kStale, R::ended_already),
    rule(kHolding | kRefunded, E::expired, G::always, kSame, kStale, R::after_payment),

    rule(kOpen, E::cancelled, G::always, S::cancelled),
    rule(states(S::cancelled), E::cancelled, G::always, kSame, kStale, R::already_so),
    rule(states(S::expired, S::rejected) | kReversed | kRefunded, E::cancelled, G::always, kSame, kStale,
         R::ended_already),
    rule(kHolding, E::cancelled, G::always, kSame, kQuarantined, R::ended_after_payment),

    rule(kOpen, E::rejected, G::always, S::rejected),
    rule(states(S::rejected), E::rejected, G::always, kSame, kStale, R::already_so),
    rule(states(S::expired, S::cancelled) | kReversed | kRefunded, E::rejected, G::always, kSame, kStale,
         R::ended_already),
    rule(kHolding, E::rejected, G::always, kSame, kQuarantined, R::ended_after_payment),
};

}  // namespace

std::span<const MachineRule> voucher_rules() noexcept { return kRules; }

}  // namespace cuadre
