// How what a gateway says becomes an event of a machine: one published table, beside the machines' own.
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "cuadre/notification.hpp"
#include "cuadre/voucher/table.hpp"

namespace cuadre {

struct NotificationRule {
  Machine machine;
  EventKind kind;
  EventStatus status;
  // Of the machine. None: it does not say whether the money was taken, so it is no event, and somebody has to ask.
  std::optional<std::uint8_t> event;
};

// Each machine, kind and status once. What has no row is not about that machine.
std::span<const NotificationRule> notification_rules() noexcept;

}  // namespace cuadre
