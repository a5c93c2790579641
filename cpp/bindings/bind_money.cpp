// Currency, Money and MoneySum for Python. What an exact number is in Python is decided in money_values.cpp; all
// arithmetic is the core's.
#include <pybind11/pybind11.h>
#include <pybind11/stl.h>

#include <functional>
#include <string>
#include <vector>

#include "cuadre/money.hpp"
#include "cuadre/money_sum.hpp"
#include "money_values.hpp"

namespace py = pybind11;

namespace cuadre::bindings {
namespace {

py::object not_implemented() { return py::reinterpret_borrow<py::object>(Py_NotImplemented); }

Money make_money(const py::object& amount, const py::object& currency) {
  return money_of(amount, currency_of(currency));
}

Money from_minor(const py::object& amount_minor, const py::object& currency) {
  return Money::from_minor(int64_of(amount_minor, "amount_minor"), currency_of(currency));
}

SignStyle sign_style(const std::string& name) {
  if (name == "none") return SignStyle::none;
  if (name == "front") return SignStyle::front;
  if (name == "behind") return SignStyle::behind;
  if (name == "brackets") return SignStyle::brackets;
  throw Error(ErrorCode::argument_invalid, "sign is 'none', 'front', 'behind' or 'brackets', not '" + name + "'");
}

std::string_view amount_text_of(const py::object& text) {
  if (!PyUnicode_Check(text.ptr())) refuse_type(text, "an amount is parsed from text");
  return text_of(text, ErrorCode::amount_invalid);
}

Money parse(const py::object& text, const py::object& currency, const std::string& decimal_mark,
            const std::string& grouping, const std::string& sign) {
  if (decimal_mark != "." && decimal_mark != ",") {
    throw Error(ErrorCode::argument_invalid, "decimal_mark is '.' or ',', not '" + decimal_mark + "'");
  }
  if (grouping.size() > 1 || std::string_view("., '").find(grouping) == std::string_view::npos ||
      grouping == decimal_mark) {
    throw Error(ErrorCode::argument_invalid, "grouping is '', '.', ',', ' ' or \"'\", and not the decimal mark");
  }
  const AmountForm form{
      .decimal_mark = decimal_mark[0], .grouping = grouping.empty() ? char{0} : grouping[0], .sign = sign_style(sign)};
  return Money::parse(amount_text_of(text), currency_of(currency), form);
}

Money parse_implied(const py::object& text, const py::object& currency, int decimals, const std::string& sign) {
  constexpr int kDecimalsMax = 18;
  if (decimals < 0 || decimals > kDecimalsMax) {
    throw Error(ErrorCode::argument_invalid, "decimals is 0 to 18, not " + std::to_string(decimals));
  }
  const AmountForm form{.implied_decimals = decimals, .sign = sign_style(sign)};
  return Money::parse(amount_text_of(text), currency_of(currency), form);
}

// ---- operators: NotImplemented lets Python raise its own TypeError; a float gets ours, which says why

py::object add(const Money& left, const py::object& right) {
  if (py::isinstance<Money>(right)) return py::cast(left + right.cast<Money>());
  if (PyFloat_Check(right.ptr())) refuse_type(right, "only Money adds to Money");
  return not_implemented();
}

// sum() starts from the int 0, and only that is let in.
py::object add_reflected(const Money& right, const py::object& left) {
  if (PyFloat_Check(left.ptr())) refuse_type(left, "only Money adds to Money");
  if (!PyLong_CheckExact(left.ptr()) || PyObject_IsTrue(left.ptr()) != 0) return not_implemented();
  return py::cast(right);
}

py::object subtract(const Money& left, const py::object& right) {
  if (py::isinstance<Money>(right)) return py::cast(left - right.cast<Money>());
  if (PyFloat_Check(right.ptr())) refuse_type(right, "only Money is subtracted from Money");
  return not_implemented();
}

py::object multiply(const Money& money, const py::object& times) {
  if (const py::object number = whole_number(times)) {
    if (money.amount_minor() == 0) return py::cast(money);
    return py::cast(money * int64_of(number, "the factor"));
  }
  if (PyNumber_Check(times.ptr()) != 0)
    refuse_type(times, "Money is multiplied by an int (anything else needs a rounding rule)");
  return not_implemented();
}

py::object equal(const Money& left, const py::object& right) {
  if (!py::isinstance<Money>(right)) return not_implemented();
  return py::bool_(left == right.cast<Money>());
}

template <class Holds>
py::object compare(const Money& left, const py::object& right, Holds holds) {
  if (!py::isinstance<Money>(right)) return not_implemented();
  return py::bool_(holds(left <=> right.cast<Money>()));
}
py::object less(const Money& left, const py::object& right) {
  return compare(left, right, [](auto order) { return order < 0; });
}
py::object less_equal(const Money& left, const py::object& right) {
  return compare(left, right, [](auto order) { return order <= 0; });
}
py::object greater(const Money& left, const py::object& right) {
  return compare(left, right, [](auto order) { return order > 0; });
}
py::object greater_equal(const Money& left, const py::object& right) {
  return compare(left, right, [](auto order) { return order >= 0; });
}

py::int_ hash_of(const Money& money) {
  const std::size_t seed = std::hash<std::int64_t>{}(money.amount_minor()) * 1000003U;
  return py::int_(static_cast<Py_ssize_t>((seed ^ money.currency().number()) >> 1));
}

// ---- values out

py::object amount_of(const Money& money) { return decimal_of(money.amount_text()); }

std::string repr_money(const Money& money) {
  return "Money('" + money.amount_text() + "', '" + std::string(money.currency().code()) + "')";
}
std::string str_money(const Money& money) { return std::string(money.currency().code()) + " " + money.amount_text(); }
Money negated(const Money& money) { return -money; }
bool is_nonzero(const Money& money) { return money.amount_minor() != 0; }

// Pickles are the constructor's own words, so they outlive any change of representation.
py::tuple reduce_money(const Money& money) {
  return py::make_tuple(py::type::of<Money>(), py::make_tuple(money.amount_text(), money.currency().code()));
}
py::tuple reduce_currency(Currency currency) {
  return py::make_tuple(py::type::of<Currency>(), py::make_tuple(currency.code()));
}

template <class Value>
Value same(const Value& value) {
  return value;
}
template <class Value>
Value same_deep(const Value& value, const py::object& /*memo*/) {
  return value;
}

py::object minor_units_of(Currency currency) {
  if (currency.minor_units() < 0) return py::none();
  return py::int_(currency.minor_units());
}
py::object equal_currency(Currency left, const py::object& right) {
  if (!py::isinstance<Currency>(right)) return not_implemented();
  return py::bool_(left == right.cast<Currency>());
}
py::int_ hash_currency(Currency currency) { return py::int_(currency.number()); }
std::string repr_currency(Currency currency) { return "Currency('" + std::string(currency.code()) + "')"; }

std::vector<Currency> currencies() {
  std::vector<Currency> all;
  for (std::uint16_t id = 1; id < Currency::count(); ++id) all.push_back(Currency::from_id(id));
  return all;
}

// ---- sums

MoneySum total(const py::iterable& amounts) {
  MoneySum sum;
  for (const py::handle item : amounts) {
    if (!py::isinstance<Money>(item)) refuse_type(item, "a total is of Money");
    sum.add(item.cast<Money>());
  }
  return sum;
}

py::object sum_minor_of(const MoneySum& sum, const py::object& currency) {
  const std::string digits = sum.amount_minor(currency_of(currency)).str();
  return py::reinterpret_steal<py::object>(PyLong_FromString(digits.c_str(), nullptr, 10));
}
py::object sum_amount(const MoneySum& sum, const py::object& currency) {
  return decimal_of(sum.amount_text(currency_of(currency)));
}
Money sum_money(const MoneySum& sum, const py::object& currency) { return sum.money(currency_of(currency)); }
std::size_t sum_size(const MoneySum& sum) { return sum.currencies().size(); }
py::object sum_equal(const MoneySum& left, const py::object& right) {
  if (!py::isinstance<MoneySum>(right)) return not_implemented();
  return py::bool_(left == right.cast<const MoneySum&>());
}
MoneySum sum_add(const MoneySum& left, const MoneySum& right) {
  MoneySum both = left;
  both.add(right);
  return both;
}
std::string repr_sum(const MoneySum& sum) {
  std::string text = "MoneySum(";
  for (const Currency currency : sum.currencies()) {
    if (text.back() != '(') text += ", ";
    text += std::string(currency.code()) + " " + sum.amount_text(currency);
  }
  return text + ")";
}

// ---- docstrings

constexpr const char* kCurrencyDoc = R"(A currency of ISO 4217, among those in use.

Args:
    code: Three capitals, for example "COP"; or a Currency.

Raises:
    CurrencyUnknownError: currency_unknown, where ISO does not list the code as active.
    FloatRefusedError: float_refused, where it is neither text nor a Currency.)";

constexpr const char* kMoneyDoc =
    R"(An exact amount of one currency: whole minor units within 64 bits. Immutable and hashable.

Args:
    amount: Major units (pesos, soles) as text ("1234.50": digits, one point, a sign in front), int or decimal.Decimal.
        It is judged by its exact value: "8.95000" is 8.95, "8.951" PEN is refused. A float, a bool or a Fraction never passes.
    currency: A code such as "PEN", or a Currency.

Raises:
    FloatRefusedError: float_refused, for any other type of amount.
    AmountInvalidError: amount_invalid, for text of another form or a Decimal that is not finite.
    AmountInexactError: amount_inexact, for more decimals than the currency has.
    AmountOverflowError: amount_overflow, past 64 bits of minor units.
    CurrencyUnknownError: currency_unknown.
    ArgumentInvalidError: argument_invalid, for a currency without minor units (gold, XXX).)";

