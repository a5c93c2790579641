#include "cuadre/money.hpp"

#include <algorithm>
#include <limits>

#include "cuadre/money/sum.hpp"
#include "money/column/kernels.hpp"

namespace cuadre {
namespace {

constexpr std::int64_t kMinorMin = std::numeric_limits<std::int64_t>::min();
constexpr std::int64_t kMinorMax = std::numeric_limits<std::int64_t>::max();

[[noreturn]] void overflow(const std::string& what) {
  throw Error(ErrorCode::amount_overflow, what + " does not fit 64 bits of minor units");
}

void require_same(Money left, Money right, const char* what) {
  if (left.currency() == right.currency()) return;
  throw Error(ErrorCode::currency_mismatch, std::string(what) + " needs one currency, not " +
                                                std::string(left.currency().code()) + " and " +
                                                std::string(right.currency().code()));
}

// Text from outside: cut, and only what prints.
std::string quoted(std::string_view text) {
  constexpr std::size_t kShown = 40;
  std::string shown = "\"";
  for (const char c : text.substr(0, kShown)) shown += c >= ' ' && c <= '~' ? c : '?';
  return shown + (text.size() > kShown ? "...\"" : "\"");
}

[[noreturn]] void refuse(std::string_view text, AmountScan scan, Currency currency) {
  const Position position{{}, 0, std::uint64_t{scan.fault} + 1, scan.fault};
  const std::string shown = quoted(text);
  switch (scan.status) {
    case AmountStatus::overflow:
      throw Error(ErrorCode::amount_overflow, shown + " does not fit 64 bits of minor units", position);
    case AmountStatus::inexact:
      throw Error(ErrorCode::amount_inexact,
                  shown + " has more decimals than the " + std::to_string(currency.minor_units()) + " of " +
                      std::string(currency.code()),
                  position);
    case AmountStatus::empty:
      throw Error(ErrorCode::amount_invalid, "an empty text is not an amount", position);
    case AmountStatus::ok:
    case AmountStatus::invalid:
      break;
  }
  throw Error(ErrorCode::amount_invalid,
              shown + " is not an amount under this form, from byte " + std::to_string(scan.fault + 1) + " on",
              position);
}

}  // namespace

std::string decimal_text(Int128 minor, int decimals) {
  __extension__ typedef unsigned __int128 Unsigned;
  const bool negative = minor < 0;
  auto left = negative ? Unsigned{0} - static_cast<Unsigned>(minor) : static_cast<Unsigned>(minor);
  std::string text;  // from the last digit to the first
  for (int count = 0; left != 0 || count <= decimals; ++count) {
    if (count == decimals && decimals > 0) text += '.';
    text += static_cast<char>('0' + static_cast<int>(left % 10));
    left /= 10;
  }
  if (negative) text += '-';
  std::reverse(text.begin(), text.end());
  return text;
}

Money Money::from_minor(std::int64_t amount_minor, Currency currency) {
  if (!currency) throw Error(ErrorCode::currency_unknown, "an amount needs a currency");
  if (currency.minor_units() < 0) {
    throw Error(ErrorCode::argument_invalid,
                std::string(currency.code()) + " has no minor unit in ISO 4217, so there are no amounts in it");
  }
  return {amount_minor, currency};
}

Money Money::parse(std::string_view text, Currency currency, const AmountForm& form) {
  const Money zero = from_minor(0, currency);
  const AmountScan scan = scan_amount(text, form, currency.minor_units());
  if (scan.status != AmountStatus::ok) refuse(text, scan, currency);
  return {scan.minor, zero.currency_};
}

Money Money::operator-() const {
  if (amount_minor_ == kMinorMin) overflow("the negative of the smallest amount");
  return {-amount_minor_, currency_};
}

Money Money::abs() const { return amount_minor_ < 0 ? -*this : *this; }

Money operator+(Money left, Money right) {
  require_same(left, right, "addition");
  std::int64_t sum = 0;
  if (__builtin_add_overflow(left.amount_minor_, right.amount_minor_, &sum)) overflow("the sum");
  return {sum, left.currency_};
}

Money operator-(Money left, Money right) {
  require_same(left, right, "subtraction");
  std::int64_t difference = 0;
  if (__builtin_sub_overflow(left.amount_minor_, right.amount_minor_, &difference)) overflow("the difference");
  return {difference, left.currency_};
}

Money operator*(Money money, std::int64_t times) {
  std::int64_t product = 0;
  if (__builtin_mul_overflow(money.amount_minor_, times, &product)) overflow("the product");
  return {product, money.currency_};
}

std::strong_ordering operator<=>(Money left, Money right) {
  require_same(left, right, "an order of amounts");
  return left.amount_minor_ <=> right.amount_minor_;
}

WideInteger to_wide(Int128 value) { return WideInteger(value); }

Int128 sum_minor(std::span<const std::int64_t> amounts_minor) noexcept {
  constexpr std::size_t kRowsMax = std::size_t{1} << 30U;  // of one call of the kernel
  Int128 total = 0;                                        // 2^63 amounts would be needed to overflow
  for (; !amounts_minor.empty(); amounts_minor = amounts_minor.subspan(std::min(kRowsMax, amounts_minor.size()))) {
    total += column_kernels().sum(amounts_minor.data(), std::min(kRowsMax, amounts_minor.size()));
  }
  return total;
}

void MoneySum::grow(Currency currency, Int128 minor) {
  Int128 sum = 0;
  if (__builtin_add_overflow(total(currency), minor, &sum)) {
    throw Error(ErrorCode::amount_overflow, "the total in " + std::string(currency.code()) + " does not fit 128 bits");
  }
  totals_[currency.id()] = sum;
}

void MoneySum::add(Money money) { grow(money.currency(), money.amount_minor()); }

void MoneySum::add(Currency currency, std::span<const std::int64_t> amounts_minor) {
  if (!amounts_minor.empty()) grow(Money::from_minor(0, currency).currency(), sum_minor(amounts_minor));
}

void MoneySum::add(Currency currency, Int128 minor) { grow(Money::from_minor(0, currency).currency(), minor); }

void MoneySum::add(const MoneySum& other) {
  const auto copy = other.totals_;  // a sum may be added to itself
  for (const auto& [id, minor] : copy) grow(Currency::from_id(id), minor);
}

std::vector<Currency> MoneySum::currencies() const {
  std::vector<Currency> all;
  for (const auto& entry : totals_) all.push_back(Currency::from_id(entry.first));
  return all;
}

Int128 MoneySum::total(Currency currency) const noexcept {
  const auto found = totals_.find(currency.id());
  return found == totals_.end() ? Int128{0} : found->second;
}

WideInteger MoneySum::amount_minor(Currency currency) const { return to_wide(total(currency)); }

std::string MoneySum::amount_text(Currency currency) const {
  return decimal_text(total(currency), std::max(currency.minor_units(), 0));
}

Money MoneySum::money(Currency currency) const {
  const Int128 minor = total(currency);
  if (minor < kMinorMin || minor > kMinorMax) overflow("the total in " + std::string(currency.code()));
  return Money::from_minor(static_cast<std::int64_t>(minor), currency);
}

}  // namespace cuadre
