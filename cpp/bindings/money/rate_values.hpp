// Rates as Python gives and takes them: moments are zone-aware datetimes, records are dicts of texts.
#pragma once

#include <pybind11/pybind11.h>

#include "cuadre/money/rate.hpp"
#include "money/values.hpp"

namespace cuadre::bindings {

// The arguments of Rate(...). Throws Error as Rate::require_valid(), and argument_invalid for a naive datetime.
Rate make_rate(const pybind11::object& base, const pybind11::object& quote, const pybind11::object& value,
               const pybind11::object& kind, const pybind11::object& source, const pybind11::object& as_of,
               const pybind11::object& valid_until);
pybind11::object as_of(const Rate& rate);        // a datetime in UTC
pybind11::object valid_until(const Rate& rate);  // a datetime in UTC, or None

pybind11::dict rate_to_dict(const Rate& rate);
Rate rate_from_dict(const pybind11::dict& dict);  // throws Error(rule_invalid) for other keys than those

// `money` is Money or ExactMoney, `at` a datetime, `outdated` "refuse" or "allow".
ExactMoney convert_exact(const Rate& rate, const pybind11::object& money, const pybind11::object& at,
                         const pybind11::object& outdated);
Money convert_rounded(const Rate& rate, const pybind11::object& money, const pybind11::object& rounding,
                      const pybind11::object& at, const pybind11::object& outdated);

}  // namespace cuadre::bindings
