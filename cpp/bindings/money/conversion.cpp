// Conversion for Python: an exchange that took place, whose refunds add up; and Rate.lock, which makes one.
#include <pybind11/pybind11.h>

#include <optional>
#include <string>

#include "cuadre/money/rate.hpp"
#include "cuadre/money/text.hpp"
#include "money/rate_values.hpp"
#include "money/values.hpp"

namespace py = pybind11;

namespace cuadre::bindings {
namespace {

// The core's two amounts, and the rate they came from where there was one.
struct Locked {
  Conversion amounts;
  std::optional<Rate> rate;
};

Money money_only(const py::object& value, const std::string& what) {
  if (!py::isinstance<Money>(value)) refuse_type(value, what + " is Money");
  return value.cast<Money>();
}

Locked make_conversion(const py::object& paid, const py::object& received, const py::object& rate) {
  Locked locked{.amounts = {.paid = money_only(paid, "paid"), .received = money_only(received, "received")},
                .rate = std::nullopt};
  locked.amounts.require_valid();
  if (rate.is_none()) return locked;
  if (!py::isinstance<Rate>(rate)) refuse_type(rate, "rate is a Rate");
  locked.rate = rate.cast<const Rate&>();
  const Currency from = locked.amounts.paid.currency();
  const Currency into = locked.amounts.received.currency();
  const bool forth = locked.rate->base == from && locked.rate->quote == into;
  const bool back = locked.rate->base == into && locked.rate->quote == from;
  if (!forth && !back) {
    throw Error(ErrorCode::currency_mismatch,
                "the rate is not between " + std::string(from.code()) + " and " + std::string(into.code()));
  }
  return locked;
}

Locked lock_rate(const Rate& rate, const py::object& money, const py::object& rounding, const py::object& at,
                 const py::object& outdated) {
  Locked locked{.amounts = {.paid = money_only(money, "what was paid"),
                            .received = convert_rounded(rate, money, rounding, at, outdated)},
                .rate = rate};
  locked.amounts.require_valid();
  return locked;
}

Money refund_of(const Locked& locked, const py::object& now, const py::object& before) {
  const Money done = before.is_none() ? Money::from_minor(0, locked.amounts.received.currency())
                                      : money_only(before, "what was refunded before");
  return refund(locked.amounts, done, money_only(now, "the refund"));
}

Money paid_of(const Locked& locked) { return locked.amounts.paid; }
Money received_of(const Locked& locked) { return locked.amounts.received; }
py::object rate_of(const Locked& locked) {
  if (!locked.rate) return py::none();
  return py::cast(*locked.rate);
}
py::tuple parts_of_conversion(const Locked& locked) {
  return py::make_tuple(paid_of(locked), received_of(locked), rate_of(locked));
}
Py_ssize_t hash_conversion(const Locked& locked) {
  return static_cast<Py_ssize_t>(py::hash(parts_of_conversion(locked)));
}
py::object equal_conversion(const Locked& left, const py::object& right) {
  if (!py::isinstance<Locked>(right)) return not_implemented();
  const auto& other = right.cast<const Locked&>();
  return py::bool_(left.amounts == other.amounts && left.rate == other.rate);
}
py::tuple reduce_conversion(const Locked& locked) {
  return py::make_tuple(py::type::of<Locked>(), parts_of_conversion(locked));
}
py::str repr_conversion(const Locked& locked) {
  return py::str("Conversion({!r}, {!r}, {!r})").format(paid_of(locked), received_of(locked), rate_of(locked));
}

py::dict conversion_to_dict(const Locked& locked) {
  py::dict dict;
  dict["paid"] = py::str(py::cast(locked.amounts.paid));
  dict["received"] = py::str(py::cast(locked.amounts.received));
  dict["rate"] = py::none();
  if (locked.rate) dict["rate"] = rate_to_dict(*locked.rate);
  return dict;
}

Money money_of_text(const py::dict& dict, const char* key) {
  if (!dict.contains(key)) throw Error(ErrorCode::rule_invalid, std::string("a conversion needs \"") + key + "\"");
  const py::object value = dict[key];
  if (!PyUnicode_Check(value.ptr())) refuse_type(value, std::string(key) + " is text such as \"PEN 1234.50\"");
  return parse_money(text_of(value, ErrorCode::amount_invalid), Locale::plain);
}

Locked conversion_from_dict(const py::dict& dict) {
  const Money paid = money_of_text(dict, "paid");
  const Money received = money_of_text(dict, "received");
  if (dict.size() != 3 || !dict.contains("rate")) {
    throw Error(ErrorCode::rule_invalid, "a conversion has paid, received and rate, and nothing else");
  }
  const py::object rate = dict["rate"];
  if (!rate.is_none() && !py::isinstance<py::dict>(rate)) refuse_type(rate, "rate is a dict or None");
  return make_conversion(py::cast(paid), py::cast(received),
                         rate.is_none() ? rate : py::cast(rate_from_dict(rate.cast<py::dict>())));
}

// ---- docstrings

constexpr const char* kLockDoc = R"(Convert what was paid and keep both amounts with this rate, so that refunds add up.

Args:
    money: Money above zero: what was paid.
    rounding: One of the ten modes by name.
    at: A zone-aware datetime: the moment of the exchange.
    outdated: "refuse", or "allow" to use the rate outside the time it holds for.

Raises:
    ArgumentInvalidError: argument_invalid, where an amount is not above zero, and as convert().
    RateOutdatedError: rate_outdated.
    CurrencyMismatchError: currency_mismatch.
    AmountOverflowError: amount_overflow.
    FloatRefusedError: float_refused, for anything but Money.)";

constexpr const char* kConversionDoc = R"(An exchange that took place: `paid` was taken for `received`.

Args:
    paid: Money above zero.
    received: Money above zero.
    rate: The Rate it was done at, or None.

Raises:
    ArgumentInvalidError: argument_invalid, for an amount that is not above zero.
    CurrencyMismatchError: currency_mismatch, for a rate of another pair.
    FloatRefusedError: float_refused, for anything but Money.)";