constexpr const char* kFromMinorDoc =
    R"(Make an amount from whole minor units: Money.from_minor(123450, "PEN") is PEN 1234.50.

Args:
    amount_minor: Minor units (centavos, céntimos) as int, -2**63 to 2**63 - 1.
    currency: A code or a Currency.

Raises:
    FloatRefusedError: float_refused, where amount_minor is not an int.
    AmountOverflowError: amount_overflow, past 64 bits.
    CurrencyUnknownError: currency_unknown.
    ArgumentInvalidError: argument_invalid, for a currency without minor units.)";

constexpr const char* kParseDoc =
    R"(Read an amount written under a declared form. The whole text must fit it; nothing is skipped or guessed.

Args:
    text: The amount in major units, for example "1.234,50". Digits stand on both sides of the decimal mark.
    currency: A code or a Currency.
    decimal_mark: "." or ",".
    grouping: "", ".", ",", " " or "'": groups of exactly three digits, in all of the whole part or nowhere.
    sign: Where a sign may stand: "front" (-5), "behind" (5-), "brackets" ((5) is negative) or "none".

Raises:
    AmountInvalidError: amount_invalid; its column is the first byte (from 1) that does not fit.
    AmountInexactError: amount_inexact, for more decimals than the currency has.
    AmountOverflowError: amount_overflow, past 64 bits of minor units.
    FloatRefusedError: float_refused, where text is not a str.
    CurrencyUnknownError: currency_unknown.
    ArgumentInvalidError: argument_invalid, for a form that does not exist or a currency without minor units.)";

