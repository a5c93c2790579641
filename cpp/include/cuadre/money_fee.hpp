// What a gateway keeps: fees, the tax on them, and what it withholds.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cuadre/money_exact.hpp"

namespace cuadre {

// A tax as arithmetic. Which rate holds where and when is data (python/cuadre/rules), not code.
struct TaxRule {
  std::string name;  // "IVA"
  Ratio rate;        // of the base: 19/100
  RoundingMode mode = RoundingMode::half_even;
  std::int64_t step_minor = 1;          // the ITF goes to 5 céntimos
  std::int64_t minimum_base_minor = 0;  // a smaller base pays nothing
};
Rounded tax_on(Money base, const TaxRule& rule);  // on top: 19 of 100

// A price with the tax in it, in parts that add up. Throws Error(argument_invalid) for a negative price or rate.
struct TaxParts {
  Money net;
  Money tax;
};
TaxParts tax_inside(Money gross, const TaxRule& rule);  // 19 in 119; the net is rounded by the rule's mode
// What goes back when `now` of the price is refunded after `before` of it was. Over any number of refunds net and tax
// never exceed the parts of the price, and when all is refunded they are exactly those. Throws Error(argument_invalid)
// where before + now is more than the price.
TaxParts tax_refund(Money gross, const TaxRule& rule, Money before, Money now);

enum class Payer : std::uint8_t { merchant, buyer };

struct FeeTier {
  std::int64_t up_to_minor = 0;  // the last amount of the tier; 0 in the last tier: no end
  Ratio rate;
  std::int64_t fixed_minor = 0;
};

struct Withholding {
  TaxRule rule;
  enum class Base : std::uint8_t { sale, sale_tax, fee, fee_tax } base = Base::sale;
  std::vector<std::string> methods;  // only for sales paid so ("card"); empty: for all
};

struct FeeSchedule {
  std::string name;
  Currency currency;
  Payer payer = Payer::merchant;
  std::vector<FeeTier> tiers;  // at least one, ascending, the last without end
  bool marginal = false;       // each slice of the amount by its own tier; otherwise all of it by the tier it falls in
  std::optional<std::int64_t> minimum_minor;  // of the fee before tax
  std::optional<std::int64_t> maximum_minor;
  std::optional<TaxRule> tax;  // on the fee
  bool tax_included = false;   // rate, fixed part, minimum and maximum hold the tax already
  // Two rounding points: the fee, then the tax on the rounded fee. One: the exact fee with its tax is rounded once and
  // then split.
  RoundingMode fee_mode = RoundingMode::half_even;
  std::int64_t fee_step_minor = 1;
  bool one_rounding = false;
  std::vector<Withholding> withholdings;

  void require_valid() const;  // throws Error(rule_invalid), naming the field
};

// One line of the explanation: what = exact, rounded to amount.
struct FeeLine {
  std::string what;  // "fee", "IVA on the fee", "ICA"
  Ratio exact_minor;
  std::int64_t amount_minor;
};

struct Fee {
  Money amount;    // of the sale
  Money fee;       // before tax
  Money tax;       // on the fee
  Money withheld;  // all withholdings
  Money total;     // fee + tax
  Money net;       // what the merchant gets: amount - withheld, less the total where the merchant pays it
  Money charged;   // what the buyer pays: the amount, and the total where the buyer pays it
  std::vector<FeeLine> lines;
};

struct FeeInput {
  std::string_view method;                     // "cash", "card"; as the schedule calls it
  std::optional<std::int64_t> sale_tax_minor;  // the tax inside the sale; needed where a withholding is on it
};
// Throws Error(currency_mismatch), Error(argument_invalid) for a negative amount or a missing sale tax.
Fee apply_fee(const FeeSchedule& schedule, Money amount, const FeeInput& input = {});

// Many amounts of the schedule's currency; columns of the same length. Same answers as apply_fee, row by row.
struct FeeColumns {
  std::vector<std::int64_t> fee_minor, tax_minor, withheld_minor, net_minor;
};
void apply_fee(const FeeSchedule& schedule, std::span<const std::int64_t> amounts_minor, const FeeInput& input,
               FeeColumns& out);

}  // namespace cuadre
