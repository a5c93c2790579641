#include "cuadre/voucher/notifications.hpp"

namespace cuadre {
namespace {

using enum EventKind;
using Status = EventStatus;

constexpr NotificationRule rule(EventKind kind, Status status, VoucherEvent event) {
  return {Machine::voucher, kind, status, static_cast<std::uint8_t>(event)};
}
constexpr NotificationRule rule(EventKind kind, Status status, RefundEvent event) {
  return {Machine::refund, kind, status, static_cast<std::uint8_t>(event)};
}
constexpr NotificationRule rule(EventKind kind, Status status, PayoutEvent event) {
  return {Machine::payout, kind, status, static_cast<std::uint8_t>(event)};
}
constexpr NotificationRule ask(Machine machine, EventKind kind, Status status) {
  return {machine, kind, status, std::nullopt};
}

constexpr NotificationRule kRules[] = {
    rule(payment, Status::pending, VoucherEvent::pending),
    ask(Machine::voucher, payment, Status::authorised),
    rule(payment, Status::paid, VoucherEvent::paid),
    rule(payment, Status::settled, VoucherEvent::settled),
    rule(payment, Status::expired, VoucherEvent::expired),
    rule(payment, Status::cancelled, VoucherEvent::cancelled),
    rule(payment, Status::rejected, VoucherEvent::rejected),
    rule(payment, Status::reversed, VoucherEvent::reversed),
    rule(chargeback, Status::reversed, VoucherEvent::reversed),
    rule(chargeback, Status::completed, VoucherEvent::reversed),
    rule(refund, Status::completed, VoucherEvent::refunded),
    rule(refund, Status::failed, VoucherEvent::refund_failed),
    rule(refund, Status::rejected, VoucherEvent::refund_failed),
    rule(refund, Status::cancelled, VoucherEvent::refund_failed),
    rule(refund, Status::pending, RefundEvent::processing),
    rule(refund, Status::processing, RefundEvent::processing),
    rule(refund, Status::completed, RefundEvent::refunded),
    rule(refund, Status::failed, RefundEvent::failed),
    rule(refund, Status::rejected, RefundEvent::failed),
    rule(refund, Status::cancelled, RefundEvent::cancelled),
    rule(payout, Status::pending, PayoutEvent::waiting),
    rule(payout, Status::processing, PayoutEvent::waiting),
    rule(payout, Status::completed, PayoutEvent::collected),
    rule(payout, Status::returned, PayoutEvent::returned),
    rule(payout, Status::expired, PayoutEvent::expired),
    rule(payout, Status::cancelled, PayoutEvent::reversed),
    rule(payout, Status::reversed, PayoutEvent::reversed),
    rule(payout, Status::rejected, PayoutEvent::rejected),
    rule(payout, Status::failed, PayoutEvent::rejected),
};

}  // namespace

std::span<const NotificationRule> notification_rules() noexcept { return kRules; }

}  // namespace cuadre
