// Fees and taxes for Python, as arithmetic; python/cuadre/money holds the data and the words.
#include "cuadre/money/column/fee.hpp"

#include <pybind11/pybind11.h>
#include <pybind11/stl.h>

#include <utility>

#include "border/provided.hpp"
#include "money/values.hpp"

namespace py = pybind11;

namespace cuadre::bindings {
namespace {

// ---- taxes

TaxRule make_tax(std::string name, const py::object& rate, const py::object& mode, const py::object& step_minor,
                 const py::object& minimum_base_minor, const py::iterable& shares) {
  TaxRule rule{.name = std::move(name), .rate = ratio_of(rate, "a rate"), .mode = rounding_mode_of(mode)};
  rule.step_minor = int64_of(step_minor, "step_minor");
  rule.minimum_base_minor = int64_of(minimum_base_minor, "minimum_base_minor");
  for (const py::handle share : shares) {
    const auto pair = share.cast<py::tuple>();
    rule.shares.push_back({pair[0].cast<std::string>(), ratio_of(pair[1], "a rate")});
  }
  rule.require_valid();
  return rule;
}

py::tuple parts_of(const TaxParts& parts) { return py::make_tuple(parts.net, parts.tax, py::cast(parts.shares)); }

py::tuple on_of(const TaxRule& rule, const Money& base) {
  const Rounded tax = tax_on(base, rule);
  const TaxParts parts = tax_parts(base, tax.money, rule);
  return py::make_tuple(parts.net, parts.tax, py::cast(parts.shares), fraction_of(tax.rest.minor()));
}

py::tuple inside_of(const TaxRule& rule, const Money& gross) { return parts_of(tax_inside(gross, rule)); }

py::tuple refund_of(const TaxRule& rule, const Money& gross, const Money& before, const Money& now) {
  return parts_of(tax_refund(gross, rule, before, now));
}

// ---- fees

Withholding::Base base_of(const std::string& name) {
  constexpr std::pair<const char*, Withholding::Base> kBases[] = {{"sale", Withholding::Base::sale},
                                                                  {"sale_net", Withholding::Base::sale_net},
                                                                  {"sale_tax", Withholding::Base::sale_tax},
                                                                  {"fee", Withholding::Base::fee},
                                                                  {"fee_tax", Withholding::Base::fee_tax}};
  for (const auto& [known, base] : kBases) {
    if (name == known) return base;
  }
  throw Error(ErrorCode::rule_invalid, "on: 'sale', 'sale_net', 'sale_tax', 'fee' or 'fee_tax', not '" + name + "'");
}

std::optional<std::int64_t> optional_minor(const py::object& value, const char* what) {
  if (value.is_none()) return std::nullopt;
  return int64_of(value, what);
}

FeeSchedule make_schedule(std::string name, const py::object& currency, bool buyer_pays, const py::iterable& tiers,
                          bool marginal, const py::object& minimum_minor, const py::object& maximum_minor,
                          const py::object& tax, bool tax_included, const py::object& mode,
                          const py::object& step_minor, bool one_rounding, const py::iterable& withholdings) {
  FeeSchedule schedule{.name = std::move(name), .currency = currency_of(currency)};
  schedule.payer = buyer_pays ? Payer::buyer : Payer::merchant;
  for (const py::handle item : tiers) {
    const auto tier = item.cast<py::tuple>();
    schedule.tiers.push_back(
        {int64_of(tier[0], "up_to"), ratio_of(tier[1], "a rate"), int64_of(tier[2], "the fixed part")});
  }
  schedule.marginal = marginal;
  schedule.minimum_minor = optional_minor(minimum_minor, "the minimum");
  schedule.maximum_minor = optional_minor(maximum_minor, "the maximum");
  if (!tax.is_none()) schedule.tax = tax.cast<TaxRule>();
  schedule.tax_included = tax_included;
  schedule.fee_mode = rounding_mode_of(mode);
  schedule.fee_step_minor = int64_of(step_minor, "step_minor");
  schedule.one_rounding = one_rounding;
  for (const py::handle item : withholdings) {
    const auto parts = item.cast<py::tuple>();
    schedule.withholdings.push_back(
        {parts[0].cast<TaxRule>(), base_of(parts[1].cast<std::string>()), parts[2].cast<std::vector<std::string>>()});
  }
  schedule.require_valid();
  return schedule;
}

const char* kind_name(FeeLine::Kind kind) {
  return kind == FeeLine::Kind::fee ? "fee" : kind == FeeLine::Kind::tax ? "tax" : "withholding";
}

py::tuple apply(const FeeSchedule& schedule, const Money& amount, const std::string& method,
                const py::object& sale_tax_minor) {
  const Fee fee = apply_fee(schedule, amount, {method, optional_minor(sale_tax_minor, "the sale tax")});
  py::list lines;
  for (const FeeLine& line : fee.lines) {
    lines.append(py::make_tuple(kind_name(line.kind), line.what, line.how, fraction_of(line.exact_minor),
                                std::string(cuadre::name(line.mode)), line.step_minor, line.amount_minor));
  }
  return py::make_tuple(fee.amount, fee.fee, fee.tax, fee.withheld, fee.total, fee.net, fee.charged, lines);
}

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

void bind_column_methods(const py::module_& module) {
  const py::object column = module.attr("MoneyColumn");
  column.attr("fee") = py::cpp_function(&column_fee, py::name("fee"), py::is_method(column), py::arg("schedule"),
                                        py::kw_only(), py::arg("method") = py::none(), py::arg("sale_tax") = py::none(),
                                        py::arg("on") = py::none(), kColumnFeeDoc);
  column.attr("tax") =
      py::cpp_function(&column_tax, py::name("tax"), py::is_method(column), py::arg("rule"), kColumnTaxDoc);
  column.attr("tax_inside") = py::cpp_function(&column_tax_inside, py::name("tax_inside"), py::is_method(column),
                                               py::arg("rule"), kColumnInsideDoc);
}

// ---- Money.to_cash: the rules are data, so the work is Python's

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

}  // namespace

void bind_money_fee(py::module_& module) {
  py::class_<TaxRule>(module, "TaxRule", "A tax as arithmetic; use money.TaxRule.", py::is_final())
      .def(py::init(&make_tax), py::arg("name"), py::arg("rate"), py::arg("mode"), py::arg("step_minor"),
           py::arg("minimum_base_minor"), py::arg("shares"))
      .def("on", &on_of, py::arg("base"),
           "Give base, tax, shares and what was rounded away. Raises AmountOverflowError.")
      .def("inside", &inside_of, py::arg("gross"),
           "Give net, tax and shares of a price. Raises ArgumentInvalidError: argument_invalid.")
      .def("refund", &refund_of, py::arg("gross"), py::arg("before"), py::arg("now"),
           "Give net, tax and shares of a refund. Raises ArgumentInvalidError: argument_invalid.");
  py::class_<FeeSchedule>(module, "FeeSchedule", "A fee contract as arithmetic; use money.FeeSchedule.", py::is_final())
      .def(py::init(&make_schedule), py::arg("name"), py::arg("currency"), py::arg("buyer_pays"), py::arg("tiers"),
           py::arg("marginal"), py::arg("minimum_minor"), py::arg("maximum_minor"), py::arg("tax"),
           py::arg("tax_included"), py::arg("mode"), py::arg("step_minor"), py::arg("one_rounding"),
           py::arg("withholdings"))
      .def("apply", &apply, py::arg("amount"), py::arg("method"), py::arg("sale_tax_minor"),
           "Give the sums and the lines of a fee. Raises as money.FeeSchedule.apply.");
  const py::object money = module.attr("Money");
  money.attr("to_cash") = py::cpp_function(&to_cash, py::name("to_cash"), py::is_method(money), py::arg("direction"),
                                           py::kw_only(), py::arg("country") = py::none(), py::arg("on") = py::none(),
                                           py::arg("rule") = py::none(), kToCashDoc);
  bind_column_methods(module);
}

}  // namespace cuadre::bindings
