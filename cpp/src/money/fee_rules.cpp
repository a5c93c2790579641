// Which fee and tax rules are sound.
#include <string>
#include <utility>

#include "cuadre/money/fee.hpp"

namespace cuadre {
namespace {

[[noreturn]] void invalid(const std::string& field, const std::string& message) {
  throw Error(ErrorCode::rule_invalid, field + ": " + message);
}

void require_rate(const Ratio& rate, const std::string& field) {
  if (rate.sign() < 0) invalid(field, "a rate is not negative, and this one is " + rate.text());
  // 1000 times the base: more is a per cent sign that was forgotten
  if (rate > Ratio(1000)) invalid(field, "a rate is a part of the amount; " + rate.text() + " is not, write \"2.99%\"");
}

void require_amount(std::int64_t minor, const std::string& field) {
  if (minor < 0) invalid(field, "must not be negative, and is " + std::to_string(minor) + " minor units");
}

void require_step(std::int64_t step, const std::string& field) {
  if (step <= 0) invalid(field, "a step is a positive amount, not " + std::to_string(step) + " minor units");
}

std::string prefix(const std::string& field) { return field.empty() ? field : field + "."; }

void require_tax(const TaxRule& rule, const std::string& field) {
  if (rule.name.empty()) invalid(prefix(field) + "name", "a tax has a name");
  require_rate(rule.rate, prefix(field) + "rate");
  require_step(rule.step_minor, prefix(field) + "step");
  require_amount(rule.minimum_base_minor, prefix(field) + "minimum_base");
  Ratio sum;
  for (const TaxShare& share : rule.shares) {
    require_rate(share.rate, prefix(field) + "shares");
    sum = sum + share.rate;
  }
  if (!rule.shares.empty() && sum != rule.rate) {
    invalid(prefix(field) + "shares", "sum to " + sum.text() + ", and the rate is " + rule.rate.text());
  }
}

void require_tiers(const FeeSchedule& schedule) {
  if (schedule.tiers.empty()) invalid("tiers", "there is none: say a rate, a fixed part or both");
  for (std::size_t i = 0; i < schedule.tiers.size(); ++i) {
    const FeeTier& tier = schedule.tiers[i];
    const std::string field = "tiers[" + std::to_string(i + 1) + "]";
    const bool last = i + 1 == schedule.tiers.size();
    require_rate(tier.rate, schedule.tiers.size() == 1 ? "rate" : field + ".rate");
    require_amount(tier.fixed_minor, schedule.tiers.size() == 1 ? "fixed" : field + ".fixed");
    if (last && tier.up_to_minor != 0) invalid(field + ".up_to", "the last tier has no end: leave up_to out");
    if (!last && tier.up_to_minor <= (i == 0 ? 0 : schedule.tiers[i - 1].up_to_minor)) {
      invalid(field + ".up_to", "tiers stand in rising order, and only the last has no end");
    }
  }
}

}  // namespace

void TaxRule::require_valid() const { require_tax(*this, ""); }

void FeeSchedule::require_valid() const {
  if (!currency || currency.minor_units() < 0) invalid("currency", "a schedule has a currency with minor units");
  require_tiers(*this);
  if (minimum_minor) require_amount(*minimum_minor, "minimum");
  if (maximum_minor) require_amount(*maximum_minor, "maximum");
  if (minimum_minor && maximum_minor && *minimum_minor > *maximum_minor) {
    invalid("minimum", decimal_text(*minimum_minor, currency.minor_units()) + " is more than the maximum, " +
                           decimal_text(*maximum_minor, currency.minor_units()));
  }
  require_step(fee_step_minor, "rounding.step");
  for (const auto& [limit, field] : {std::pair(minimum_minor, "minimum"), std::pair(maximum_minor, "maximum")}) {
    if (limit && *limit % fee_step_minor != 0) {
      invalid(field, decimal_text(*limit, currency.minor_units()) +
                         " is no multiple of the step that fees are rounded to, " +
                         decimal_text(fee_step_minor, currency.minor_units()));
    }
  }
  if (tax) require_tax(*tax, "tax");
  if (tax_included && !tax) invalid("tax.included", "there is no tax that could be included");
  for (std::size_t i = 0; i < withholdings.size(); ++i) {
    require_tax(withholdings[i].rule, "withholdings[" + std::to_string(i + 1) + "]");
  }
}

}  // namespace cuadre