constexpr const char* kRefundDoc = R"(Give what goes back of `paid` when `now` of `received` is refunded.

Rounded down each time, the rest with the last one: refunding all, in any parts, gives back exactly what was paid.

Args:
    now: Money in the currency of `received`: what is refunded now.
    before: Money in the currency of `received`: what was refunded before; None for nothing.

Raises:
    ArgumentInvalidError: argument_invalid, for less than nothing or more than is left.
    CurrencyMismatchError: currency_mismatch.
    FloatRefusedError: float_refused, for anything but Money.)";

constexpr const char* kConversionFromDictDoc = R"(Read what to_dict() wrote.

Args:
    values: A dict of exactly paid, received ("PEN 1234.50") and rate (a dict or None).

Raises:
    RuleInvalidError: rule_invalid, for keys too few or too many, and as Rate.from_dict().
    AmountInvalidError: amount_invalid, and the other codes of an amount.
    ArgumentInvalidError: argument_invalid, for an amount that is not above zero.
    CurrencyMismatchError: currency_mismatch, for a rate of another pair.
    FloatRefusedError: float_refused, for values of other types.)";

// Attached here, because what it gives is a Conversion.
void bind_lock(py::module_& module) {
  const py::object type = module.attr("Rate");
  type.attr("lock") =
      py::cpp_function(&lock_rate, py::name("lock"), py::is_method(type), py::arg("money"), py::arg("rounding"),
                       py::kw_only(), py::arg("at"), py::arg("outdated") = "refuse", kLockDoc);
}

}  // namespace

void bind_money_conversion(py::module_& module) {
  py::class_<Locked>(module, "Conversion", kConversionDoc, py::is_final())
      .def(py::init(&make_conversion), py::arg("paid"), py::arg("received"), py::arg("rate") = py::none())
      .def_static("from_dict", &conversion_from_dict, py::arg("values"), kConversionFromDictDoc)
      .def("to_dict", &conversion_to_dict, "Give the record as a dict of texts, for JSON. Raises nothing.")
      .def_property_readonly("paid", &paid_of, "What was paid.")
      .def_property_readonly("received", &received_of, "What it was exchanged into.")
      .def_property_readonly("rate", &rate_of, "The rate it was done at, or None.")
      .def("refund", &refund_of, py::arg("now"), py::arg("before") = py::none(), kRefundDoc)
      .def("__eq__", &equal_conversion, py::arg("other"))
      .def("__hash__", &hash_conversion)
      .def("__repr__", &repr_conversion)
      .def("__copy__", &same<Locked>)
      .def("__deepcopy__", &same_deep<Locked>, py::arg("memo"))
      .def("__reduce__", &reduce_conversion)
      .attr("__module__") = "cuadre.money";
  bind_lock(module);
}

}  // namespace cuadre::bindings
