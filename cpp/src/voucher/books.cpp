#include "voucher/books.hpp"

#include <algorithm>

#include "voucher/facts.hpp"
#include "voucher/tables.hpp"

namespace cuadre {
namespace {

constexpr std::uint32_t kEnded = states(VoucherState::expired, VoucherState::cancelled, VoucherState::rejected);

std::string_view operation(const EventView& event) noexcept {
  return event.operation_id.empty() ? event.id : event.operation_id;
}

bool after(std::int64_t expires_at_us, const EventView& event) noexcept {
  return expires_at_us != kNoTime && event.occurred_at_us > expires_at_us;
}

// What would be settled is at least what is paid and not taken back.
bool covered(const Totals& totals, std::int64_t reversed_minor) noexcept {
  return totals.settled > 0 && totals.settled >= totals.paid - reversed_minor;
}

bool from_gateway(EventSource source) noexcept {
  return source == EventSource::notification || source == EventSource::poll || source == EventSource::settlement;
}

void add(Entries& entries, Account account, std::int64_t minor) noexcept {
  entries[static_cast<std::size_t>(account)] += minor;
}

void move(Entries& entries, Account to, Account from, std::int64_t minor) noexcept {
  add(entries, to, minor);
  add(entries, from, -minor);
}

// Money that leaves what is there: first what nobody has decided about.
void take(Entries& entries, Totals& totals, Account to, std::int64_t minor) noexcept {
  const std::int64_t held = std::min(totals.held, minor);
  move(entries, Account::buyer, to, held);
  move(entries, Account::merchant, to, minor - held);
  totals.held -= held;
  totals.earned -= minor - held;
}

void earn(Entries& entries, Totals& totals) noexcept {
  move(entries, Account::buyer, Account::merchant, totals.held);
  totals.earned += totals.held;
  totals.held = 0;
}

void commit(Entries& entries, FoldState& now, bool committed) noexcept {
  if (now.totals.committed == committed) return;
  now.totals.committed = committed;
  if (now.terms.linked) return;  // the refund has booked it
  const std::int64_t minor = committed ? now.terms.amount_minor : -now.terms.amount_minor;
  move(entries, Account::merchant, Account::payouts, minor);
}

void settle(Entries& entries, const EventView& event) noexcept {
  add(entries, Account::bank, event.amount_minor - event.fee_minor - event.tax_minor);
  add(entries, Account::fees, event.fee_minor);
  add(entries, Account::taxes, event.tax_minor);
  add(entries, Account::gateway, -event.amount_minor);
}

}  // namespace

void FoldState::start(Machine of, const FoldTerms& with) {
  machine = of;
  terms = with;
  state = 0;
  totals = {};
  totals.due = with.amount_minor;
  totals.expires_at_us = with.expires_at_us;
  balances = {};
  key = payout = {};
  requests.clear();
  payments.clear();
}

std::size_t FoldState::request(std::string_view of) const noexcept {
  const auto found =
      std::find_if(requests.begin(), requests.end(), [&](const Request& r) { return r.operation == of; });
  return static_cast<std::size_t>(found - requests.begin());
}

std::int64_t amount_of(const FoldState& now, const EventView& event) noexcept {
  return event.has_amount ? event.amount_minor : now.terms.amount_minor;
}

bool holds(Guard guard, const FoldState& now, const EventView& event) {
  const Totals& totals = now.totals;
  const std::int64_t amount = amount_of(now, event);
  const std::int64_t there = totals.there();
  const RefundRules& rules = now.terms.refund_rules;
  const auto status = [&] {
    const std::size_t at = now.request(operation(event));
    return at == now.requests.size() ? Request::Status::failed : now.requests[at].status;
  };
  switch (guard) {
    case Guard::always:
      return true;
    case Guard::there_below_due:
      return there + amount < totals.due;
    case Guard::there_above_due:
      return there + amount > totals.due;
    case Guard::after_expiry:
      return after(totals.expires_at_us, event);
    case Guard::late_before:
      return totals.late;
    case Guard::whole_again:
      return amount == now.terms.amount_minor;
    case Guard::beyond_there:
      return amount > there;
    case Guard::leaves_nothing:
      return amount == there;
    case Guard::leaves_due_late:
      return there - amount == totals.due && totals.late;
    case Guard::leaves_due_settled: {
      const bool reversal = event.event == static_cast<std::uint8_t>(VoucherEvent::reversed);
      return there - amount == totals.due && covered(totals, totals.reversed + (reversal ? amount : 0));
    }
    case Guard::leaves_due:
      return there - amount == totals.due;
    case Guard::leaves_more:
      return there - amount > totals.due;
    case Guard::beyond_paid:
      return totals.settled + amount > totals.paid;
    case Guard::settles_all:
      return totals.settled + amount >= totals.paid - totals.reversed;
    case Guard::all_settled:
      return covered(totals, totals.reversed);
    case Guard::expiry_moved:
      return event.source == EventSource::clock && totals.expires_at_us != kNoTime &&
             event.occurred_at_us < totals.expires_at_us;
    case Guard::expiry_past:
      return event.expires_at_us <= event.occurred_at_us;
    case Guard::refund_none:
      return !rules.offered && event.code != "payout";
    case Guard::beyond_free:
      return amount > there - totals.reserved;
    case Guard::refund_part:
      return rules.whole_only && amount != there && std::ranges::find(now.payments, amount) == now.payments.end();
    case Guard::refund_unsettled:
      return rules.after_settlement && !covered(totals, totals.reversed);
    case Guard::window_closed:
      return rules.window_s >= 0 && totals.first_paid_at_us != kNoTime &&
             event.occurred_at_us - totals.first_paid_at_us > rules.window_s * 1'000'000;
    case Guard::request_open:
      return status() == Request::Status::open;
    case Guard::request_done:
      return status() == Request::Status::done;
    case Guard::own_approval:
      return event.person == now.terms.requested_by;
    case Guard::approvals_complete:
      return totals.approvals + 1 >= now.terms.approvals_needed;
    case Guard::approvals_missing:
      return totals.approvals < now.terms.approvals_needed;
    case Guard::other_key:
      return !now.key.empty() && now.key != event.id;
    case Guard::other_amount:
      return amount != now.terms.amount_minor;
    case Guard::from_gateway:
      return from_gateway(event.source);
    case Guard::by_payout:
      return totals.by_payout;
    case Guard::other_payout:
      return now.payout != operation(event);
    case Guard::point_empty:
      return event.code == "no_cash";
  }
  return false;
}

Entries book(Booking booking, FoldState& now, const EventView& event) {
  Entries entries{};
  Totals& totals = now.totals;
  const std::int64_t amount = amount_of(now, event);
  switch (booking) {
    case Booking::nothing:
      return entries;
    case Booking::receive:
    case Booking::receive_earn:
      move(entries, Account::gateway, Account::buyer, amount);
      totals.held += amount;
      if (booking == Booking::receive_earn) earn(entries, totals);
      break;
    case Booking::earn:
      earn(entries, totals);
      break;
    case Booking::settle:
      settle(entries, event);
      break;
    case Booking::take_back:
    case Booking::take_back_earn:
      take(entries, totals, Account::gateway, amount);
      if (booking == Booking::take_back_earn) earn(entries, totals);
      break;
    case Booking::give_back:
    case Booking::give_back_earn:
      take(entries, totals, Account::refunds, amount);
      if (booking == Booking::give_back_earn) earn(entries, totals);
      break;
    case Booking::repay:
      move(entries, Account::refunds, Account::gateway, amount);
      break;
    case Booking::repay_undo:
      move(entries, Account::gateway, Account::refunds, amount);
      break;
    case Booking::hand_over:
      move(entries, Account::refunds, Account::payouts, amount);
      break;
    case Booking::hand_over_undo:
      move(entries, Account::payouts, Account::refunds, amount);
      break;
    case Booking::commit:
      commit(entries, now, true);
      break;
    case Booking::collect:
      commit(entries, now, true);
      move(entries, Account::payouts, Account::gateway, amount);
      break;
    case Booking::release:
      commit(entries, now, false);
      break;
    case Booking::come_back:
      move(entries, Account::gateway, Account::payouts, amount);
      commit(entries, now, false);
      break;
  }
  for (std::size_t i = 0; i < kAccounts; ++i) now.balances[i] += entries[i];
  return entries;
}

namespace {

// What was set aside for a refund is set aside no longer.
void close_request(FoldState& now, const EventView& view, bool done) {
  const std::size_t at = now.request(operation(view));
  if (at == now.requests.size()) now.requests.push_back({Request::Status::failed, operation(view), view.amount_minor});
  Request& request = now.requests[at];
  if (request.status == Request::Status::open) now.totals.reserved -= request.amount_minor;
  request.status = done ? Request::Status::done : Request::Status::failed;
}

void count_voucher(FoldState& now, VoucherEvent event, const EventView& view) {
  Totals& totals = now.totals;
  switch (event) {
    case VoucherEvent::pending:
    case VoucherEvent::extended:
      if (view.expires_at_us != kNoTime) totals.expires_at_us = view.expires_at_us;
      break;
    case VoucherEvent::paid:
      // A later payment of a voucher that was paid in time does not make it late.
      if (totals.earned == 0 && (after(totals.expires_at_us, view) || (kEnded >> now.state & 1) != 0))
        totals.late = true;
      if (totals.first_paid_at_us == kNoTime) totals.first_paid_at_us = view.occurred_at_us;
      totals.paid += view.amount_minor;
      if (now.terms.refund_rules.whole_only) now.payments.push_back(view.amount_minor);
      break;
    case VoucherEvent::settled:
      totals.settled += view.amount_minor;
      break;
    case VoucherEvent::refund_requested:
      totals.reserved += view.amount_minor;
      now.requests.push_back({Request::Status::open, operation(view), view.amount_minor});
      break;
    case VoucherEvent::refunded:
      totals.refunded += view.amount_minor;
      [[fallthrough]];
    case VoucherEvent::refund_failed:
      close_request(now, view, event == VoucherEvent::refunded);
      break;
    case VoucherEvent::reversed:
      totals.reversed += view.amount_minor;
      break;
    case VoucherEvent::accepted:
      totals.due = totals.there();
      totals.late = false;
      break;
    case VoucherEvent::expired:
    case VoucherEvent::cancelled:
    case VoucherEvent::rejected:
      break;
  }
  if (totals.there() == 0) totals.late = false;
}

void count_refund(FoldState& now, RefundEvent event, const EventView& view) {
  Totals& totals = now.totals;
  switch (event) {
    case RefundEvent::approved:
      ++totals.approvals;
      break;
    case RefundEvent::sent:
      now.key = view.id;
      break;
    case RefundEvent::refunded:
      totals.refunded = amount_of(now, view);
      totals.by_payout = false;
      break;
    case RefundEvent::failed:
      totals.refunded = 0;
      break;
    case RefundEvent::payout_started:
      totals.by_payout = true;
      now.payout = operation(view);
      break;
    case RefundEvent::payout_collected:
      totals.refunded = now.terms.amount_minor;
      totals.by_payout = true;
      break;
    case RefundEvent::payout_failed:
      totals.by_payout = false;
      break;
    case RefundEvent::payout_returned:
      totals.refunded = 0;
      totals.by_payout = false;
      now.payout = {};  // whatever else is told of it
      break;
    default:
      break;
  }
}

void count_payout(FoldState& now, PayoutEvent event, const EventView& view) {
  Totals& totals = now.totals;
  switch (event) {
    case PayoutEvent::sent:
      now.key = view.id;
      break;
    case PayoutEvent::waiting:
      if (view.expires_at_us != kNoTime) totals.expires_at_us = view.expires_at_us;
      break;
    case PayoutEvent::collected:
      totals.paid = amount_of(now, view);
      break;
    case PayoutEvent::returned:
      totals.reversed = totals.paid;
      break;
    default:
      break;
  }
}

}  // namespace

void count(FoldState& now, std::uint8_t event, const EventView& view) {
  switch (now.machine) {
    case Machine::voucher:
      return count_voucher(now, static_cast<VoucherEvent>(event), view);
    case Machine::refund:
      return count_refund(now, static_cast<RefundEvent>(event), view);
    case Machine::payout:
      return count_payout(now, static_cast<PayoutEvent>(event), view);
  }
}

}  // namespace cuadre
