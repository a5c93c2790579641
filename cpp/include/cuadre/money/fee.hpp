// What a gateway keeps: fees, the tax on them, and what it withholds.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cuadre/money/exact.hpp"

namespace cuadre {

struct TaxShare {
  std::string name;  // "IPM"
  Ratio rate;        // of the base; the shares of a rule sum to its rate
};

// A tax as arithmetic. Which rate holds where and when is data (python/cuadre/money), not code.
struct TaxRule {
  std::string name{};  // "IVA"
  Ratio rate{};        // of the base: 19/100
  RoundingMode mode = RoundingMode::half_even;
  std::int64_t step_minor = 1;          // the ITF goes to 5 céntimos
  std::int64_t minimum_base_minor = 0;  // a smaller base pays nothing
  std::vector<TaxShare> shares{};       // what the tax consists of, where it does: IGV and IPM

  void require_valid() const;  // throws Error(rule_invalid), naming the field
};
// On top: 19 of 100. The tax of -100 is minus the tax of 100, so that a credit note mirrors its invoice.
Rounded tax_on(Money base, const TaxRule& rule);

// Parts that add up: net + tax is the price, and the shares are the tax.
struct TaxParts {
  Money net;
  Money tax;
  std::vector<Money> shares;  // one for each of the rule; the last takes what rounding left
};
TaxParts tax_parts(Money net, Money tax, const TaxRule& rule);  // divides the tax among the shares

// A price with the tax in it: 19 in 119. The net is rounded by the rule and the tax is the rest. Throws
// Error(argument_invalid) for a negative price.
TaxParts tax_inside(Money gross, const TaxRule& rule);
// What goes back when `now` of the price is refunded after `before` of it was. Over any number of refunds net, tax and
// shares never exceed the parts of the price, and when all is refunded they are exactly those. Throws
// Error(argument_invalid) where before + now is more than the price.
TaxParts tax_refund(Money gross, const TaxRule& rule, Money before, Money now);

// What of each part goes back when `now` of the whole is refunded after `before` of it was: in proportion, cut off to
// the minor unit; over any number of refunds never more than the part, and all of it in the end. Of nothing, nothing.
// Throws Error(argument_invalid) where before + now is more than the whole.
std::vector<Money> refund_shares(Money whole, std::span<const Money> parts, Money before, Money now);

enum class Payer : std::uint8_t { merchant, buyer };

struct FeeTier {
  std::int64_t up_to_minor = 0;  // the last amount of the tier; 0 in the last tier: no end
  Ratio rate{};
  std::int64_t fixed_minor = 0;  // marginal: added once the amount reaches the tier
};

struct Withholding {
  TaxRule rule{};
  // sale_net is the sale without the tax in it.
  enum class Base : std::uint8_t { sale, sale_net, sale_tax, fee, fee_tax } base = Base::sale;
  std::vector<std::string> methods{};  // only for sales paid so ("card"); empty: for all
};

struct FeeSchedule {
  std::string name{};
  Currency currency{};
  Payer payer = Payer::merchant;
  std::vector<FeeTier> tiers{};  // at least one, ascending, the last without end
  bool marginal = false;  // each slice of the amount by its own tier; otherwise all of it by the tier it falls in
  std::optional<std::int64_t> minimum_minor{};  // of the fee before tax
  std::optional<std::int64_t> maximum_minor{};
  std::optional<TaxRule> tax{};  // on the fee
  bool tax_included = false;     // rate, fixed part, minimum and maximum hold the tax already
  // Two rounding points: the fee, then the tax on the rounded fee. One: the exact fee with its tax is rounded, by the
  // mode and step of the fee; the tax is what that is more than the fee rounded in the same way.
  RoundingMode fee_mode = RoundingMode::half_even;
  std::int64_t fee_step_minor = 1;
  bool one_rounding = false;
  std::vector<Withholding> withholdings{};

  void require_valid() const;  // throws Error(rule_invalid), naming the field
};

// One line of the explanation: what = exact, rounded to amount.
struct FeeLine {
  enum class Kind : std::uint8_t { fee, tax, withholding } kind = Kind::fee;
  std::string what{};  // "fee", "IVA on the fee", "ICA"
  std::string how{};   // "2.99% of 20000.00 + 800.00, at least 2900.00"
  Ratio exact_minor{};
  RoundingMode mode = RoundingMode::half_even;
  std::int64_t step_minor = 1;
  std::int64_t amount_minor = 0;
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
  std::string_view method{};                     // "cash", "card"; as the schedule calls it
  std::optional<std::int64_t> sale_tax_minor{};  // the tax inside the sale; needed where a withholding looks at it
};
// Throws Error(currency_mismatch), Error(argument_invalid) for a negative amount, a missing sale tax or one that is not
// part of the amount, Error(amount_overflow).
Fee apply_fee(const FeeSchedule& schedule, Money amount, const FeeInput& input = {});

// Many amounts of the schedule's currency; columns of the same length. Same answers as apply_fee, row by row; an error
// names the first row (from 0) that has one. A null row counts as zero.
struct FeeRows {
  std::span<const std::int64_t> amounts_minor{};
  std::string_view method{};
  std::optional<std::int64_t> sale_tax_minor{};      // of every row,
  std::span<const std::int64_t> sale_taxes_minor{};  // or a row each; empty: none
  const std::uint8_t* validity = nullptr;            // one bit a row from bit `validity_offset`; null: all valid
  std::size_t validity_offset = 0;
};
struct FeeSpans {  // each as long as the amounts
  std::span<std::int64_t> fee_minor, tax_minor, withheld_minor, net_minor;
};
struct FeeColumns {
  std::vector<std::int64_t> fee_minor, tax_minor, withheld_minor, net_minor;
};
void apply_fee(const FeeSchedule& schedule, const FeeRows& rows, const FeeSpans& out, unsigned threads = 0);
void apply_fee(const FeeSchedule& schedule, std::span<const std::int64_t> amounts_minor, const FeeInput& input,
               FeeColumns& out);

}  // namespace cuadre
