// The expiry that nobody needs to tell.
#pragma once

#include <cstdint>
#include <optional>

#include "cuadre/voucher.hpp"

namespace cuadre {

// The clock's event of an expiry that was over at that instant; a refund has none.
inline std::optional<EventView> expiry_by(Machine machine, const Totals& totals, std::int64_t at_us) noexcept {
  if (machine == Machine::refund || totals.expires_at_us == kNoTime || totals.expires_at_us >= at_us)
    return std::nullopt;
  EventView expiry;
  expiry.event = machine == Machine::voucher ? static_cast<std::uint8_t>(VoucherEvent::expired)
                                             : static_cast<std::uint8_t>(PayoutEvent::expired);
  expiry.source = EventSource::clock;
  expiry.occurred_at_us = expiry.received_at_us = totals.expires_at_us;
  return expiry;
}

}  // namespace cuadre
