// Fees and taxes: printed examples, columns against single rows, and parts that add up over every way of refunding.
#include "cuadre/money/fee.hpp"

#include <gtest/gtest.h>

#include <array>
#include <random>

namespace cuadre {
namespace {

const Currency kCop = Currency::of("COP");

Money cop(std::int64_t minor) { return Money::from_minor(minor, kCop); }

TaxRule tax(const char* rate, RoundingMode mode = RoundingMode::half_even) {
  return {.name = "IVA", .rate = Ratio::parse(rate), .mode = mode, .shares = {}};
}

FeeSchedule percent(const char* rate, std::int64_t fixed_minor = 0) {
  FeeSchedule schedule{.name = "plain", .currency = kCop};
  schedule.tiers.push_back({.rate = Ratio::parse(rate), .fixed_minor = fixed_minor});
  return schedule;
}

TEST(Tax, on_top_and_inside) {
  EXPECT_EQ(tax_on(cop(2000000), tax("19%")).money, cop(380000));
  EXPECT_EQ(tax_on(cop(-2000050), tax("19%")).money, -tax_on(cop(2000050), tax("19%")).money);
  const TaxParts parts = tax_inside(cop(34000), tax("19%"));
  EXPECT_EQ(parts.net, cop(28571));
  EXPECT_EQ(parts.tax, cop(5429));
  EXPECT_THROW(tax_inside(cop(-1), tax("19%")), Error);
  TaxRule from = tax("10%");
  from.minimum_base_minor = 1000;
  EXPECT_EQ(tax_on(cop(999), from).money, cop(0));
  EXPECT_EQ(tax_on(cop(1000), from).money, cop(100));
  EXPECT_EQ(tax_inside(cop(1098), from).tax, cop(0));
  EXPECT_EQ(tax_inside(cop(1100), from).tax, cop(100));
}

TEST(Tax, refunds_never_shrink_and_end_at_the_parts) {
  TaxRule rule = tax("18%");
  rule.shares = {{"IGV", Ratio::parse("15.5%")}, {"IPM", Ratio::parse("1.5%")}, {"other", Ratio::parse("1%")}};
  rule.require_valid();
  for (std::int64_t gross = 0; gross < 160; ++gross) {
    const TaxParts whole = tax_inside(cop(gross), rule);
    for (std::int64_t before = 0; before <= gross; ++before) {
      const std::int64_t now = before < gross ? 1 : 0;
      const TaxParts back = tax_refund(cop(gross), rule, cop(before), cop(now));
      ASSERT_EQ(back.net + back.tax, cop(now));
      ASSERT_GE(back.net, cop(0));
      ASSERT_GE(back.tax, cop(0));
      Money shares = cop(0);
      for (const Money share : back.shares) {
        ASSERT_GE(share, cop(0));
        shares = shares + share;
      }
      ASSERT_EQ(shares, back.tax);
    }
    const TaxParts all = tax_refund(cop(gross), rule, cop(0), cop(gross));
    ASSERT_EQ(all.tax, whole.tax);
    ASSERT_EQ(all.shares, whole.shares);
  }
  EXPECT_THROW(tax_refund(cop(10), rule, cop(8), cop(3)), Error);
  EXPECT_THROW(tax_refund(cop(10), rule, cop(-1), cop(3)), Error);
}

TEST(Fee, one_and_two_rounding_points) {
  FeeSchedule schedule = percent("4.5%", 50);
  schedule.tax = tax("7%");
  EXPECT_EQ(apply_fee(schedule, cop(2000)).total, cop(150));  // 1.40 and 0.098
  schedule.one_rounding = true;
  schedule.fee_mode = RoundingMode::toward_zero;
  const Fee fee = apply_fee(schedule, cop(2000));
  EXPECT_EQ(fee.fee, cop(140));
  EXPECT_EQ(fee.total, cop(149));  // of 1.498
  EXPECT_EQ(fee.net, cop(1851));
  EXPECT_EQ(fee.charged, cop(2000));
  schedule.payer = Payer::buyer;
  EXPECT_EQ(apply_fee(schedule, cop(2000)).charged, cop(2149));
  EXPECT_EQ(apply_fee(schedule, cop(2000)).net, cop(2000));
}

TEST(Fee, tiers) {
  FeeSchedule schedule = percent("10%");
  schedule.tiers = {{.up_to_minor = 1000, .rate = Ratio::parse("10%"), .fixed_minor = 5},
                    {.up_to_minor = 2000, .rate = Ratio::parse("5%"), .fixed_minor = 7},
                    {.rate = Ratio::parse("1%"), .fixed_minor = 0}};
  EXPECT_EQ(apply_fee(schedule, cop(1000)).fee, cop(105));
  EXPECT_EQ(apply_fee(schedule, cop(1001)).fee, cop(57));
  EXPECT_EQ(apply_fee(schedule, cop(5000)).fee, cop(50));
  schedule.marginal = true;
  EXPECT_EQ(apply_fee(schedule, cop(1000)).fee, cop(105));
  EXPECT_EQ(apply_fee(schedule, cop(5000)).fee, cop(105 + 57 + 30));
}

TEST(Fee, withholdings_look_at_their_base_and_method) {
  FeeSchedule schedule = percent("0%", 290000);
  schedule.tax = tax("19%");
  using Base = Withholding::Base;
  schedule.withholdings = {
      {.rule = tax("0.414%"), .base = Base::sale_net, .methods = {"card"}},
      {.rule = tax("1.5%", RoundingMode::half_away_from_zero), .base = Base::sale_net, .methods = {"card"}},
      {.rule = tax("15%"), .base = Base::sale_tax, .methods = {"card"}}};
  const Fee card = apply_fee(schedule, cop(2000000), {"card", 319300});
  ASSERT_EQ(card.lines.size(), 5U);
  EXPECT_EQ(card.lines[2].amount_minor, 6958);
  EXPECT_EQ(card.lines[3].amount_minor, 25211);
  EXPECT_EQ(card.lines[4].amount_minor, 47895);
  EXPECT_EQ(card.net, cop(2000000 - 425164 + 0));
  EXPECT_EQ(apply_fee(schedule, cop(2000000), {"cash", std::nullopt}).withheld, cop(0));
  EXPECT_THROW(apply_fee(schedule, cop(2000000), {"card", std::nullopt}), Error);
  EXPECT_THROW(apply_fee(schedule, cop(100), {"card", 101}), Error);
  EXPECT_THROW(apply_fee(schedule, cop(-1)), Error);
}

TEST(Fee, invalid_schedules_name_the_field) {
  const auto field = [](auto spoil) {
    FeeSchedule schedule = percent("1%");
    spoil(schedule);
    try {
      schedule.require_valid();
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::rule_invalid);
      return error.message().substr(0, error.message().find(':'));
    }
    return std::string("valid");
  };
  EXPECT_EQ(field([](FeeSchedule&) {}), "valid");
  EXPECT_EQ(field([](FeeSchedule& s) { s.currency = {}; }), "currency");
  EXPECT_EQ(field([](FeeSchedule& s) { s.tiers.clear(); }), "tiers");
  EXPECT_EQ(field([](FeeSchedule& s) { s.tiers[0].rate = Ratio(-1); }), "rate");
  EXPECT_EQ(field([](FeeSchedule& s) { s.tiers[0].fixed_minor = -1; }), "fixed");
  EXPECT_EQ(field([](FeeSchedule& s) { s.tiers[0].up_to_minor = 5; }), "tiers[1].up_to");
  EXPECT_EQ(field([](FeeSchedule& s) { s.tiers.push_back({}); }), "tiers[1].up_to");
  EXPECT_EQ(field([](FeeSchedule& s) { s.minimum_minor = 2, s.maximum_minor = 1; }), "minimum");
  EXPECT_EQ(field([](FeeSchedule& s) { s.fee_step_minor = 0; }), "rounding.step");
  EXPECT_EQ(field([](FeeSchedule& s) { s.minimum_minor = 110, s.fee_step_minor = 47; }), "minimum");
  EXPECT_EQ(field([](FeeSchedule& s) { s.tax_included = true; }), "tax.included");
  EXPECT_EQ(field([](FeeSchedule& s) { s.tax = TaxRule{}; }), "tax.name");
  EXPECT_EQ(field([](FeeSchedule& s) { s.withholdings.push_back({}); }), "withholdings[1].name");
}

// ---- columns

class Chance {
 public:
  explicit Chance(unsigned seed) : random_(seed) {}
  std::int64_t upto(std::int64_t most) {
    return static_cast<std::int64_t>(random_() % (static_cast<std::uint64_t>(most) + 1));
  }
  bool coin() { return upto(1) == 1; }
  RoundingMode mode() { return static_cast<RoundingMode>(upto(9)); }
  Ratio rate() {
    return upto(9) == 0 ? Ratio(BigInteger(upto(1'000'000'000'000'000'000)), BigInteger("999999999999999999999"))
                        : Ratio(BigInteger(upto(2000)), BigInteger(coin() ? 10000 : 1 + upto(4000)));
  }
  TaxRule tax() {
    return {.name = "t",
            .rate = rate(),
            .mode = mode(),
            .step_minor = coin() ? 1 : 1 + upto(70),
            .minimum_base_minor = coin() ? 0 : upto(900),
            .shares = {}};
  }
  FeeSchedule schedule() {
    FeeSchedule schedule{.name = "random", .currency = kCop};
    schedule.payer = coin() ? Payer::merchant : Payer::buyer;
    std::int64_t up_to = 0;
    for (std::int64_t more = upto(3); more >= 0; --more) {
      up_to += 1 + upto(40000);
      schedule.tiers.push_back({more == 0 ? 0 : up_to, rate(), upto(3) == 0 ? upto(500) : 0});
    }
    schedule.marginal = coin();
    if (upto(3) != 0) schedule.tax = tax();
    schedule.tax_included = schedule.tax && coin();
    schedule.one_rounding = coin();
    schedule.fee_mode = mode();
    schedule.fee_step_minor = coin() ? 1 : 1 + upto(60);
    if (coin()) schedule.minimum_minor = upto(300) / schedule.fee_step_minor * schedule.fee_step_minor;
    if (coin()) schedule.maximum_minor = (300 + upto(3000)) / schedule.fee_step_minor * schedule.fee_step_minor;
    for (std::int64_t more = upto(3); more > 0; --more) {
      schedule.withholdings.push_back({tax(), static_cast<Withholding::Base>(upto(4)),
                                       coin() ? std::vector<std::string>{} : std::vector<std::string>{"card"}});
    }
    schedule.require_valid();
    return schedule;
  }

