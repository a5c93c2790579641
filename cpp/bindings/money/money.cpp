// Currency, Money and MoneySum for Python. What an exact number is in Python is decided in values.cpp; all
// arithmetic is the core's.
#include "cuadre/money.hpp"

#include <pybind11/pybind11.h>
#include <pybind11/stl.h>

#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "border/provided.hpp"
#include "cuadre/money/allocate.hpp"
#include "cuadre/money/sum.hpp"
#include "money/values.hpp"

namespace py = pybind11;

namespace cuadre::bindings {
namespace {

// ---- values out

py::tuple reduce_currency(Currency currency) {
  return py::make_tuple(py::type::of<Currency>(), py::make_tuple(currency.code()));
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

// ---- shares

std::int64_t step_of(const Money& money, const py::object& step) {
  return step.is_none() ? 1 : minor_of(step, money.currency());
}

py::list moneys(const std::vector<std::int64_t>& shares, Currency currency) {
  py::list list(shares.size());
  for (std::size_t i = 0; i < shares.size(); ++i) list[i] = py::cast(Money::from_minor(shares[i], currency));
  return list;
}

py::list allocate_by(const Money& money, const py::iterable& weights, const py::object& step, const py::object& caps) {
  std::vector<Ratio> ratios;
  for (const py::handle weight : weights) ratios.push_back(ratio_of(weight, "a weight"));
  std::vector<std::int64_t> caps_minor;
  if (!caps.is_none()) {
    for (const py::handle cap : py::reinterpret_borrow<py::iterable>(caps)) {
      caps_minor.push_back(cap.is_none() ? std::numeric_limits<std::int64_t>::max()
                                         : minor_of(py::reinterpret_borrow<py::object>(cap), money.currency()));
    }
    if (caps_minor.size() != ratios.size()) {
      throw Error(ErrorCode::argument_invalid, "there are " + std::to_string(caps_minor.size()) + " caps for " +
                                                   std::to_string(ratios.size()) + " weights");
    }
  }
  return moneys(allocate(money.amount_minor(), ratios, step_of(money, step), caps_minor), money.currency());
}

py::list split(const Money& money, const py::object& count, const py::object& step) {
  const std::int64_t shares = int64_of(count, "the count of shares");
  if (shares < 1) {
    throw Error(ErrorCode::argument_invalid,
                "an amount is split into one share or more, not " + std::to_string(shares));
  }
  return moneys(allocate(money.amount_minor(), static_cast<std::size_t>(shares), step_of(money, step)),
                money.currency());
}

Money share_done_of(const Money& money, const py::object& whole, const py::object& done) {
  const std::int64_t whole_minor = minor_of(whole, money.currency());
  return Money::from_minor(share_done(money.amount_minor(), whole_minor, minor_of(done, money.currency())),
                           money.currency());
}

std::vector<std::pair<std::string, std::string>> rounding_modes() {
  return {
#define CUADRE_X(name, text) {#name, text},
      CUADRE_ROUNDING_MODES(CUADRE_X)
#undef CUADRE_X
  };
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
py::list sum_state(const MoneySum& sum) {
  py::list state;
  for (const Currency currency : sum.currencies()) {
    state.append(py::make_tuple(currency.code(), sum_minor_of(sum, py::cast(currency))));
  }
  return state;
}
MoneySum sum_from_state(const py::list& state) {
  constexpr unsigned kBits = 127;
  MoneySum sum;
  for (const py::handle entry : state) {
    if (!PyTuple_Check(entry.ptr()) || PyTuple_GET_SIZE(entry.ptr()) != 2) {
      throw Error(ErrorCode::argument_invalid, "a damaged pickle of a MoneySum");
    }
    const auto [code, minor] = entry.cast<std::pair<py::object, py::object>>();
    const BigInteger total = ratio_of(minor, "a total").numerator();
    if (msb(BigInteger(boost::multiprecision::abs(total) + 1)) >= kBits) {
      throw Error(ErrorCode::amount_overflow, "a total that does not fit 128 bits");
    }
    sum.add(currency_of(code), static_cast<Int128>(total));
  }
  return sum;
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

constexpr const char* kMoneyAllocateDoc =
    R"(Split into shares by weight that add up to the amount exactly. Shares of -amount are the negated shares of amount.

Every share gets its exact part cut to a whole step; the steps left over go one each to the largest remainders, ties to the
first. Where a cap is reached the share is the cap, and what it keeps out goes to the others by their weights.

Args:
    weights: One or more ints, Fractions, Decimals or texts such as "30%"; none negative, not all zero. Zero gets nothing.
    step: Shares are multiples of it, and the amount must be: Money, or major units as text, int or Decimal. One minor
        unit where it is None.
    caps: One for each weight, or None: no share is larger, signs aside. An entry of None has no cap.

Raises:
    ArgumentInvalidError: argument_invalid, for weights, step or caps that break these rules, also where the caps together
        are too small.
    CurrencyMismatchError: currency_mismatch, for a step or a cap in another currency.
    FloatRefusedError: float_refused, for a float or another type.
    AmountOverflowError: amount_overflow, for weights without a common denominator of 4096 bits.)";

constexpr const char* kSplitDoc =
    R"(Split into equal shares that add up to the amount exactly; the first ones get the odd steps.

Args:
    count: How many, 1 to 100,000,000.
    step: As for allocate().

Raises:
    ArgumentInvalidError: argument_invalid, for a count out of range, or an amount that is no multiple of the step.
    CurrencyMismatchError: currency_mismatch, for a step in another currency.
    FloatRefusedError: float_refused, for a count or a step of another type.)";

constexpr const char* kShareDoneDoc =
    R"(The part of this amount that belongs to `done` out of `whole`: the tax of what was refunded so far, say.

Rounds toward zero and never shrinks while `done` grows; all of `done` is all of the amount. So what is given back bit by
bit is the difference of two of these, and never adds up to more than there was.

Args:
    whole: What the amount belongs to, positive: Money, or major units.
    done: Out of it so far, 0 to whole.

Raises:
    ArgumentInvalidError: argument_invalid, for done or whole out of range.
    CurrencyMismatchError: currency_mismatch.
    FloatRefusedError: float_refused.)";

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

// The rules are data, so the work is Python's.
py::object to_cash(const py::object& self, const py::object& direction, const py::object& country, const py::object& on,
                   const py::object& rule) {
  return provided("to_cash")(self, direction, country, on, rule);
}

constexpr const char* kToCashDoc = R"(The amount that can be handed over in coins and notes.

Args:
    direction: "collect" (from a payer), "change" or "pay_out" (to somebody).
    country: Two letters, where a currency has several rules; default: the rule of the currency.
    on: The day as datetime.date; default: the newest rule, because no clock is read.
    rule: A CashRule of your own, instead of the table.

Raises:
    RuleUnknownError: rule_unknown, where the table has no rule for the currency, country and day.
    ArgumentInvalidError: argument_invalid, for another direction or a negative amount: what is not collected is paid out.
    CurrencyMismatchError: currency_mismatch, where `rule` is of another currency.
    AmountOverflowError: amount_overflow.)";

// What need not be fast: attached to the type, which object.cpp makes.
void bind_money_methods() {
  const py::object type = py::reinterpret_borrow<py::object>(money_type());
  type.attr("allocate") =
      py::cpp_function(&allocate_by, py::name("allocate"), py::is_method(type), py::arg("weights"), py::kw_only(),
                       py::arg("step") = py::none(), py::arg("caps") = py::none(), kMoneyAllocateDoc);
  type.attr("split") = py::cpp_function(&split, py::name("split"), py::is_method(type), py::arg("count"), py::kw_only(),
                                        py::arg("step") = py::none(), kSplitDoc);
  type.attr("share_done") = py::cpp_function(&share_done_of, py::name("share_done"), py::is_method(type),
                                             py::arg("whole"), py::arg("done"), kShareDoneDoc);
  type.attr("to_cash") = py::cpp_function(&to_cash, py::name("to_cash"), py::is_method(type), py::arg("direction"),
                                          py::kw_only(), py::arg("country") = py::none(), py::arg("on") = py::none(),
                                          py::arg("rule") = py::none(), kToCashDoc);
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
      .def("__reduce__",
           [](const MoneySum& sum) {
             return py::make_tuple(py::module_::import("cuadre._core").attr("_money_sum"),
                                   py::make_tuple(sum_state(sum)));
           })
      .attr("__module__") = "cuadre.money";
  module.def("_money_sum", &sum_from_state, py::arg("state"), "Make a MoneySum again from its pickle.");
}

}  // namespace

void bind_money(py::module_& module) {
  bind_currency(module);
  make_money_type(module);
  bind_money_methods();
  bind_sum(module);
  module.def("rounding_modes", &rounding_modes,
             "List the ten rounding modes, each with its name and what it does. Raises nothing.");
  module.def("currencies", &currencies, "List every currency in use, by code. Raises nothing.");
  module.def("total", &total, py::arg("amounts"), kTotalDoc);
}

}  // namespace cuadre::bindings
