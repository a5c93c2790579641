// ExactMoney for Python: amounts between two roundings.
#include "cuadre/money/exact.hpp"

#include <pybind11/gil_safe_call_once.h>
#include <pybind11/pybind11.h>

#include <limits>
#include <optional>
#include <string>

#include "money/values.hpp"

namespace py = pybind11;

namespace cuadre::bindings {
namespace {

std::int64_t scale_of(Currency currency) noexcept {
  std::int64_t scale = 1;
  for (int i = 0; i < currency.minor_units(); ++i) scale *= 10;
  return scale;
}

ExactMoney make_exact(const py::object& amount, const py::object& currency) {
  const Currency unit = currency_of(currency);
  return {ratio_of(amount, "the amount") * Ratio(scale_of(unit)), Money::from_minor(0, unit).currency()};
}

Ratio major_of(const ExactMoney& money) { return money.minor() / Ratio(scale_of(money.currency())); }

// Money and ExactMoney alike; nothing for other types.
std::optional<ExactMoney> exact_of(const py::object& value) {
  if (is_money(value.ptr())) return ExactMoney(money_in(value.ptr()));
  if (py::isinstance<ExactMoney>(value)) return value.cast<ExactMoney>();
  return std::nullopt;
}

void refuse_float(const py::object& value, const char* wanted) {
  if (PyFloat_Check(value.ptr()) || PyBool_Check(value.ptr())) refuse_type(value, wanted);
}

py::object add(const ExactMoney& left, const py::object& other) {
  if (const auto right = exact_of(other)) return py::cast(left + *right);
  refuse_float(other, "only Money and ExactMoney add to ExactMoney");
  return not_implemented();
}
py::object add_reflected(const ExactMoney& right, const py::object& other) {
  if (PyLong_CheckExact(other.ptr()) && PyObject_IsTrue(other.ptr()) == 0) return py::cast(right);  // sum()
  return add(right, other);
}
py::object subtract(const ExactMoney& left, const py::object& other) {
  if (const auto right = exact_of(other)) return py::cast(left - *right);
  refuse_float(other, "only Money and ExactMoney are subtracted from ExactMoney");
  return not_implemented();
}
py::object subtract_reflected(const ExactMoney& right, const py::object& other) {
  if (const auto left = exact_of(other)) return py::cast(*left - right);
  refuse_float(other, "only Money and ExactMoney are subtracted from");
  return not_implemented();
}
py::object multiply_by(const ExactMoney& money, const py::object& factor) {
  Ratio ratio;
  if (exact_number(factor, ratio)) return py::cast(money * ratio);
  if (PyNumber_Check(factor.ptr()) == 0) return not_implemented();
  refuse_type(factor, "ExactMoney is multiplied by an int, a Decimal or a Fraction");
}

void require_same(const ExactMoney& left, const ExactMoney& right) {
  if (left.currency() != right.currency()) (void)(left - right);  // throws, naming both
}

py::object divide_amounts(const ExactMoney& left, const ExactMoney& right) {
  require_same(left, right);
  return fraction_of(left.minor() / right.minor());
}
py::object divide_by(const ExactMoney& money, const py::object& divisor) {
  if (const auto right = exact_of(divisor)) return divide_amounts(money, *right);
  Ratio ratio;
  if (exact_number(divisor, ratio)) return py::cast(money / ratio);
  if (PyNumber_Check(divisor.ptr()) == 0) return not_implemented();
  refuse_type(divisor, "ExactMoney is divided by an amount, an int, a Decimal or a Fraction");
}
py::object divide_reflected(const ExactMoney& divisor, const py::object& other) {
  if (const auto left = exact_of(other)) return divide_amounts(*left, divisor);
  refuse_float(other, "only amounts are divided by ExactMoney");
  return not_implemented();
}

py::object equal(const ExactMoney& left, const py::object& other) {
  if (const auto right = exact_of(other)) return py::bool_(left == *right);
  return not_implemented();
}
template <class Holds>
py::object compare(const ExactMoney& left, const py::object& other, Holds holds) {
  const auto right = exact_of(other);
  if (!right) return not_implemented();
  require_same(left, *right);
  return py::bool_(holds(left.minor() <=> right->minor()));
}
py::object less(const ExactMoney& left, const py::object& other) {
  return compare(left, other, [](auto order) { return order < 0; });
}
py::object less_equal(const ExactMoney& left, const py::object& other) {
  return compare(left, other, [](auto order) { return order <= 0; });
}
py::object greater(const ExactMoney& left, const py::object& other) {
  return compare(left, other, [](auto order) { return order > 0; });
}
py::object greater_equal(const ExactMoney& left, const py::object& other) {
  return compare(left, other, [](auto order) { return order >= 0; });
}

// Equal to a Money where the amounts are, so it must hash like one there.
Py_hash_t hash_exact(const ExactMoney& money) {
  const Ratio& minor = money.minor();
  if (minor.is_whole() && minor >= Ratio(std::numeric_limits<std::int64_t>::min()) &&
      minor <= Ratio(std::numeric_limits<std::int64_t>::max())) {
    return hash_of(money.whole());
  }
  return py::hash(fraction_of(minor)) ^ money.currency().number();
}

py::object amount_of(const ExactMoney& money) { return fraction_of(major_of(money)); }
py::object currency_of_exact(const ExactMoney& money) { return currency_out(money.currency()); }
ExactMoney negated(const ExactMoney& money) { return -money; }
ExactMoney absolute(const ExactMoney& money) { return money.minor().sign() < 0 ? -money : money; }
bool is_nonzero(const ExactMoney& money) { return money.minor().sign() != 0; }
std::string str_exact(const ExactMoney& money) {
  return std::string(money.currency().code()) + " " + major_of(money).text();
}
std::string repr_exact(const ExactMoney& money) {
  return "ExactMoney('" + major_of(money).text() + "', '" + std::string(money.currency().code()) + "')";
}
py::tuple reduce_exact(const ExactMoney& money) {
  return py::make_tuple(py::type::of<ExactMoney>(), py::make_tuple(major_of(money).text(), money.currency().code()));
}
Money to_money(const ExactMoney& money) { return money.whole(); }

// The named tuple Rounded, kept for good.
const py::object& rounded_type() {
  PYBIND11_CONSTINIT static py::gil_safe_call_once_and_store<py::object> storage;
  return storage
      .call_once_and_store_result([] {
        return py::module_::import("collections")
            .attr("namedtuple")("Rounded", py::make_tuple("money", "rest"), py::arg("module") = "cuadre.money")
            .cast<py::object>();
      })
      .get_stored();
}

py::object round_exact(const ExactMoney& money, const py::object& rounding, const py::object& step) {
  const RoundingMode mode = rounding.is_none() ? cuadre::rounding_mode_of("") : rounding_mode_of(py::handle(rounding));
  const Rounded rounded = money.round(mode, step.is_none() ? 1 : minor_of(step, money.currency()));
  return rounded_type()(rounded.money, rounded.rest);
}

ExactMoney exact(const Money& money) { return ExactMoney(money); }

constexpr const char* kExactDoc =
    R"(An amount at any precision, for a chain of operations that is rounded once, by name, at its end. Immutable.

Equal to, ordered with and hashed like the Money of the same amount. Neither part of its ratio is longer than 4096 bits.

Args:
    amount: Major units as int, Fraction, Decimal or text such as "1/3".
    currency: A code such as "PEN", or a Currency.

Raises:
    FloatRefusedError: float_refused, for a float, a bool or another type of amount.
    AmountInvalidError: amount_invalid, for text that is no number or a Decimal that is not finite.
    AmountOverflowError: amount_overflow, past 4096 bits.
    CurrencyUnknownError: currency_unknown.
    ArgumentInvalidError: argument_invalid, for a currency without minor units.)";

constexpr const char* kExactRoundDoc =
    R"(Round by name and say what was rounded away: Rounded(money, rest), where money + rest is this amount.

Args:
    rounding: One of money.rounding_modes(), for example "half_even".
    step: To multiples of it: Money, or major units as text, int or Decimal; one minor unit where it is None.

Raises:
    ArgumentInvalidError: argument_invalid, for a rounding that is missing or unknown, or a step that is not positive.
    CurrencyMismatchError: currency_mismatch, for a step in another currency.
    FloatRefusedError: float_refused, for a step of another type.
    AmountOverflowError: amount_overflow, past 64 bits of minor units.)";

}  // namespace

