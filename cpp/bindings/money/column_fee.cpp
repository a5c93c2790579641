#include "money/column_fee.hpp"

#include <string>

#include "cuadre/money/column/fee.hpp"
#include "money/values.hpp"

namespace py = pybind11;

namespace cuadre::bindings {
namespace {

py::tuple apply_columns(const FeeSchedule& schedule, const MoneyColumn& amounts, const std::string& method,
                        const py::object& sale_tax) {
  ColumnFeeInput input{.method = method};
  if (py::isinstance<MoneyColumn>(sale_tax)) {
    input.sale_taxes = &sale_tax.cast<const MoneyColumn&>();
  } else if (py::isinstance<Money>(sale_tax)) {
    input.sale_tax = sale_tax.cast<Money>();
  } else if (!sale_tax.is_none()) {
    refuse_type(sale_tax, "sale_tax is Money or a MoneyColumn");
  }
  const ColumnFees fees = [&] {
    const py::gil_scoped_release released;
    return apply_fee(schedule, amounts, input);
  }();
  return py::make_tuple(fees.fee, fees.tax, fees.withheld, fees.net);
}

// The words and the validity of a contract or a tax are Python's; `_core` is its arithmetic.
template <class Rule>
const Rule& core_of(const py::object& rule, const char* wanted) {
  const py::object core = py::getattr(rule, "_core", py::none());
  if (!py::isinstance<Rule>(core)) refuse_type(rule, wanted);
  return core.cast<const Rule&>();  // the rule holds it
}

py::object column_fee(const MoneyColumn& self, const py::object& schedule, const py::object& method,
                      const py::object& sale_tax, const py::object& on) {
  const auto& core = core_of<FeeSchedule>(schedule, "a schedule is a FeeSchedule");
  const auto known = schedule.attr("checked")(method, on).cast<std::string>();
  const py::tuple parts = apply_columns(core, self, known, sale_tax);
  return schedule.attr("columns")(self, *parts);
}

MoneyColumn column_tax(const MoneyColumn& self, const py::object& rule) {
  const auto& core = core_of<TaxRule>(rule, "a rule is a TaxRule");
  const Currency currency = currency_of(rule.attr("currency"));
  const py::gil_scoped_release released;
  return tax_on(self, core, currency);
}

py::tuple column_tax_inside(const MoneyColumn& self, const py::object& rule) {
  const auto& core = core_of<TaxRule>(rule, "a rule is a TaxRule");
  const Currency currency = currency_of(rule.attr("currency"));
  const ColumnTaxParts parts = [&] {
    const py::gil_scoped_release released;
    return tax_inside(self, core, currency);
  }();
  return py::make_tuple(parts.net, parts.tax);
}

constexpr const char* kColumnFeeDoc =
    R"(What each sale costs: FeeColumns of MoneyColumns, each row as schedule.apply has it.

Args:
    schedule: A FeeSchedule of the currency of the column.
    method: How the sales were paid, in the contract's words ("card").
    sale_tax: The tax in the sale, where a withholding looks at it: Money for every row, or a MoneyColumn. A null amount or tax
        gives nulls.
    on: The day; outside the contract's validity is an error. None: not checked.

Raises:
    RuleUnknownError: rule_unknown, where the contract does not hold on that day.
    CurrencyMismatchError: currency_mismatch, naming the row in a column of several currencies.
    ArgumentInvalidError: argument_invalid, for a method that the contract does not know; naming the row, for a negative amount
        and a sale tax that is missing or too large.
    AmountOverflowError: amount_overflow, naming the row.
    FloatRefusedError: float_refused, for another schedule or sale tax.)";

constexpr const char* kColumnTaxDoc = R"(The tax on top of each amount, each row as rule.on has it; nulls stay null.

Args:
    rule: A TaxRule of the currency of the column.

Raises:
    CurrencyMismatchError: currency_mismatch, naming the row in a column of several currencies.
    AmountOverflowError: amount_overflow, naming the row.
    FloatRefusedError: float_refused, where rule is no TaxRule.)";

constexpr const char* kColumnInsideDoc =
    R"(The parts (net, tax) of prices with the tax in them, each row as rule.inside has it.

Args:
    rule: A TaxRule of the currency of the column.

Raises:
    ArgumentInvalidError: argument_invalid, for a negative price, naming the row.
    CurrencyMismatchError: currency_mismatch, naming the row in a column of several currencies.
    FloatRefusedError: float_refused, where rule is no TaxRule.)";

}  // namespace

void def_column_fees(py::class_<MoneyColumn>& column) {
  column
      .def("fee", &column_fee, py::arg("schedule"), py::kw_only(), py::arg("method") = py::none(),
           py::arg("sale_tax") = py::none(), py::arg("on") = py::none(), kColumnFeeDoc)
      .def("tax", &column_tax, py::arg("rule"), kColumnTaxDoc)
      .def("tax_inside", &column_tax_inside, py::arg("rule"), kColumnInsideDoc);
}

}  // namespace cuadre::bindings
