#include "cuadre/money/rate.hpp"

#include <algorithm>
#include <chrono>
#include <string>
#include <string_view>

namespace cuadre {
namespace {

std::string pair_text(const Rate& rate) { return std::string(rate.base.code()) + "/" + std::string(rate.quote.code()); }

[[noreturn]] void refuse(const Rate& rate, std::string_view what) {
  throw Error(ErrorCode::rule_invalid, "rate " + pair_text(rate) + ": " + std::string(what));
}

void require_minor_units(const Rate& rate, Currency currency) {
  if (!currency) refuse(rate, "both currencies are needed");
  if (currency.minor_units() < 0) refuse(rate, std::string(currency.code()) + " has no minor units to convert into");
}

// The rate's value is between major units; amounts are in minor ones.
Ratio minor_value(const Rate& rate) {
  return rate.value * Ratio(power_of_ten(rate.quote.minor_units())) / Ratio(power_of_ten(rate.base.minor_units()));
}

// "2026-03-02 05:00:00 UTC": what people compare with the day they had in mind.
std::string moment_text(std::int64_t moment_us) {
  using std::chrono::floor;
  const std::chrono::sys_time<std::chrono::microseconds> moment{std::chrono::microseconds{moment_us}};
  const auto day = floor<std::chrono::days>(moment);
  const std::chrono::year_month_day date{day};
  const std::chrono::hh_mm_ss time{floor<std::chrono::seconds>(moment - day)};
  const auto two = [](auto number) {
    const auto value = static_cast<unsigned>(number);
    return (value < 10 ? "0" : "") + std::to_string(value);
  };
  return std::to_string(static_cast<int>(date.year())) + "-" + two(static_cast<unsigned>(date.month())) + "-" +
         two(static_cast<unsigned>(date.day())) + " " + two(time.hours().count()) + ":" + two(time.minutes().count()) +
         ":" + two(time.seconds().count()) + " UTC";
}

void require_current(const Rate& rate, std::int64_t at_us) {
  const bool early = at_us < rate.as_of_us;
  if (!early && (!rate.valid_until_us || at_us < *rate.valid_until_us)) return;
  throw Error(ErrorCode::rate_outdated,
              "rate " + pair_text(rate) + " (" + rate.kind + ", " + rate.source + ") holds " +
                  (early ? "from " + moment_text(rate.as_of_us) : "until " + moment_text(*rate.valid_until_us)) +
                  ", not at " + moment_text(at_us) + ": take the rate of that day, or allow an outdated one by name");
}

void require_currency(Money amount, Currency currency, std::string_view what) {
  if (amount.currency() == currency) return;
  throw Error(ErrorCode::currency_mismatch, std::string(what) + " is in " + std::string(amount.currency().code()) +
                                                ", but " + std::string(currency.code()) + " was received");
}

}  // namespace

void Rate::require_valid() const {
  require_minor_units(*this, base);
  require_minor_units(*this, quote);
  if (value.sign() <= 0) refuse(*this, "the value is above zero, not " + value.text());
  if (base == quote && value != Ratio(1)) refuse(*this, "one of a currency is 1 of itself, not " + value.text());
  if (kind.empty()) refuse(*this, "kind says which rate it is (\"TRM\", \"SBS buy\", \"contract\"), not nothing");
  if (source.empty()) refuse(*this, "source says who published or agreed it, not nothing");
  if (valid_until_us && *valid_until_us <= as_of_us) {
    refuse(*this,
           "valid_until (" + moment_text(*valid_until_us) + ") must be after as_of (" + moment_text(as_of_us) + ")");
  }
}

Rate mid(const Rate& buy, const Rate& sell) {
  if (buy.base != sell.base || buy.quote != sell.quote) {
    throw Error(ErrorCode::currency_mismatch,
                "a mid is between two rates of one pair, not " + pair_text(buy) + " and " + pair_text(sell));
  }
  Rate middle = buy;
  middle.value = (buy.value + sell.value) / Ratio(2);
  middle.kind = "mid";
  if (sell.source != buy.source) middle.source += "; " + sell.source;
  middle.as_of_us = std::max(buy.as_of_us, sell.as_of_us);
  if (sell.valid_until_us) {
    middle.valid_until_us = std::min(buy.valid_until_us.value_or(*sell.valid_until_us), *sell.valid_until_us);
  }
  middle.require_valid();
  return middle;
}

ExactMoney convert(const ExactMoney& amount, const Rate& rate, std::int64_t at_us, bool outdated_allowed) {
  if (amount.currency() != rate.base && amount.currency() != rate.quote) {
    throw Error(ErrorCode::currency_mismatch,
                "rate " + pair_text(rate) + " does not convert " + std::string(amount.currency().code()));
  }
  if (!outdated_allowed) require_current(rate, at_us);
  if (amount.currency() == rate.base) return {amount.minor() * minor_value(rate), rate.quote};
  return {amount.minor() / minor_value(rate), rate.base};
}

void Conversion::require_valid() const {
  const auto require = [](Money amount, std::string_view what) {
    if (amount.amount_minor() > 0) return;
    throw Error(ErrorCode::argument_invalid, "a conversion is of amounts above zero; " + std::string(what) + " is " +
                                                 std::string(amount.currency().code()) + " " + amount.amount_text());
  };
  require(paid, "paid");
  require(received, "received");
}

Money refund(const Conversion& conversion, Money before, Money now) {
  conversion.require_valid();
  const Currency currency = conversion.received.currency();
  require_currency(before, currency, "what was refunded before");
  require_currency(now, currency, "the refund");
  const std::int64_t whole = conversion.received.amount_minor();
  const std::int64_t done = before.amount_minor();
  if (done < 0 || now.amount_minor() < 0) {
    throw Error(ErrorCode::argument_invalid,
                "a refund is not below zero: before " + before.amount_text() + ", now " + now.amount_text());
  }
  if (done > whole || now.amount_minor() > whole - done) {
    throw Error(ErrorCode::argument_invalid, "a refund of " + std::string(currency.code()) + " " + now.amount_text() +
                                                 " after " + before.amount_text() + " is more than the " +
                                                 conversion.received.amount_text() + " received");
  }
  const std::int64_t paid = conversion.paid.amount_minor();
  return Money::from_minor(share_done(paid, whole, done + now.amount_minor()) - share_done(paid, whole, done),
                           conversion.paid.currency());
}

}  // namespace cuadre
