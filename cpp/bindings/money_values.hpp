// What Python values mean in a place for money: which numbers are exact, what names a currency or a rounding mode.
// All throw Error with the code of the fault: float_refused for a float, a bool or another type.
#pragma once

#include <pybind11/pybind11.h>

#include <cstdint>
#include <string>
#include <string_view>

#include "cuadre/money.hpp"
#include "cuadre/money_exact.hpp"
#include "cuadre/money_rounding.hpp"
#include "money_object.hpp"

namespace cuadre::bindings {

[[noreturn]] void refuse_type(pybind11::handle value, const std::string& wanted);

// The UTF-8 of a str; the view lives as long as the object. Lone surrogates are an Error of that code.
std::string_view text_of(pybind11::handle text, ErrorCode code);
Currency currency_of(const pybind11::object& value);  // "COP" or Currency
// int, Fraction, Decimal or text ("0.19", "19/100", "19%", "4.14‰").
Ratio ratio_of(pybind11::handle value, const std::string& what);
RoundingMode rounding_mode_of(pybind11::handle name);                    // a str: "half_even"
std::int64_t int64_of(pybind11::handle value, const std::string& what);  // an int that fits
// Minor units of an amount in a known currency: Money of it, or what Money(...) takes as its first argument.
std::int64_t minor_of(const pybind11::object& amount, Currency currency);
pybind11::object fraction_of(const Ratio& ratio);      // fractions.Fraction
pybind11::object decimal_of(const std::string& text);  // decimal.Decimal

}  // namespace cuadre::bindings
