// Rate for Python: a record, and what it does to amounts.
#include "cuadre/money/rate.hpp"

#include <pybind11/pybind11.h>

#include <string>

#include "money/rate_values.hpp"
#include "money/values.hpp"

namespace py = pybind11;

namespace cuadre::bindings {
namespace {

py::object value_of(const Rate& rate) { return fraction_of(rate.value); }

py::tuple parts_of(const Rate& rate) {
  return py::make_tuple(rate.base.code(), rate.quote.code(), fraction_of(rate.value), rate.kind, rate.source,
                        as_of(rate), valid_until(rate));
}
Py_ssize_t hash_rate(const Rate& rate) { return static_cast<Py_ssize_t>(py::hash(parts_of(rate))); }
py::object equal_rate(const Rate& left, const py::object& right) {
  if (!py::isinstance<Rate>(right)) return not_implemented();
  return py::bool_(left == right.cast<const Rate&>());
}
// The constructor's own words: a partial carries the named ones.
py::tuple reduce_rate(const Rate& rate) {
  const py::object partial = py::module_::import("functools").attr("partial");
  const py::object make = partial(py::type::of<Rate>(), py::arg("kind") = rate.kind, py::arg("source") = rate.source,
                                  py::arg("as_of") = as_of(rate), py::arg("valid_until") = valid_until(rate));
  return py::make_tuple(make, py::make_tuple(rate.base.code(), rate.quote.code(), fraction_of(rate.value)));
}
py::str repr_rate(const Rate& rate) {
  const py::dict dict = rate_to_dict(rate);
  return py::str("Rate({!r}, {!r}, {!r}, kind={!r}, source={!r}, as_of={}, valid_until={})")
      .format(dict["base"], dict["quote"], dict["value"], dict["kind"], dict["source"], dict["as_of"],
              dict["valid_until"]);
}

// ---- docstrings

constexpr const char* kRateDoc = R"(An exchange rate as a record: one unit of `base` is worth `value` units of `quote`.

Args:
    base: A code or a Currency, for example "USD".
    quote: A code or a Currency, for example "COP".
    value: Text ("4145.73"), int, Decimal or Fraction, above zero. It is kept exactly; a float never passes.
    kind: Which rate it is: "TRM", "SBS buy", "SBS sell", "mid", "contract".
    source: Who published or agreed it.
    as_of: A zone-aware datetime: the rate holds from then. A bare date is refused, for it has no zone to begin in.
    valid_until: A zone-aware datetime: it holds until just before then. None: no end.

Raises:
    RuleInvalidError: rule_invalid, for a value of zero or less, one currency at a value other than 1, a currency
        without minor units, an empty kind or source, or an end that is not after the beginning.
    ArgumentInvalidError: argument_invalid, for a moment that is not a zone-aware datetime.
    FloatRefusedError: float_refused, for a float or another type.
    AmountInvalidError: amount_invalid, for a value that is not a number, NaN and infinities among them.
    CurrencyUnknownError: currency_unknown.)";

constexpr const char* kConvertDoc = R"(Convert an amount of either currency into the other, with one named rounding.

Args:
    money: Money or ExactMoney in one of the two currencies. From quote to base it is divided, exactly.
    rounding: One of the ten modes by name, for example "half_even".
    at: A zone-aware datetime: the moment of the exchange. There is no clock inside.
    outdated: "refuse", or "allow" to use the rate outside the time it holds for.

Raises:
    RateOutdatedError: rate_outdated.
    CurrencyMismatchError: currency_mismatch, for an amount of a third currency.
    AmountOverflowError: amount_overflow, past 64 bits of minor units.
    ArgumentInvalidError: argument_invalid, for an unknown mode, a naive datetime or another word in `outdated`.
    FloatRefusedError: float_refused, for anything but Money and ExactMoney.)";

constexpr const char* kConvertExactDoc =
    R"(Convert an amount of either currency into the other, with no rounding at all.

Args:
    money: Money or ExactMoney in one of the two currencies.
    at: A zone-aware datetime: the moment of the exchange.
    outdated: "refuse", or "allow" to use the rate outside the time it holds for.

Raises:
    RateOutdatedError: rate_outdated.
    CurrencyMismatchError: currency_mismatch, for an amount of a third currency.
    AmountOverflowError: amount_overflow, past the bits of an exact amount.
    ArgumentInvalidError: argument_invalid, for a naive datetime or another word in `outdated`.
    FloatRefusedError: float_refused, for anything but Money and ExactMoney.)";

constexpr const char* kMidDoc = R"(Give the rate halfway between two of one pair, exactly; it holds while both do.

Args:
    buy: A Rate.
    sell: A Rate of the same pair.

Raises:
    CurrencyMismatchError: currency_mismatch, between two pairs.
    RuleInvalidError: rule_invalid, where the two never hold at the same time.)";

constexpr const char* kRateFromDictDoc = R"(Read what to_dict() wrote.

Args:
    values: A dict of exactly base, quote, value, kind, source, as_of and valid_until; texts, valid_until maybe None.

Raises:
    RuleInvalidError: rule_invalid, for keys too few or too many, a moment that is not ISO 8601, and as Rate().
    FloatRefusedError: float_refused, for a value that came as a JSON number with decimals.
    ArgumentInvalidError: argument_invalid, for a moment without a zone.
    AmountInvalidError: amount_invalid.
    CurrencyUnknownError: currency_unknown.)";

}  // namespace

void bind_money_rate(py::module_& module) {
  py::class_<Rate>(module, "Rate", kRateDoc, py::is_final())
      .def(py::init(&make_rate), py::arg("base"), py::arg("quote"), py::arg("value"), py::kw_only(), py::arg("kind"),
           py::arg("source"), py::arg("as_of"), py::arg("valid_until") = py::none())
      .def_static("mid", &mid, py::arg("buy"), py::arg("sell"), kMidDoc)
      .def_static("from_dict", &rate_from_dict, py::arg("values"), kRateFromDictDoc)
      .def("to_dict", &rate_to_dict, "Give the record as a dict of texts, for JSON. Raises nothing.")
      .def_property_readonly(
          "base", [](const Rate& rate) { return rate.base; }, "The currency of which one unit counts.")
      .def_property_readonly(
          "quote", [](const Rate& rate) { return rate.quote; }, "The currency the value is in.")
      .def_property_readonly("value", &value_of, "Units of quote for one unit of base, as fractions.Fraction.")
      .def_property_readonly(
          "kind", [](const Rate& rate) { return rate.kind; }, "Which rate it is, for example \"TRM\".")
      .def_property_readonly(
          "source", [](const Rate& rate) { return rate.source; }, "Who published or agreed it.")
      .def_property_readonly("as_of", &as_of, "The moment from which it holds, in UTC.")
      .def_property_readonly("valid_until", &valid_until, "The moment at which it ends, in UTC; None for no end.")
      .def("convert", &convert_rounded, py::arg("money"), py::arg("rounding"), py::kw_only(), py::arg("at"),
           py::arg("outdated") = "refuse", kConvertDoc)
      .def("convert_exact", &convert_exact, py::arg("money"), py::kw_only(), py::arg("at"),
           py::arg("outdated") = "refuse", kConvertExactDoc)
      .def("__eq__", &equal_rate, py::arg("other"))
      .def("__hash__", &hash_rate)
      .def("__repr__", &repr_rate)
      .def("__copy__", &same<Rate>)
      .def("__deepcopy__", &same_deep<Rate>, py::arg("memo"))
      .def("__reduce__", &reduce_rate)
      .attr("__module__") = "cuadre.money";
}

}  // namespace cuadre::bindings
