// Reading and formatting of amounts as people write them.
#include "cuadre/money/text.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

#include "cuadre/base/text.hpp"
#include "money/locale.hpp"

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

// How many decimals to show; `decimals` are those of the amount, `minor_units` of them, as a number.
int decimals_shown(Money money, const MoneyFormat& format, std::uint64_t decimals) {
  const int minor_units = money.currency().minor_units();
  if (!format.decimals) {
    static const Currency kPesos = Currency::of("COP");
    return decimals == 0 && money.currency() == kPesos && format.locale != Locale::plain ? 0 : minor_units;
  }
  const int wanted = *format.decimals;
  if (wanted < 0 || wanted > kDecimalsMax) {
    throw Error(ErrorCode::argument_invalid,
                "decimals are 0 to " + std::to_string(kDecimalsMax) + ", not " + std::to_string(wanted));
  }
  if (wanted < minor_units && decimals % static_cast<std::uint64_t>(power_of_ten(minor_units - wanted)) != 0) {
    throw Error(ErrorCode::amount_inexact, std::string(money.currency().code()) + " " + money.amount_text() +
                                               " does not fit " + std::to_string(wanted) + " decimals: round it first");
  }
  return wanted;
}

// Written from the last digit to the first, into room for every amount: 39 digits, 12 marks, 9 decimals and theirs.
class Backward {
 public:
  void put(char letter) noexcept { *--at_ = letter; }
  void put_decimals(std::uint64_t decimals, int minor_units, int shown) noexcept {
    for (int i = minor_units; i < shown; ++i) put('0');
    for (int i = minor_units; i > shown; --i) decimals /= 10;
    for (int i = std::min(minor_units, shown); i > 0; --i, decimals /= 10) put(static_cast<char>('0' + decimals % 10));
  }
  // Inlined into each writer, or a call would cost a twentieth of the whole.
  template <class Unsigned>
  [[gnu::always_inline]] void put_whole(Unsigned whole, char grouping) noexcept {
    for (int count = 0; count == 0 || whole != 0; ++count, whole /= 10) {
      if (grouping != 0 && count > 0 && count % 3 == 0) put(grouping);
      put(static_cast<char>('0' + static_cast<int>(whole % 10)));
    }
  }
  // All decimals, and groups of three.
  template <class Unsigned>
  void put_amount(Unsigned magnitude, int minor_units, bool comma) noexcept {
    const auto scale = static_cast<Unsigned>(power_of_ten(minor_units));
    if (minor_units > 0) {
      put_decimals(static_cast<std::uint64_t>(magnitude % scale), minor_units, minor_units);
      put(comma ? ',' : '.');
    }
    put_whole(magnitude / scale, comma ? '.' : ',');
  }
  std::string_view text() const noexcept { return {at_, static_cast<std::size_t>(room_.data() + room_.size() - at_)}; }

 private:
  std::array<char, 64> room_;
  char* at_ = room_.data() + room_.size();
};

std::string currency_text(Currency currency, const MoneyFormat& format) {
  if (format.style == CurrencyStyle::none) return {};
  const LocaleMarks& locale = marks(format.locale);
  const std::string_view symbol = symbol_of(format.locale, currency);
  if (format.style == CurrencyStyle::symbol && !symbol.empty()) return std::string(symbol).append(locale.gap);
  return std::string(currency.code()).append(locale.code_gap);
}

void append_digits(std::string& out, Int128 minor, Currency currency, Language language) {
  __extension__ typedef unsigned __int128 Wide;
  const bool comma = decimal_comma(currency, language);
  const int decimals = std::max(currency.minor_units(), 0);
  const Wide magnitude = minor < 0 ? Wide{0} - static_cast<Wide>(minor) : static_cast<Wide>(minor);
  Backward number;
  // 128-bit division is a function call; nearly all amounts do without
  if (magnitude <= UINT64_MAX) {
    number.put_amount(static_cast<std::uint64_t>(magnitude), decimals, comma);
  } else {
    number.put_amount(magnitude, decimals, comma);
  }
  if (minor < 0) number.put('-');
  out.append(number.text());
}

}  // namespace

Money parse_money(std::string_view text, Locale locale, Currency currency) {
  return Reader(text, locale, currency).run();
}

void append_amount(std::string& out, Int128 minor, Currency currency, Language language) {
  out.append(currency.code()).append(" ");
  append_digits(out, minor, currency, language);
}

std::string amount_text(Int128 minor, Currency currency, Language language) {
  std::string text;
  append_digits(text, minor, currency, language);
  return text;
}

std::string format_money(Money money, const MoneyFormat& format) {
  const LocaleMarks& locale = marks(format.locale);
  const bool negative = money.amount_minor() < 0;
  const auto bits = static_cast<std::uint64_t>(money.amount_minor());
  const std::uint64_t magnitude = negative ? std::uint64_t{0} - bits : bits;
  const int minor_units = money.currency().minor_units();
  const auto scale = static_cast<std::uint64_t>(power_of_ten(minor_units));
  const int shown = decimals_shown(money, format, magnitude % scale);

  Backward number;
  number.put_decimals(magnitude % scale, minor_units, shown);
  if (shown > 0) number.put(locale.decimal_mark);
  number.put_whole(magnitude / scale, format.grouping ? locale.grouping : char{0});

  std::string text;
  if (negative && format.brackets) text += '(';
  const bool minus = negative && !format.brackets;
  if (minus && format.locale != Locale::plain) text += '-';
  text += currency_text(money.currency(), format);
  if (minus && format.locale == Locale::plain) text += '-';
  text += number.text();
  if (negative && format.brackets) text += ')';
  return text;
}

}  // namespace cuadre
