#include "cuadre/money/wire.hpp"

#include <algorithm>

#include "cuadre/base/text.hpp"

namespace cuadre {
namespace {

constexpr int kDecimalsMax = 18;

[[noreturn]] void refuse(ErrorCode code, std::string message, std::size_t at) {
  throw Error(code, std::move(message), Position{{}, 0, at + 1, static_cast<std::int64_t>(at)});
}

std::size_t digits_from(std::string_view text, std::size_t at) {
  const std::size_t end = text.find_first_not_of("0123456789", at);
  return (end == std::string_view::npos ? text.size() : end) - at;
}

std::string described(const WireForm& form) {
  if (form.unit == WireForm::Unit::scaled)
    return "digits with " + std::to_string(form.decimals_min) + " decimals implied";
  if (form.decimals_max == 0) return "digits without decimals";
  const std::string least = std::to_string(form.decimals_min);
  const std::string most = std::to_string(form.decimals_max);
  return "digits with " + (least == most ? least : least + " to " + most) + " decimals";
}

[[noreturn]] void malformed(std::string_view text, const WireForm& form, std::size_t at) {
  refuse(ErrorCode::amount_invalid,
         quoted(text) + " is not an amount of this message (" + described(form) + "), from byte " +
             std::to_string(at + 1) + " on",
         at);
}

// Throws at the first byte that does not fit the form.
void check_syntax(std::string_view text, const WireForm& form) {
  if (text.empty()) refuse(ErrorCode::amount_invalid, "an empty text is not an amount", 0);
  std::size_t at = form.negative_allowed && text[0] == '-' ? 1 : 0;
  const std::size_t whole = digits_from(text, at);
  if (whole == 0) malformed(text, form, at);
  if (whole > 1 && text[at] == '0') malformed(text, form, at);  // no gateway pads, JSON may not
  at += whole;
  std::size_t decimals = 0;
  if (form.unit == WireForm::Unit::major && form.decimals_max > 0 && at < text.size() && text[at] == '.') {
    decimals = digits_from(text, ++at);
    if (decimals == 0) malformed(text, form, at);
    if (decimals > static_cast<std::size_t>(form.decimals_max)) {
      malformed(text, form, at + static_cast<std::size_t>(form.decimals_max));
    }
    at += decimals;
  }
  if (at != text.size()) malformed(text, form, at);
  if (form.unit == WireForm::Unit::major && decimals < static_cast<std::size_t>(form.decimals_min)) {
    malformed(text, form, at);
  }
}

void check_limits(Money money, const WireForm& form) {
  const auto invalid = [&](const std::string& what) {
    throw Error(ErrorCode::argument_invalid,
                std::string(money.currency().code()) + " " + money.amount_text() + " " + what);
  };
  if (money.amount_minor() < 0 && !form.negative_allowed) invalid("is negative, which this message cannot carry");
  if (form.minimum_minor != 0 && money.amount_minor() < form.minimum_minor) {
    invalid("is below the minimum of " + Money::from_minor(form.minimum_minor, money.currency()).amount_text());
  }
  if (form.maximum_minor != 0 && money.amount_minor() > form.maximum_minor) {
    invalid("is above the maximum of " + Money::from_minor(form.maximum_minor, money.currency()).amount_text());
  }
}

[[noreturn]] void too_fine(Money money, const WireForm& form) {
  throw Error(ErrorCode::amount_inexact, std::string(money.currency().code()) + " " + money.amount_text() +
                                             " has more decimals than this message carries (" + described(form) +
                                             "): round it first");
}

std::string scaled_text(Money money, int decimals) {
  Int128 value = money.amount_minor();
  for (int i = money.currency().minor_units(); i < decimals; ++i) value *= 10;
  return decimal_text(value, 0);
}

}  // namespace

void check_wire_form(const WireForm& form) {
  const auto invalid = [](const char* what) { throw Error(ErrorCode::argument_invalid, what); };
  if (form.decimals_min < 0 || form.decimals_max > kDecimalsMax || form.decimals_min > form.decimals_max) {
    invalid("a wire form has 0 to 18 decimals, decimals_min not above decimals_max");
  }
  if (form.unit == WireForm::Unit::scaled && form.decimals_min != form.decimals_max) {
    invalid("a scaled wire form has one number of decimals: decimals_min equals decimals_max");
  }
  if (form.minimum_minor < 0 || form.maximum_minor < 0 ||
      (form.maximum_minor != 0 && form.minimum_minor > form.maximum_minor)) {
    invalid("the limits of a wire form are not negative, and the minimum is not above the maximum");
  }
}

Money read_wire(std::string_view text, const WireForm& form, Currency currency) {
  check_wire_form(form);
  const Money zero = Money::from_minor(0, currency);
  check_syntax(text, form);
  AmountForm amount;
  if (form.unit == WireForm::Unit::scaled) amount.implied_decimals = form.decimals_min;
  const AmountScan scan = scan_amount(text, amount, zero.currency().minor_units());
  if (scan.status == AmountStatus::ok) return Money::from_minor(scan.minor, currency);
  if (scan.status == AmountStatus::overflow) {
    refuse(ErrorCode::amount_overflow, quoted(text) + " does not fit 64 bits of minor units", scan.fault);
  }
  if (scan.status == AmountStatus::inexact) {
    refuse(ErrorCode::amount_inexact,
           quoted(text) + " has more decimals than the " + std::to_string(currency.minor_units()) + " of " +
               std::string(currency.code()),
           scan.fault);
  }
  malformed(text, form, scan.fault);
}

std::string write_wire(Money money, const WireForm& form) {
  check_wire_form(form);
  check_limits(money, form);
  std::string digits = money.amount_text();
  const std::size_t point = digits.find('.');
  std::string decimals = point == std::string::npos ? "" : digits.substr(point + 1);
  digits.resize(std::min(point, digits.size()));
  const std::size_t last = decimals.find_last_not_of('0');
  const std::size_t needed = last == std::string::npos ? 0 : last + 1;
  if (needed > static_cast<std::size_t>(form.decimals_max)) too_fine(money, form);
  if (form.unit == WireForm::Unit::scaled) {
    if (form.decimals_min >= money.currency().minor_units()) return scaled_text(money, form.decimals_min);
    digits += decimals.substr(0, static_cast<std::size_t>(form.decimals_min));
    const bool negative = digits.front() == '-';
    const std::size_t first = digits.find_first_not_of("-0");
    return first == std::string::npos ? "0" : (negative ? "-" : "") + digits.substr(first);
  }
  const auto least = static_cast<std::size_t>(form.decimals_min);
  const auto own = static_cast<std::size_t>(money.currency().minor_units());
  const std::size_t usual = std::clamp(own, least, static_cast<std::size_t>(form.decimals_max));
  decimals.resize(form.trim_zeros ? std::max(needed, least) : std::max(needed, usual), '0');
  return decimals.empty() ? digits : digits + "." + decimals;
}

}  // namespace cuadre
