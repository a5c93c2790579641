#include "cuadre/money.hpp"

#include <limits>

#include "cuadre/base/text.hpp"
#include "cuadre/money/sum.hpp"

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

void MoneySum::grow(Currency currency, Int128 minor) {
  Int128 sum = 0;
  if (__builtin_add_overflow(total(currency), minor, &sum)) {
    throw Error(ErrorCode::amount_overflow, "the total in " + std::string(currency.code()) + " does not fit 128 bits");
  }
  totals_[currency.id()] = sum;
}

void MoneySum::add(Money money) { grow(money.currency(), money.amount_minor()); }

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
