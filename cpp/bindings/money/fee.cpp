// Fees and taxes for Python, as arithmetic; python/cuadre/money holds the data and the words.
#include "cuadre/money/fee.hpp"

#include <pybind11/pybind11.h>
#include <pybind11/stl.h>

#include <utility>
#include <vector>

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

std::vector<Money> refund_shares_of(const Money& whole, const py::iterable& parts, const Money& before,
                                    const Money& now) {
  std::vector<Money> known;
  for (const py::handle part : parts) known.push_back(part.cast<Money>());
  return refund_shares(whole, known, before, now);
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
  module.def("refund_shares", &refund_shares_of, py::arg("whole"), py::arg("parts"), py::arg("before"), py::arg("now"),
             "Give what of each part goes back. Raises as money.Fee.refund.");
}

}  // namespace cuadre::bindings