constexpr const char* kParseImpliedDoc =
    R"(Read digits whose last ones are decimals: parse_implied("123450", "PEN", 2) is PEN 1234.50.

Args:
    text: Digits in 10**-decimals of the major unit, with a sign where `sign` allows one.
    currency: A code or a Currency.
    decimals: How many of the last digits are decimals, 0 to 18; the file's own number, not the currency's.
    sign: "front", "behind", "brackets" or "none".

Raises:
    AmountInvalidError: amount_invalid.
    AmountInexactError: amount_inexact, where the value needs more decimals than the currency has.
    AmountOverflowError: amount_overflow, past 64 bits of minor units.
    FloatRefusedError: float_refused, where text is not a str.
    CurrencyUnknownError: currency_unknown.
    ArgumentInvalidError: argument_invalid, for decimals out of range, an unknown sign or a currency without minor units.)";

constexpr const char* kSumDoc =
    R"(Totals of many amounts, one per currency, each 128 bits wide. Made by money.total().)";

constexpr const char* kTotalDoc =
    R"(Sum amounts, each currency for itself, in 128 bits: a total cannot overflow where a Money would.

Args:
    amounts: An iterable of Money, currencies mixed as they come.

Raises:
    FloatRefusedError: float_refused, for an item that is not Money.)";

// ---- classes

