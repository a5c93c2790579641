// Reading and formatting of amounts as people write them.
#include "cuadre/money_text.hpp"

#include <array>

#include "money_locale.hpp"
#include "quoted.hpp"

namespace cuadre {
namespace {

constexpr auto kBlanks = std::to_array<std::string_view>({" ", "\xC2\xA0", "\xE2\x80\xAF"});
constexpr int kDecimalsMax = 9;

constexpr bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }
constexpr bool is_capital(char c) noexcept { return c >= 'A' && c <= 'Z'; }

[[noreturn]] void refuse(ErrorCode code, std::string message, std::size_t at) {
  throw Error(code, std::move(message), Position{{}, 0, at + 1, static_cast<std::int64_t>(at)});
}

// One pass from left to right: what stands where is found first, what it means afterwards.
class Reader {
 public:
  Reader(std::string_view text, Locale locale, Currency currency) noexcept
      : text_(text), end_(text.size()), locale_(locale), currency_(currency) {}

  Money run() {
    if (text_.empty()) refuse(ErrorCode::amount_invalid, "an empty text is not an amount", 0);
    if (text_.find_first_of("0123456789") == std::string_view::npos) {
      refuse(ErrorCode::amount_invalid, quoted(text_) + " holds no digits, so it is not an amount", 0);
    }
    brackets();
    minus();
    front();
    minus();
    number();
    behind();
    if (at_ != end_) unexpected();
    return amount(decided());
  }

 private:
  char next() const noexcept { return at_ < end_ ? text_[at_] : '\0'; }

  [[noreturn]] void unexpected() const {
    refuse(ErrorCode::amount_invalid,
           quoted(text_) + " is not one amount as " + std::string(name(locale_)) + " writes it, from byte " +
               std::to_string(at_ + 1) + " on",
           at_);
  }

  void brackets() {
    if (next() != '(') return;
    if (!text_.ends_with(')')) {
      at_ = end_;
      unexpected();
    }
    negative_ = true;
    ++at_;
    --end_;
  }

  void minus() {
    if (next() != '-') return;
    if (negative_) unexpected();
    negative_ = true;
    ++at_;
  }

  void blank() noexcept {
    for (const std::string_view each : kBlanks) {
      if (!text_.substr(at_, end_ - at_).starts_with(each)) continue;
      at_ += each.size();
      return;
    }
  }

  bool at_code() const noexcept {
    return end_ - at_ >= 3 && is_capital(text_[at_]) && is_capital(text_[at_ + 1]) && is_capital(text_[at_ + 2]);
  }

  void front() {
    named_at_ = at_;
    if (locale_ != Locale::plain) symbol_ = leading_symbol(text_.substr(at_, end_ - at_));
    if (!symbol_.empty()) {
      at_ += symbol_.size();
    } else if (at_code()) {
      code_ = text_.substr(at_, 3);
      at_ += 3;
    } else {
      return;
    }
    blank();
  }

  void number() {
    number_at_ = at_;
    while (is_digit(next()) || next() == '.' || next() == ',') ++at_;
    number_ = text_.substr(number_at_, at_ - number_at_);
    if (number_.empty()) unexpected();
  }

  void behind() noexcept {
    if (at_ == end_ || !symbol_.empty() || !code_.empty()) return;
    const std::size_t start = at_;
    blank();
    if (end_ - at_ == 3 && at_code()) {
      named_at_ = at_;
      code_ = text_.substr(at_, 3);
      at_ = end_;
    } else {
      at_ = start;
    }
  }

  Currency decided() const {
    if (!code_.empty()) return by_code();
    if (!symbol_.empty()) return by_symbol();
    if (!currency_) {
      refuse(ErrorCode::currency_unknown, quoted(text_) + " names no currency: give it one, such as \"PEN\"",
             number_at_);
    }
    return currency_;
  }

  Currency by_code() const {
    const auto found = Currency::find(code_);
    if (!found) {
      refuse(ErrorCode::currency_unknown,
             quoted(code_) + " is not an active currency code of ISO 4217 (three capitals, such as COP)", named_at_);
    }
    if (currency_ && *found != currency_) other(code_);
    return *found;
  }

  Currency by_symbol() const {
    const Currency owner = owner_of(symbol_, locale_);
    if (!currency_) {
      if (owner) return owner;
      refuse(ErrorCode::currency_unknown,
             std::string(symbol_) + " is the symbol of several currencies in " + std::string(name(locale_)) +
                 ": say which, such as \"USD\"",
             named_at_);
    }
    if (!may_mean(symbol_, locale_, currency_)) other(symbol_);
    return currency_;
  }

  [[noreturn]] void other(std::string_view named) const {
    refuse(ErrorCode::currency_mismatch,
           "the text says " + std::string(named) + ", which in " + std::string(name(locale_)) + " is not " +
               std::string(currency_.code()),
           named_at_);
  }

