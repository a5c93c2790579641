// What Python values mean in a place for money: which numbers are exact, what names a currency or a rounding mode.
// All throw Error with the code of the fault: float_refused for a float, a bool or another type.
#pragma once

#include <pybind11/pybind11.h>

#include <cstdint>
#include <string>
#include <string_view>

#include "border/text.hpp"
#include "cuadre/money.hpp"
#include "cuadre/money/exact.hpp"
#include "cuadre/money/rounding.hpp"
#include "money/object.hpp"

namespace cuadre::bindings {

// What an operator answers for an operand it does not know.
inline pybind11::object not_implemented() { return pybind11::reinterpret_borrow<pybind11::object>(Py_NotImplemented); }

// "<wanted>, not <type>": wanted is a whole phrase, such as "a factor is an int or a Decimal".
[[noreturn]] void refuse_type(pybind11::handle value, const std::string& wanted);

Currency currency_of(const pybind11::object& value);  // "COP" or Currency
// An int, or what promises to be one losslessly (numpy integers). A null object for everything else, bool included.
pybind11::object whole_number(pybind11::handle value);
// int, Fraction, Decimal or text ("0.19", "19/100", "19%", "4.14‰"). `what` is a noun: "the factor".
Ratio ratio_of(pybind11::handle value, const std::string& what);
// The same without text, for operators. False, and no Error, for a type that is not exact and not a number of ours.
bool exact_number(pybind11::handle value, Ratio& ratio);
RoundingMode rounding_mode_of(pybind11::handle name);                    // a str: "half_even"
std::int64_t int64_of(pybind11::handle value, const std::string& what);  // an int that fits
// What Money(...) takes as its first argument: text, an int or a Decimal of major units.
Money money_of(pybind11::handle amount, Currency currency);
// Minor units of an amount in a known currency: Money of it, or what Money(...) takes as its first argument.
std::int64_t minor_of(const pybind11::object& amount, Currency currency);

pybind11::object fraction_of(const Ratio& ratio);      // fractions.Fraction
pybind11::object decimal_of(const std::string& text);  // decimal.Decimal
pybind11::object int_of(const BigInteger& value);      // int

// __copy__ and __deepcopy__ of what never changes.
template <class Value>
Value same(const Value& value) {
  return value;
}
template <class Value>
Value same_deep(const Value& value, const pybind11::object& /*memo*/) {
  return value;
}

}  // namespace cuadre::bindings