void bind_currency(py::module_& module) {
  py::class_<Currency>(module, "Currency", kCurrencyDoc, py::is_final())
      .def(py::init(&currency_of), py::arg("code"))
      .def_property_readonly("code", &Currency::code, "The three letters, for example \"COP\".")
      .def_property_readonly("number", &Currency::number, "ISO's number, for example 170.")
      .def_property_readonly("minor_units", &minor_units_of,
                             "Decimals of the minor unit (COP 2, CLP 0), None where ISO says N.A.")
      .def("__eq__", &equal_currency, py::arg("other"))
      .def("__hash__", &hash_currency)
      .def("__str__", &Currency::code)
      .def("__repr__", &repr_currency)
      .def("__copy__", &same<Currency>)
      .def("__deepcopy__", &same_deep<Currency>, py::arg("memo"))
      .def("__reduce__", &reduce_currency)
      .attr("__module__") = "cuadre.money";
}

void bind_money_class(py::module_& module) {
  py::class_<Money>(module, "Money", kMoneyDoc, py::is_final())
      .def(py::init(&make_money), py::arg("amount"), py::arg("currency"))
      .def_static("from_minor", &from_minor, py::arg("amount_minor"), py::arg("currency"), kFromMinorDoc)
      .def_static("parse", &parse, py::arg("text"), py::arg("currency"), py::kw_only(), py::arg("decimal_mark") = ".",
                  py::arg("grouping") = "", py::arg("sign") = "front", kParseDoc)
      .def_static("parse_implied", &parse_implied, py::arg("text"), py::arg("currency"), py::arg("decimals"),
                  py::kw_only(), py::arg("sign") = "front", kParseImpliedDoc)
      .def_property_readonly("amount", &amount_of,
                             "The amount in major units as decimal.Decimal, with all decimals of the currency.")
      .def_property_readonly("amount_minor", &Money::amount_minor, "The amount in minor units as int.")
      .def_property_readonly("currency", &Money::currency, "The currency.")
      .def("__add__", &add, py::arg("other"), py::is_operator())
      .def("__radd__", &add_reflected, py::arg("other"), "Take the int 0 that sum() starts from, and nothing else.",
           py::is_operator())
      .def("__sub__", &subtract, py::arg("other"), py::is_operator())
      .def("__mul__", &multiply, py::arg("times"), py::is_operator())
      .def("__rmul__", &multiply, py::arg("times"), py::is_operator())
      .def("__neg__", &negated)
      .def("__pos__", &same<Money>)
      .def("__abs__", &Money::abs)
      .def("__bool__", &is_nonzero)
      .def("__eq__", &equal, py::arg("other"))
      .def("__lt__", &less, py::arg("other"))
      .def("__le__", &less_equal, py::arg("other"))
      .def("__gt__", &greater, py::arg("other"))
      .def("__ge__", &greater_equal, py::arg("other"))
      .def("__hash__", &hash_of)
      .def("__str__", &str_money)
      .def("__repr__", &repr_money)
      .def("__copy__", &same<Money>)
      .def("__deepcopy__", &same_deep<Money>, py::arg("memo"))
      .def("__reduce__", &reduce_money)
      .attr("__module__") = "cuadre.money";
}

void bind_sum(py::module_& module) {
  py::class_<MoneySum>(module, "MoneySum", kSumDoc, py::is_final())
      .def_property_readonly("currencies", &MoneySum::currencies, "The currencies that were added, by code.")
      .def("amount", &sum_amount, py::arg("currency"),
           "Give the total in major units as decimal.Decimal; 0 where nothing was added.\n\nRaises:\n"
           "    CurrencyUnknownError: currency_unknown.")
      .def("amount_minor", &sum_minor_of, py::arg("currency"),
           "Give the total in minor units as int; 0 where nothing was added.\n\nRaises:\n"
           "    CurrencyUnknownError: currency_unknown.")
      .def("money", &sum_money, py::arg("currency"),
           "Give the total as Money.\n\nRaises:\n    AmountOverflowError: amount_overflow, where 64 bits do not hold "
           "it.\n"
           "    CurrencyUnknownError: currency_unknown.")
      .def("__add__", &sum_add, py::arg("other"), py::is_operator())
      .def("__len__", &sum_size)
      .def("__eq__", &sum_equal, py::arg("other"))
      .def("__repr__", &repr_sum)
      .attr("__module__") = "cuadre.money";
}

}  // namespace

void bind_money(py::module_& module) {
  bind_currency(module);
  bind_money_class(module);
  bind_sum(module);
  module.def("currencies", &currencies, "List every currency in use, by code. Raises nothing.");
  module.def("total", &total, py::arg("amounts"), kTotalDoc);
}

}  // namespace cuadre::bindings
