// Moments across the border: zone-aware datetimes in Python, microseconds since 1970 (UTC) in the core.
#pragma once

#include <pybind11/pybind11.h>

#include <cstdint>

namespace cuadre::bindings {

inline constexpr std::int32_t kEpochOrdinal = 719163;  // what datetime.date calls 1970-01-01

// Throws Error(argument_invalid) for anything but a datetime with its zone within the years 1 to 9999; `what` names it.
std::int64_t moment_us(pybind11::handle value, const char* what);
pybind11::object datetime_of(std::int64_t at_us);  // in UTC

}  // namespace cuadre::bindings
