// The times that messages are signed with: one spelling each, and no overflow however many digits a sender writes.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "cuadre/signature.hpp"

namespace cuadre {

constexpr std::int64_t days_from_civil(std::int64_t year, int month, int day) noexcept {
  year -= month <= 2;
  const std::int64_t era = (year >= 0 ? year : year - 399) / 400;
  const std::int64_t of_era = year - era * 400;
  const std::int64_t of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
  return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

// Microseconds since 1970; what is beyond them is their maximum, so that it is too new and not malformed. Nothing for
// a text that is not the form's.
std::optional<std::int64_t> parse_timestamp(TimeForm form, int offset_minutes, std::string_view text);

}  // namespace cuadre
