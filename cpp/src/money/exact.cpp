#include "cuadre/money/exact.hpp"

#include <algorithm>
#include <limits>
#include <numeric>
#include <utility>

#include "money/rounding_step.hpp"

namespace cuadre {
namespace {

namespace mp = boost::multiprecision;

constexpr std::int64_t kMin = std::numeric_limits<std::int64_t>::min();
constexpr std::int64_t kMax = std::numeric_limits<std::int64_t>::max();

[[noreturn]] void overflow(const char* what) {
  throw Error(ErrorCode::amount_overflow, std::string(what) + " does not fit 64 bits of minor units");
}

std::int64_t narrow(Int128 value, const char* what) {
  if (value < kMin || value > kMax) overflow(what);
  return static_cast<std::int64_t>(value);
}

// The value where 64 bits hold its magnitude, signs aside; most ratios of business do. Looks at the limbs, because
// Boost's own conversion is ten times slower.
bool is_small(const BigInteger& value, Int128& small) noexcept {
  static_assert(sizeof(mp::limb_type) == 8, "one limb is one 64-bit word");
  const auto& backend = value.backend();
  if (backend.size() != 1) return false;
  const mp::limb_type magnitude = *backend.limbs();
  if (magnitude > static_cast<mp::limb_type>(kMax)) return false;
  const auto positive = static_cast<Int128>(magnitude);
  small = backend.sign() ? -positive : positive;
  return true;
}

struct SmallRatio {
  Int128 numerator = 0;
  Int128 denominator = 1;
};

bool is_small(const Ratio& ratio, SmallRatio& small) noexcept {
  return is_small(ratio.numerator(), small.numerator) && is_small(ratio.denominator(), small.denominator);
}

void require_bits(const BigInteger& value) {
  if (value != 0 && msb(mp::abs(value)) >= Ratio::kBitsMax) {
    throw Error(ErrorCode::amount_overflow,
                "an exact number of more than " + std::to_string(Ratio::kBitsMax) + " bits; round earlier");
  }
}

BigInteger divide_big(const BigInteger& numerator, const BigInteger& denominator, RoundingMode mode) {
  BigInteger quotient;
  BigInteger rest;
  mp::divide_qr(numerator, denominator, quotient, rest);
  if (rest == 0) return quotient;
  const bool negative = rest < 0;
  const BigInteger doubled = mp::abs(rest) * 2;
  const int half = doubled.compare(denominator);
  if (!moves_away(mode, negative, half < 0 ? -1 : (half > 0 ? 1 : 0), mp::bit_test(mp::abs(quotient), 0))) {
    return quotient;
  }
  return negative ? BigInteger(quotient - 1) : BigInteger(quotient + 1);
}

std::int64_t narrow(const BigInteger& value, const char* what) {
  if (value < kMin || value > kMax) overflow(what);
  return static_cast<std::int64_t>(value);
}

void require_same(Currency left, Currency right, const char* what) {
  if (left == right) return;
  throw Error(ErrorCode::currency_mismatch, std::string(what) + " needs one currency, not " + std::string(left.code()) +
                                                " and " + std::string(right.code()));
}

[[noreturn]] void divided_by_zero() {
  throw Error(ErrorCode::argument_invalid, "division by zero; test the divisor first");
}

// ---- text

// "4.14‰" from left to right; at_ stops at the first byte that is not the step's own.
class RatioReader {
 public:
  explicit RatioReader(std::string_view text) noexcept : text_(text) {}

  Ratio read() {
    constexpr std::size_t kBytesMax = 4000;  // no ratio within the limit of bits is longer
    if (text_.size() > kBytesMax) throw Error(ErrorCode::amount_overflow, "a ratio longer than 4000 bytes");
    const bool negative = take("-");
    if (!negative) take("+");
    std::string digits = take_digits();
    BigInteger denominator = 1;
    if (take(".")) {
      const std::string decimals = take_digits();
      digits += decimals;
      denominator = power_of_ten(decimals.size());
    } else if (take("/")) {
      const std::size_t start = at_;
      denominator = integer(take_digits());
      if (denominator == 0) refuse(start);
    }
    denominator *= unit();
    if (at_ != text_.size()) refuse(at_);
    BigInteger numerator = integer(digits);
    if (negative) numerator = -numerator;
    return {std::move(numerator), std::move(denominator)};
  }

