// The times that messages are signed with: one spelling each, and no overflow however many digits a sender writes.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "cuadre/signature.hpp"

namespace cuadre {

// Microseconds since 1970; what is beyond them is their maximum, so that it is too new and not malformed. Nothing for
// a text that is not the form's.
std::optional<std::int64_t> parse_timestamp(TimeForm form, int offset_minutes, std::string_view text);

}  // namespace cuadre
