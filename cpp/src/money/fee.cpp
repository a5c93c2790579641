// Fees row by row, exact until the named roundings. fee_columns.cpp does the same for many rows.
#include "cuadre/money/fee.hpp"

#include <algorithm>
#include <limits>
#include <utility>

#include "money/fee.hpp"

namespace cuadre {
namespace {

Money money_of(std::int64_t minor, Currency currency) { return Money::from_minor(minor, currency); }

std::int64_t minor_of(const BigInteger& value, const char* what) {
  if (value < std::numeric_limits<std::int64_t>::min() || value > std::numeric_limits<std::int64_t>::max()) {
    throw Error(ErrorCode::amount_overflow, std::string(what) + " does not fit 64 bits of minor units");
  }
  return value.convert_to<std::int64_t>();
}

std::int64_t round_minor(const Ratio& exact, RoundingMode mode, std::int64_t step, const char* what) {
  const BigInteger steps = (exact / Ratio(step)).rounded(mode);
  return minor_of(BigInteger(steps * step), what);
}

std::string percent(const Ratio& rate) {
  const Ratio hundredfold = rate * Ratio(100);
  BigInteger scale = 1;
  constexpr int kDecimalsMax = 9;
  for (int decimals = 0; decimals <= kDecimalsMax; ++decimals, scale *= 10) {
    const Ratio scaled = hundredfold * Ratio(scale, 1);
    if (scaled.is_whole() && scaled.numerator() <= std::numeric_limits<std::int64_t>::max()) {
      return decimal_text(scaled.numerator().convert_to<std::int64_t>(), decimals) + "%";
    }
  }
  return rate.text();
}

std::string amount_text(std::int64_t minor, Currency currency) { return decimal_text(minor, currency.minor_units()); }

// The tier that holds the amount.
std::size_t tier_of(const FeeSchedule& schedule, std::int64_t amount) {
  std::size_t tier = 0;
  while (tier + 1 < schedule.tiers.size() && amount > schedule.tiers[tier].up_to_minor) ++tier;
  return tier;
}

struct ExactFee {
  Ratio minor;
  std::string how;
};

void add_slice(ExactFee& fee, const FeeTier& tier, std::int64_t slice, Currency currency) {
  fee.minor = fee.minor + Ratio(slice) * tier.rate + Ratio(tier.fixed_minor);
  if (!fee.how.empty()) fee.how += " + ";
  fee.how += percent(tier.rate) + " of " + amount_text(slice, currency);
  if (tier.fixed_minor != 0) fee.how += " + " + amount_text(tier.fixed_minor, currency);
}

ExactFee exact_fee(const FeeSchedule& schedule, std::int64_t amount) {
  ExactFee fee;
  const std::size_t last = tier_of(schedule, amount);
  if (schedule.marginal) {
    std::int64_t from = 0;
    for (std::size_t i = 0; i <= last; ++i) {
      const std::int64_t to = i == last ? amount : schedule.tiers[i].up_to_minor;
      add_slice(fee, schedule.tiers[i], to - from, schedule.currency);
      from = to;
    }
  } else {
    add_slice(fee, schedule.tiers[last], amount, schedule.currency);
  }
  if (schedule.minimum_minor && fee.minor < Ratio(*schedule.minimum_minor)) {
    fee.minor = Ratio(*schedule.minimum_minor);
    fee.how += ", at least " + amount_text(*schedule.minimum_minor, schedule.currency);
  }
  if (schedule.maximum_minor && fee.minor > Ratio(*schedule.maximum_minor)) {
    fee.minor = Ratio(*schedule.maximum_minor);
    fee.how += ", at most " + amount_text(*schedule.maximum_minor, schedule.currency);
  }
  return fee;
}

FeeLine tax_line(FeeLine::Kind kind, std::string what, Money base, const std::string& base_name, const TaxRule& rule) {
  FeeLine line{.kind = kind, .what = std::move(what), .mode = rule.mode, .step_minor = rule.step_minor};
  line.how = percent(rule.rate) + " of " + base_name + " " + base.amount_text();
  if (base.amount_minor() < rule.minimum_base_minor) {
    line.how += ", nothing below " + amount_text(rule.minimum_base_minor, base.currency());
  } else {
    line.exact_minor = Ratio(base.amount_minor()) * rule.rate;
  }
  line.amount_minor = tax_on(base, rule).money.amount_minor();
  return line;
}

FeeLine fee_line(const FeeSchedule& schedule, const ExactFee& exact) {
  FeeLine line{.kind = FeeLine::Kind::fee,
               .what = "fee",
               .how = exact.how,
               .exact_minor = exact.minor,
               .mode = schedule.fee_mode,
               .step_minor = schedule.fee_step_minor};
  line.amount_minor = round_minor(exact.minor, line.mode, line.step_minor, "the fee");
  return line;
}

// The exact fee holds the tax: rounded once, then divided as any price with its tax in it.
void split_included(const FeeSchedule& schedule, FeeLine fee, Fee& out) {
  const TaxParts parts = tax_inside(money_of(fee.amount_minor, schedule.currency), *schedule.tax);
  const bool taxed = parts.tax.amount_minor() != 0;
  FeeLine tax{.kind = FeeLine::Kind::tax,
              .what = schedule.tax->name + " in the fee",
              .how = amount_text(fee.amount_minor, schedule.currency) + " - " + parts.net.amount_text(),
              .exact_minor = Ratio(fee.amount_minor) - Ratio(parts.net.amount_minor()),
              .mode = schedule.tax->mode,
              .step_minor = schedule.tax->step_minor,
              .amount_minor = parts.tax.amount_minor()};
  fee.how += ", rounded " + amount_text(fee.amount_minor, schedule.currency) + " with " + schedule.tax->name + " in it";
  fee.exact_minor = taxed ? Ratio(fee.amount_minor) / (Ratio(1) + schedule.tax->rate) : Ratio(fee.amount_minor);
  fee.mode = schedule.tax->mode;
  fee.step_minor = schedule.tax->step_minor;
  fee.amount_minor = parts.net.amount_minor();
  out.lines = {std::move(fee), std::move(tax)};
}

void add_fee_lines(const FeeSchedule& schedule, std::int64_t amount, Fee& out) {
  const ExactFee exact = exact_fee(schedule, amount);
  FeeLine fee = fee_line(schedule, exact);
  if (!schedule.tax) {
    out.lines = {std::move(fee)};
  } else if (schedule.tax_included) {
    split_included(schedule, std::move(fee), out);
  } else {
    FeeLine tax = tax_line(FeeLine::Kind::tax, schedule.tax->name + " on the fee",
                           money_of(fee.amount_minor, schedule.currency), "the fee", *schedule.tax);
    if (schedule.one_rounding) {
      const bool taxed = fee.amount_minor >= schedule.tax->minimum_base_minor;
      const Ratio exact_tax = taxed ? exact.minor * schedule.tax->rate : Ratio(0);
      const std::int64_t total =
          round_minor(exact.minor + exact_tax, schedule.fee_mode, schedule.fee_step_minor, "the fee with its tax");
      tax.how = "fee and tax rounded together to " + amount_text(total, schedule.currency) + ", less the fee";
      tax.exact_minor = exact_tax;
      tax.mode = schedule.fee_mode;
      tax.step_minor = schedule.fee_step_minor;
      tax.amount_minor = taxed ? total - fee.amount_minor : 0;
    }
    out.lines = {std::move(fee), std::move(tax)};
  }
}

std::int64_t sale_tax_of(const FeeSchedule& schedule, const Withholding& withholding, Money amount,
                         const FeeInput& input) {
  if (!input.sale_tax_minor) {
    throw Error(ErrorCode::argument_invalid,
                "the withholding \"" + withholding.rule.name + "\" of \"" + schedule.name +
                    "\" looks at the tax in the sale: pass sale_tax (0 where there is none)");
  }
  if (*input.sale_tax_minor < 0 || *input.sale_tax_minor > amount.amount_minor()) {
    throw Error(ErrorCode::argument_invalid, "the sale tax is part of the sale, 0 to " + amount.amount_text() +
                                                 ", not " + amount_text(*input.sale_tax_minor, amount.currency()));
  }
  return *input.sale_tax_minor;
}

FeeLine withholding_line(const FeeSchedule& schedule, const Withholding& withholding, const Fee& fee,
                         const FeeInput& input) {
  using Base = Withholding::Base;
  Money base = fee.amount;
  const char* name = "the sale";
  if (withholding.base == Base::fee || withholding.base == Base::fee_tax) {
    base = withholding.base == Base::fee ? fee.fee : fee.tax;
    name = withholding.base == Base::fee ? "the fee" : "the tax on the fee";
  } else if (withholding.base != Base::sale) {
    const Money tax = money_of(sale_tax_of(schedule, withholding, fee.amount, input), fee.amount.currency());
    base = withholding.base == Base::sale_tax ? tax : fee.amount - tax;
    name = withholding.base == Base::sale_tax ? "the tax in the sale" : "the sale without its tax";
  }
  return tax_line(FeeLine::Kind::withholding, withholding.rule.name, base, name, withholding.rule);
}

// What is refunded in all; of a negative amount nothing can be, and never more than the whole.
Money refunded_of(Money whole, Money before, Money now) {
  const Money zero = whole - whole;
  const Money after = before + now;
  if (before >= zero && now >= zero && after <= whole) return after;
  throw Error(ErrorCode::argument_invalid, "refunds of " + before.amount_text() + " and now " + now.amount_text() +
                                               " are not part of " + std::string(whole.currency().code()) + " " +
                                               whole.amount_text());
}

}  // namespace

bool applies(const Withholding& withholding, std::string_view method) {
  return withholding.methods.empty() || std::ranges::find(withholding.methods, method) != withholding.methods.end();
}

// ---- taxes

Rounded tax_on(Money base, const TaxRule& rule) {
  const bool negative = base.amount_minor() < 0;
  const Ratio size = negative ? -Ratio(base.amount_minor()) : Ratio(base.amount_minor());
  const ExactMoney exact(size < Ratio(rule.minimum_base_minor) ? Ratio(0) : size * rule.rate, base.currency());
  const Rounded rounded = exact.round(rule.mode, rule.step_minor);
  return negative ? Rounded{-rounded.money, -rounded.rest} : rounded;
}

TaxParts tax_parts(Money net, Money tax, const TaxRule& rule) {
  TaxParts parts{net, tax, {}};
  Money rest = tax;
  for (std::size_t i = 0; i < rule.shares.size(); ++i) {
    const bool last = i + 1 == rule.shares.size();
    const Ratio share = rule.rate.sign() == 0 ? Ratio(0) : rule.shares[i].rate / rule.rate;
    Money part = last ? rest : multiply(tax, share, RoundingMode::half_even);
    if (part.abs() > rest.abs()) part = rest;  // many small shares may each have been rounded up
    parts.shares.push_back(part);
    rest = rest - part;
  }
  return parts;
}

TaxParts tax_inside(Money gross, const TaxRule& rule) {
  if (gross.amount_minor() < 0) {
    throw Error(ErrorCode::argument_invalid, "a price with its tax in it is not negative: take the parts of " +
                                                 gross.abs().amount_text() + ", or refund it");
  }
  const ExactMoney exact = ExactMoney(gross) / (Ratio(1) + rule.rate);
  if (exact.minor() < Ratio(rule.minimum_base_minor)) return tax_parts(gross, gross - gross, rule);
  const Money net = std::min(exact.round(rule.mode, rule.step_minor).money, gross);
  return tax_parts(net, gross - net, rule);
}

TaxParts tax_refund(Money gross, const TaxRule& rule, Money before, Money now) {
  const Money after = refunded_of(gross, before, now);
  const TaxParts whole = tax_inside(gross, rule);
  const auto share = [](Money part, Money of, Money done) {
    return of.amount_minor() == 0
               ? part
               : money_of(share_done(part.amount_minor(), of.amount_minor(), done.amount_minor()), part.currency());
  };
  // Each part is cut in two out of what is left, so that every part grows with what is refunded and none shrinks.
  Money left = whole.tax;
  Money left_before = share(whole.tax, gross, before);
  Money left_after = share(whole.tax, gross, after);
  TaxParts back{now - (left_after - left_before), left_after - left_before, {}};
  for (const Money part : whole.shares) {
    const Money part_before = share(part, left, left_before);
    const Money part_after = share(part, left, left_after);
    back.shares.push_back(part_after - part_before);
    left = left - part;
    left_before = left_before - part_before;
    left_after = left_after - part_after;
  }
  return back;
}

std::vector<Money> refund_shares(Money whole, std::span<const Money> parts, Money before, Money now) {
  const Money after = refunded_of(whole, before, now);
  std::vector<Money> shares;
  for (const Money part : parts) {
    const auto share = [&](Money done) {
      return whole.amount_minor() == 0 ? std::int64_t{0}
                                       : share_done(part.amount_minor(), whole.amount_minor(), done.amount_minor());
    };
    shares.push_back(money_of(share(after) - share(before), part.currency()));
  }
  return shares;
}

// ---- fees

Fee apply_fee(const FeeSchedule& schedule, Money amount, const FeeInput& input) {
  if (amount.currency() != schedule.currency) {
    throw Error(ErrorCode::currency_mismatch, "the fees of \"" + schedule.name + "\" are in " +
                                                  std::string(schedule.currency.code()) + ", the amount is in " +
                                                  std::string(amount.currency().code()));
  }
  if (amount.amount_minor() < 0) {
    throw Error(ErrorCode::argument_invalid, "a fee is on a sale, and a sale is not negative: " + amount.amount_text() +
                                                 "; a refund gives back its share of the sale's fee");
  }
  const Money zero = money_of(0, schedule.currency);
  Fee fee{amount, zero, zero, zero, zero, zero, zero, {}};
  add_fee_lines(schedule, amount.amount_minor(), fee);
  fee.fee = money_of(fee.lines[0].amount_minor, schedule.currency);
  if (fee.lines.size() > 1) fee.tax = money_of(fee.lines[1].amount_minor, schedule.currency);
  for (const Withholding& withholding : schedule.withholdings) {
    if (!applies(withholding, input.method)) continue;
    fee.lines.push_back(withholding_line(schedule, withholding, fee, input));
    fee.withheld = fee.withheld + money_of(fee.lines.back().amount_minor, schedule.currency);
  }
  fee.total = fee.fee + fee.tax;
  fee.net = amount - fee.withheld - (schedule.payer == Payer::merchant ? fee.total : zero);
  fee.charged = amount + (schedule.payer == Payer::buyer ? fee.total : zero);
  return fee;
}

}  // namespace cuadre