 private:
  static BigInteger power_of_ten(std::size_t exponent) {
    return mp::pow(BigInteger(10), static_cast<unsigned>(exponent));
  }

  // Boost reads a zero in front as "octal follows".
  static BigInteger integer(std::string digits) {
    digits.erase(0, std::min(digits.find_first_not_of('0'), digits.size() - 1));
    return BigInteger(digits);
  }

  bool take(std::string_view word) noexcept {
    if (!text_.substr(at_).starts_with(word)) return false;
    at_ += word.size();
    return true;
  }

  std::string take_digits() {
    const std::size_t start = at_;
    while (at_ < text_.size() && text_[at_] >= '0' && text_[at_] <= '9') ++at_;
    if (at_ == start) refuse(at_);
    return std::string(text_.substr(start, at_ - start));
  }

  int unit() noexcept {
    const std::size_t start = at_;
    take(" ");
    if (take("%")) return 100;
    if (take("\xE2\x80\xB0") || take("per mille")) return 1000;
    at_ = start;
    return 1;
  }

  [[noreturn]] void refuse(std::size_t at) const {
    constexpr std::size_t kShown = 40;
    std::string shown;
    for (const char c : text_.substr(0, kShown)) shown += c >= ' ' && c <= '~' ? c : '?';
    throw Error(ErrorCode::amount_invalid,
                "\"" + shown + (text_.size() > kShown ? "..." : "") +
                    "\" is not a ratio such as \"0.19\", \"19/100\", \"19%\" or \"4.14‰\", from byte " +
                    std::to_string(at + 1) + " on",
                Position{{}, 0, std::uint64_t{at} + 1, static_cast<std::int64_t>(at)});
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

}  // namespace

// ---- Ratio

Ratio::Ratio(BigInteger numerator, BigInteger denominator)
    : numerator_(std::move(numerator)), denominator_(std::move(denominator)) {
  Int128 small_numerator = 0;
  Int128 small_denominator = 0;
  if (is_small(numerator_, small_numerator) && is_small(denominator_, small_denominator)) {
    auto above = static_cast<std::int64_t>(small_numerator);
    auto below = static_cast<std::int64_t>(small_denominator);
    if (below == 0) throw Error(ErrorCode::argument_invalid, "a ratio with a denominator of zero");
    const std::int64_t divisor = std::gcd(above, below) * (below < 0 ? -1 : 1);
    if (divisor == 1) return;
    numerator_ = above / divisor;
    denominator_ = below / divisor;
    return;
  }
  if (denominator_ == 0) throw Error(ErrorCode::argument_invalid, "a ratio with a denominator of zero");
  BigInteger divisor = mp::gcd(numerator_, denominator_);
  if (denominator_ < 0) divisor = -divisor;
  if (divisor != 1) {
    numerator_ /= divisor;
    denominator_ /= divisor;
  }
  require_bits(numerator_);
  require_bits(denominator_);
}

Ratio Ratio::parse(std::string_view text) { return RatioReader(text).read(); }

std::string Ratio::text() const { return is_whole() ? numerator_.str() : numerator_.str() + "/" + denominator_.str(); }

Ratio Ratio::operator-() const {
  Ratio negated = *this;
  negated.numerator_ = -negated.numerator_;
  return negated;
}

Ratio operator+(const Ratio& left, const Ratio& right) {
  if (left.denominator_ == right.denominator_) return {left.numerator_ + right.numerator_, left.denominator_};
  return {left.numerator_ * right.denominator_ + right.numerator_ * left.denominator_,
          left.denominator_ * right.denominator_};
}

Ratio operator-(const Ratio& left, const Ratio& right) { return left + -right; }

Ratio operator*(const Ratio& left, const Ratio& right) {
  return {left.numerator_ * right.numerator_, left.denominator_ * right.denominator_};
}

Ratio operator/(const Ratio& left, const Ratio& right) {
  if (right.sign() == 0) divided_by_zero();
  return {left.numerator_ * right.denominator_, left.denominator_ * right.numerator_};
}

std::strong_ordering operator<=>(const Ratio& left, const Ratio& right) {
  SmallRatio a;
  SmallRatio b;
  if (is_small(left, a) && is_small(right, b)) return a.numerator * b.denominator <=> b.numerator * a.denominator;
  const BigInteger above = left.numerator_ * right.denominator_;
  return above.compare(BigInteger(right.numerator_ * left.denominator_)) <=> 0;
}

BigInteger Ratio::rounded(RoundingMode mode) const {
  if (is_whole()) return numerator_;
  return divide_big(numerator_, denominator_, mode);
}

// ---- ExactMoney

ExactMoney::ExactMoney(Ratio minor, Currency currency)
    : minor_(std::move(minor)), currency_(Money::from_minor(0, currency).currency()) {}

ExactMoney operator+(const ExactMoney& left, const ExactMoney& right) {
  require_same(left.currency_, right.currency_, "addition");
  return {left.minor_ + right.minor_, left.currency_};
}

ExactMoney operator-(const ExactMoney& left, const ExactMoney& right) {
  require_same(left.currency_, right.currency_, "subtraction");
  return {left.minor_ - right.minor_, left.currency_};
}

ExactMoney operator*(const ExactMoney& money, const Ratio& factor) { return {money.minor_ * factor, money.currency_}; }

ExactMoney operator/(const ExactMoney& money, const Ratio& divisor) {
  return {money.minor_ / divisor, money.currency_};
}

Rounded ExactMoney::round(RoundingMode mode, std::int64_t step_minor) const {
  if (step_minor <= 0) {
    throw Error(ErrorCode::argument_invalid, "a step is a positive amount, not " + std::to_string(step_minor));
  }
  const BigInteger steps = divide_big(minor_.numerator(), minor_.denominator() * step_minor, mode);
  const std::int64_t minor = narrow(BigInteger(steps * step_minor), "the rounded amount");
  return {Money::from_minor(minor, currency_), {minor_ - Ratio(minor), currency_}};
}

Money ExactMoney::whole() const {
  if (!minor_.is_whole()) {
    throw Error(ErrorCode::amount_inexact, std::string(currency_.code()) + " " + minor_.text() +
                                               " minor units is not a whole number of them; round it by name");
  }
  return Money::from_minor(narrow(minor_.numerator(), "the amount"), currency_);
}

// ---- in one rounding

Money multiply(Money money, const Ratio& factor, RoundingMode mode) {
  SmallRatio small;
  std::int64_t minor = 0;
  if (is_small(factor, small)) {
    minor = narrow(divide_rounded(money.amount_minor() * small.numerator, small.denominator, mode), "the product");
  } else {
    minor = narrow(divide_big(money.amount_minor() * factor.numerator(), factor.denominator(), mode), "the product");
  }
  return Money::from_minor(minor, money.currency());
}

Money divide(Money money, const Ratio& divisor, RoundingMode mode) {
  if (divisor.sign() == 0) divided_by_zero();
  SmallRatio small;
  if (is_small(divisor, small)) {
    if (small.numerator < 0) small = {-small.numerator, -small.denominator};
    const Int128 minor = divide_rounded(money.amount_minor() * small.denominator, small.numerator, mode);
    return Money::from_minor(narrow(minor, "the quotient"), money.currency());
  }
  return multiply(money, Ratio(1) / divisor, mode);
}

std::int64_t share_done(std::int64_t part, std::int64_t whole, std::int64_t done) {
  if (whole <= 0 || done < 0 || done > whole) {
    throw Error(ErrorCode::argument_invalid, "a share needs 0 <= done <= whole and 0 < whole, not done " +
                                                 std::to_string(done) + " of " + std::to_string(whole));
  }
  return static_cast<std::int64_t>(Int128{part} * done / whole);
}

}  // namespace cuadre
