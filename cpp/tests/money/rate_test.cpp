// Rates against cross-multiplication in 128 bits: no division takes part in the check.
#include "cuadre/money/rate.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <limits>
#include <random>

namespace cuadre {
namespace {

constexpr std::int64_t kDay = 86'400'000'000;
constexpr std::int64_t kMonday = 1'772'409'600'000'000;  // 2026-03-02 00:00:00 UTC

Currency cop() { return Currency::of("COP"); }
Currency pen() { return Currency::of("PEN"); }
Currency usd() { return Currency::of("USD"); }
Money money(std::int64_t minor, Currency currency) { return Money::from_minor(minor, currency); }

Rate trm() {
  return {.base = usd(),
          .quote = cop(),
          .value = Ratio::parse("4145.73"),
          .kind = "TRM",
          .source = "Superfinanciera",
          .as_of_us = kMonday,
          .valid_until_us = kMonday + kDay};
}
Rate sbs() {
  return {.base = usd(),
          .quote = pen(),
          .value = Ratio::parse("3.400"),
          .kind = "SBS sell",
          .source = "SBS",
          .as_of_us = kMonday,
          .valid_until_us = {}};
}

std::string said(ErrorCode code, const std::function<void()>& call) {
  try {
    call();
  } catch (const Error& error) {
    EXPECT_EQ(name(error.code()), name(code)) << error.message();
    return error.message();
  }
  ADD_FAILURE() << "nothing was thrown where " << name(code) << " was due";
  return {};
}

TEST(Rate, the_thousand_dollars_that_became_3399_99_elsewhere) {
  const ExactMoney dollars(money(100'000, usd()));
  const ExactMoney soles = convert(dollars, sbs(), kMonday);
  EXPECT_EQ(soles.whole(), money(340'000, pen()));
  EXPECT_EQ(convert(soles, sbs(), kMonday).whole(), money(100'000, usd()));
}

TEST(Rate, both_ways_by_exact_division) {
  std::mt19937_64 random(20260302);
  for (int i = 0; i < 2000; ++i) {
    Rate rate = trm();
    rate.quote = i % 2 == 0 ? cop() : Currency::of(i % 4 == 1 ? "CLP" : "KWD");
    rate.value =
        Ratio(static_cast<std::int64_t>(random() >> 20U) + 1) / Ratio(1 + static_cast<std::int64_t>(random() >> 50U));
    const ExactMoney amount(money(static_cast<std::int64_t>(random()), usd()));
    const ExactMoney there = convert(amount, rate, kMonday);
    EXPECT_EQ(there.currency(), rate.quote);
    EXPECT_EQ(convert(there, rate, kMonday), amount);
  }
}

TEST(Rate, minor_units_of_both_sides_count) {
  Rate rate = sbs();
  rate.quote = Currency::of("CLP");
  rate.value = Ratio(950);
  EXPECT_EQ(convert(ExactMoney(money(250, usd())), rate, kMonday).whole(), money(2375, rate.quote));
  rate.quote = Currency::of("KWD");
  rate.value = Ratio::parse("0.305");
  EXPECT_EQ(convert(ExactMoney(money(250, usd())), rate, kMonday).minor(), Ratio::parse("762.5"));
}

TEST(Rate, holds_from_as_of_until_just_before_the_end) {
  const ExactMoney dollars(money(100, usd()));
  EXPECT_NO_THROW(convert(dollars, trm(), kMonday));
  EXPECT_NO_THROW(convert(dollars, trm(), kMonday + kDay - 1));
  EXPECT_NO_THROW(convert(dollars, sbs(), std::numeric_limits<std::int64_t>::max()));
  for (const std::int64_t at : {kMonday - 1, kMonday + kDay, std::int64_t{-1}}) {
    const std::string message = said(ErrorCode::rate_outdated, [&] { convert(dollars, trm(), at); });
    EXPECT_NE(message.find(at < kMonday ? "from 2026-03-02 00:00:00 UTC" : "until 2026-03-03 00:00:00 UTC"),
              std::string::npos)
        << message;
    EXPECT_EQ(convert(dollars, trm(), at, true), convert(dollars, trm(), kMonday));
  }
  const std::string before_1970 = said(ErrorCode::rate_outdated, [&] { convert(dollars, trm(), -1); });
  EXPECT_NE(before_1970.find("not at 1969-12-31 23:59:59 UTC"), std::string::npos) << before_1970;
}

TEST(Rate, converts_its_own_two_currencies_only) {
  said(ErrorCode::currency_mismatch, [] { convert(ExactMoney(money(1, pen())), trm(), kMonday); });
}

TEST(Rate, contradictions_are_named) {
  struct Case {
    const char* word;
    std::function<void(Rate&)> spoil;
  };
  const Case cases[] = {
      {"above zero", [](Rate& rate) { rate.value = Ratio(0); }},
      {"above zero", [](Rate& rate) { rate.value = Ratio(-3); }},
      {"1 of itself", [](Rate& rate) { rate.quote = usd(); }},
      {"minor units", [](Rate& rate) { rate.base = Currency::of("XAU"); }},
      {"both currencies", [](Rate& rate) { rate.quote = {}; }},
      {"kind", [](Rate& rate) { rate.kind.clear(); }},
      {"source", [](Rate& rate) { rate.source.clear(); }},
      {"valid_until", [](Rate& rate) { rate.valid_until_us = rate.as_of_us; }},
  };
  for (const Case& spoilt : cases) {
    Rate rate = trm();
    EXPECT_NO_THROW(rate.require_valid());
    spoilt.spoil(rate);
    const std::string message = said(ErrorCode::rule_invalid, [&] { rate.require_valid(); });
    EXPECT_NE(message.find(spoilt.word), std::string::npos) << message;
  }
}

TEST(Rate, mid_of_three_decimals_has_four) {
  Rate buy = sbs();
  buy.value = Ratio::parse("3.232");
  buy.valid_until_us = kMonday + 2 * kDay;
  Rate sell = sbs();
  sell.value = Ratio::parse("3.235");
  sell.as_of_us = kMonday + kDay;
  const Rate middle = mid(buy, sell);
  EXPECT_EQ(middle.value, Ratio::parse("3.2335"));
  EXPECT_EQ(middle.kind, "mid");
  EXPECT_EQ(middle.source, "SBS");
  EXPECT_EQ(middle.as_of_us, kMonday + kDay);
  EXPECT_EQ(middle.valid_until_us, kMonday + 2 * kDay);
  buy.valid_until_us = kMonday + kDay;
  said(ErrorCode::rule_invalid, [&] { mid(buy, sell); });
  said(ErrorCode::currency_mismatch, [&] { mid(buy, trm()); });
}

TEST(Conversion, refunds_in_any_parts_give_back_what_was_paid) {
  std::mt19937_64 random(4);
  for (int i = 0; i < 500; ++i) {
    const std::int64_t whole = static_cast<std::int64_t>(random() >> (1 + random() % 60)) + 1;
    const Conversion conversion{money(static_cast<std::int64_t>(random() >> (1 + random() % 60)) + 1, cop()),
                                money(whole, usd())};
    std::int64_t done = 0;
    std::int64_t back = 0;
    while (done < whole) {
      const std::int64_t left = whole - done;
      const std::int64_t now = 1 + static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(left));
      const Money part = refund(conversion, money(done, usd()), money(now, usd()));
      EXPECT_GE(part.amount_minor(), 0);
      done += now;
      back += part.amount_minor();
      // never more than the exact share: back / paid <= done / whole
      EXPECT_LE(Int128{back} * whole, Int128{conversion.paid.amount_minor()} * done);
    }
    EXPECT_EQ(back, conversion.paid.amount_minor());
  }
}

TEST(Conversion, refuses_what_cannot_go_back) {
  const Conversion conversion{money(41'457'300, cop()), money(10'000, usd())};
  EXPECT_EQ(refund(conversion, money(10'000, usd()), money(0, usd())), money(0, cop()));
  said(ErrorCode::argument_invalid, [&] { refund(conversion, money(0, usd()), money(10'001, usd())); });
  said(ErrorCode::argument_invalid, [&] { refund(conversion, money(1, usd()), money(10'000, usd())); });
  said(ErrorCode::argument_invalid, [&] { refund(conversion, money(0, usd()), money(-1, usd())); });
  said(ErrorCode::argument_invalid, [&] { refund(conversion, money(-1, usd()), money(1, usd())); });
  said(ErrorCode::currency_mismatch, [&] { refund(conversion, money(0, usd()), money(1, cop())); });
  said(ErrorCode::currency_mismatch, [&] { refund(conversion, money(0, cop()), money(1, usd())); });
  said(ErrorCode::argument_invalid, [&] {
    refund({money(0, cop()), money(1, usd())}, money(0, usd()), money(1, usd()));
  });
  said(ErrorCode::argument_invalid, [&] {
    refund({money(1, cop()), money(0, usd())}, money(0, usd()), money(0, usd()));
  });
}

}  // namespace
}  // namespace cuadre