void bind_money_exact(py::module_& module) {
  py::class_<ExactMoney>(module, "ExactMoney", kExactDoc, py::is_final())
      .def(py::init(&make_exact), py::arg("amount"), py::arg("currency"))
      .def_property_readonly("amount", &amount_of, "The amount in major units as fractions.Fraction.")
      .def_property_readonly("currency", &currency_of_exact, "The currency.")
      .def("round", &round_exact, py::arg("rounding") = py::none(), py::arg("step") = py::none(), kExactRoundDoc)
      .def("to_money", &to_money,
           "Give the Money of exactly this amount.\n\nRaises:\n"
           "    AmountInexactError: amount_inexact, where it would have to be rounded.\n"
           "    AmountOverflowError: amount_overflow, past 64 bits of minor units.")
      .def("__add__", &add, py::arg("other"), py::is_operator())
      .def("__radd__", &add_reflected, py::arg("other"), py::is_operator())
      .def("__sub__", &subtract, py::arg("other"), py::is_operator())
      .def("__rsub__", &subtract_reflected, py::arg("other"), py::is_operator())
      .def("__mul__", &multiply_by, py::arg("factor"), py::is_operator())
      .def("__rmul__", &multiply_by, py::arg("factor"), py::is_operator())
      .def("__truediv__", &divide_by, py::arg("divisor"), py::is_operator())
      .def("__rtruediv__", &divide_reflected, py::arg("other"), py::is_operator())
      .def("__neg__", &negated)
      .def("__pos__", &same<ExactMoney>)
      .def("__abs__", &absolute)
      .def("__bool__", &is_nonzero)
      .def("__eq__", &equal, py::arg("other"))
      .def("__lt__", &less, py::arg("other"))
      .def("__le__", &less_equal, py::arg("other"))
      .def("__gt__", &greater, py::arg("other"))
      .def("__ge__", &greater_equal, py::arg("other"))
      .def("__hash__", &hash_exact)
      .def("__str__", &str_exact)
      .def("__repr__", &repr_exact)
      .def("__copy__", &same<ExactMoney>)
      .def("__deepcopy__", &same_deep<ExactMoney>, py::arg("memo"))
      .def("__reduce__", &reduce_exact)
      .attr("__module__") = "cuadre.money";
  module.attr("Rounded") = rounded_type();
  const py::object type = py::reinterpret_borrow<py::object>(money_type());
  type.attr("exact") =
      py::cpp_function(&exact, py::name("exact"), py::is_method(type),
                       "Give the same amount as ExactMoney, to go on without rounding. Raises nothing.");
}

}  // namespace cuadre::bindings