 private:
  std::mt19937_64 random_;
};

TEST(FeeColumns, are_the_rows_one_by_one) {
  Chance chance(20261125);
  for (int round = 0; round < 400; ++round) {
    const FeeSchedule schedule = chance.schedule();
    std::vector<std::int64_t> amounts;
    for (int i = 0; i < 60; ++i) amounts.push_back(chance.upto(chance.upto(7) == 0 ? 4'000'000'000'000'000 : 120000));
    for (const FeeTier& tier : schedule.tiers)
      amounts.push_back(tier.up_to_minor), amounts.push_back(tier.up_to_minor + 1);
    std::vector<std::int64_t> sale_taxes(amounts);
    for (std::int64_t& sale_tax : sale_taxes) sale_tax = chance.upto(sale_tax);
    const char* const method = chance.coin() ? "card" : "cash";
    const bool one_tax = chance.coin();
    if (one_tax) sale_taxes.assign(amounts.size(), 0);
    FeeColumns out;
    for (auto* column : {&out.fee_minor, &out.tax_minor, &out.withheld_minor, &out.net_minor})
      column->resize(amounts.size());
    FeeRows rows{.amounts_minor = amounts, .method = method, .sale_tax_minor = {}, .sale_taxes_minor = {}};
    if (one_tax)
      rows.sale_tax_minor = 0;
    else
      rows.sale_taxes_minor = sale_taxes;
    apply_fee(schedule, rows, {out.fee_minor, out.tax_minor, out.withheld_minor, out.net_minor});
    for (std::size_t i = 0; i < amounts.size(); ++i) {
      const Fee fee = apply_fee(schedule, cop(amounts[i]), {method, sale_taxes[i]});
      ASSERT_EQ(out.fee_minor[i], fee.fee.amount_minor()) << round << " " << amounts[i];
      ASSERT_EQ(out.tax_minor[i], fee.tax.amount_minor()) << round << " " << amounts[i];
      ASSERT_EQ(out.withheld_minor[i], fee.withheld.amount_minor()) << round << " " << amounts[i];
      ASSERT_EQ(out.net_minor[i], fee.net.amount_minor()) << round << " " << amounts[i];
    }
  }
}

TEST(FeeColumns, name_the_first_bad_row_whatever_the_threads) {
  const FeeSchedule schedule = percent("2.99%");
  std::vector<std::int64_t> amounts(200000, 5);
  amounts[123456] = -1;
  amounts[190000] = -1;
  for (int i = 0; i < 5; ++i) {
    FeeColumns out;
    try {
      apply_fee(schedule, amounts, {}, out);
      FAIL();
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::argument_invalid);
      EXPECT_EQ(error.message().substr(0, 11), "row 123456:");
    }
  }
  const FeeSchedule triple = percent("300%");
  amounts = {1, std::numeric_limits<std::int64_t>::max()};
  FeeColumns out;
  EXPECT_THROW(apply_fee(triple, amounts, {}, out), Error);
}

TEST(FeeColumns, null_rows_are_zero) {
  const FeeSchedule schedule = percent("10%", 5);
  const std::vector<std::int64_t> amounts{100, -7, 200};
  const std::array<std::uint8_t, 1> validity{0b1010};  // bits 1 to 3: valid, null, valid
  FeeColumns out{{9, 9, 9}, {9, 9, 9}, {9, 9, 9}, {9, 9, 9}};
  const FeeRows rows{.amounts_minor = amounts,
                     .method = {},
                     .sale_tax_minor = {},
                     .sale_taxes_minor = {},
                     .validity = validity.data(),
                     .validity_offset = 1};
  apply_fee(schedule, rows, {out.fee_minor, out.tax_minor, out.withheld_minor, out.net_minor});
  EXPECT_EQ(out.fee_minor, (std::vector<std::int64_t>{15, 0, 25}));
  EXPECT_EQ(out.net_minor, (std::vector<std::int64_t>{85, 0, 175}));
}

}  // namespace
}  // namespace cuadre