  Money amount(Currency currency) const {
    const LocaleMarks& locale = marks(locale_);
    const AmountForm form{.decimal_mark = locale.decimal_mark, .grouping = locale.grouping};
    // "0.123" is what somebody of another country writes for a fraction; a group never follows a zero.
    if (locale.grouping != 0 && number_.size() > 1 && number_[0] == '0' && number_[1] == locale.grouping) {
      refuse(ErrorCode::amount_invalid, quoted(text_) + " has a group behind a zero", number_at_ + 1);
    }
    // The sign goes with the number, because the smallest amount has no positive twin.
    const std::string signed_number = (negative_ ? "-" : "") + std::string(number_);
    const AmountScan scan = scan_amount(signed_number, form, Money::from_minor(0, currency).currency().minor_units());
    if (scan.status == AmountStatus::ok) return Money::from_minor(scan.minor, currency);
    const std::size_t fault = number_at_ + scan.fault - (negative_ && scan.fault > 0 ? 1 : 0);
    if (scan.status == AmountStatus::overflow) {
      refuse(ErrorCode::amount_overflow, quoted(text_) + " does not fit 64 bits of minor units", fault);
    }
    if (scan.status == AmountStatus::inexact) {
      refuse(ErrorCode::amount_inexact,
             quoted(text_) + " has more decimals than the " + std::to_string(currency.minor_units()) + " of " +
                 std::string(currency.code()),
             fault);
    }
    refuse(ErrorCode::amount_invalid,
           quoted(text_) + " is not one amount as " + std::string(name(locale_)) + " writes it, from byte " +
               std::to_string(fault + 1) + " on",
           fault);
  }

  std::string_view text_;
  std::size_t end_;
  Locale locale_;
  Currency currency_;
  std::size_t at_ = 0;
  bool negative_ = false;
  std::size_t named_at_ = 0;
  std::string_view symbol_;
  std::string_view code_;
  std::size_t number_at_ = 0;
  std::string_view number_;
};

// Decimals that the amount cannot do without: 2 for 1.05, 1 for 1.50, 0 for 7.00.
int decimals_needed(std::string_view decimals) {
  const std::size_t last = decimals.find_last_not_of('0');
  return last == std::string_view::npos ? 0 : static_cast<int>(last) + 1;
}

int decimals_shown(Money money, const MoneyFormat& format, std::string_view decimals) {
  if (!format.decimals) {
    const bool whole_pesos = money.currency().code() == "COP" && decimals_needed(decimals) == 0;
    return whole_pesos && format.locale != Locale::plain ? 0 : money.currency().minor_units();
  }
  if (*format.decimals < 0 || *format.decimals > kDecimalsMax) {
    throw Error(ErrorCode::argument_invalid,
                "decimals are 0 to " + std::to_string(kDecimalsMax) + ", not " + std::to_string(*format.decimals));
  }
  if (*format.decimals < decimals_needed(decimals)) {
    throw Error(ErrorCode::amount_inexact, std::string(money.currency().code()) + " " + money.amount_text() +
                                               " does not fit " + std::to_string(*format.decimals) +
                                               " decimals: round it first");
  }
  return *format.decimals;
}

std::string grouped(std::string_view whole, char mark) {
  std::string text;
  for (std::size_t i = 0; i < whole.size(); ++i) {
    if (i > 0 && (whole.size() - i) % 3 == 0) text += mark;
    text += whole[i];
  }
  return text;
}

std::string currency_text(Currency currency, const MoneyFormat& format) {
  if (format.style == CurrencyStyle::none) return {};
  const LocaleMarks& locale = marks(format.locale);
  const std::string_view symbol = symbol_of(format.locale, currency);
  if (format.style == CurrencyStyle::symbol && !symbol.empty()) return std::string(symbol).append(locale.gap);
  return std::string(currency.code()).append(locale.code_gap);
}

}  // namespace

Money parse_money(std::string_view text, Locale locale, Currency currency) {
  return Reader(text, locale, currency).run();
}

std::string format_money(Money money, const MoneyFormat& format) {
  const LocaleMarks& locale = marks(format.locale);
  std::string digits = money.amount_text();
  const bool negative = digits.front() == '-';
  if (negative) digits.erase(0, 1);
  const std::size_t point = digits.find('.');
  const std::string whole = digits.substr(0, point);
  std::string decimals = point == std::string::npos ? "" : digits.substr(point + 1);
  const int shown = decimals_shown(money, format, decimals);
  decimals.resize(static_cast<std::size_t>(shown), '0');

  std::string number = format.grouping && locale.grouping != 0 ? grouped(whole, locale.grouping) : whole;
  if (shown > 0) number += locale.decimal_mark + decimals;
  const std::string front = currency_text(money.currency(), format);
  if (!negative) return front + number;
  if (format.brackets) return "(" + front + number + ")";
  return format.locale == Locale::plain ? front + "-" + number : "-" + front + number;
}

}  // namespace cuadre
