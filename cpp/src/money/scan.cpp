// The strict scanner of amounts: one pass from left to right, whole numbers only.
#include <cstddef>
#include <limits>

#include "base/digits.hpp"
#include "cuadre/money.hpp"

namespace cuadre {
namespace {

constexpr std::uint64_t kMagnitudeMax = std::uint64_t{1} << 63;  // of the smallest int64; one more than the largest

constexpr bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }
constexpr unsigned digit_of(char c) noexcept { return static_cast<unsigned>(c - '0'); }

// Gathers digits into minor units. Overflow sticks; surplus decimals must be zero.
class Magnitude {
 public:
  explicit Magnitude(int minor_units) noexcept : missing_(minor_units) {}

  void whole(char digit) noexcept {
    overflow_ |= __builtin_mul_overflow(value_, std::uint64_t{10}, &value_);
    overflow_ |= __builtin_add_overflow(value_, std::uint64_t{digit_of(digit)}, &value_);
  }
  void decimal(char digit, std::size_t at) noexcept {
    if (missing_ > 0) {
      --missing_;
      whole(digit);
    } else if (digit != '0' && inexact_at_ == kNowhere) {
      inexact_at_ = at;
    }
  }
  AmountScan finish(bool negative, std::size_t start) noexcept {
    for (; missing_ > 0; --missing_) whole('0');
    const std::uint64_t limit = negative ? kMagnitudeMax : kMagnitudeMax - 1;
    if (overflow_ || value_ > limit) return {AmountStatus::overflow, 0, static_cast<std::uint32_t>(start)};
    if (inexact_at_ != kNowhere) return {AmountStatus::inexact, 0, static_cast<std::uint32_t>(inexact_at_)};
    // Negated as unsigned: the magnitude of the smallest int64 has no positive twin.
    const std::uint64_t bits = negative ? std::uint64_t{0} - value_ : value_;
    return {AmountStatus::ok, static_cast<std::int64_t>(bits), 0};
  }

 private:
  static constexpr std::size_t kNowhere = std::numeric_limits<std::size_t>::max();
  std::uint64_t value_ = 0;
  int missing_;  // decimals still wanted
  bool overflow_ = false;
  std::size_t inexact_at_ = kNowhere;
};

// Each step moves at_ to the first byte that is not its own and says whether what it read is whole.
class Scanner {
 public:
  Scanner(std::string_view text, const AmountForm& form, int minor_units) noexcept
      : text_(text), form_(form), magnitude_(minor_units) {}

  AmountScan run() noexcept {
    opening();
    const std::size_t start = at_;
    const bool read = form_.implied_decimals >= 0 ? implied() : grouped() && decimals();
    if (!read || !closing() || at_ != text_.size()) return {AmountStatus::invalid, 0, static_cast<std::uint32_t>(at_)};
    return magnitude_.finish(negative_, start);
  }

 private:
  bool more() const noexcept { return at_ < text_.size(); }
  bool next_is(char c) const noexcept { return more() && text_[at_] == c; }
  bool next_is_digit() const noexcept { return more() && is_digit(text_[at_]); }

  bool sign() noexcept {
    if (!next_is('-') && !next_is('+')) return false;
    negative_ = text_[at_++] == '-';
    return true;
  }

  void opening() noexcept {
    if (form_.sign == SignStyle::front) sign();
    if (form_.sign == SignStyle::brackets && next_is('(')) {
      negative_ = true;
      ++at_;
    }
  }

  bool closing() noexcept {
    if (form_.sign == SignStyle::behind) sign();
    if (form_.sign != SignStyle::brackets || !negative_) return true;
    if (!next_is(')')) return false;
    ++at_;
    return true;
  }

  // Whole part: plain digits, or one to three and then groups of exactly three.
  bool grouped() noexcept {
    const std::size_t start = at_;
    while (next_is_digit()) magnitude_.whole(text_[at_++]);
    const std::size_t first = at_ - start;
    if (first == 0) return false;
    if (form_.grouping == 0 || first > 3) return true;
    while (next_is(form_.grouping) && form_.grouping != form_.decimal_mark) {
      ++at_;
      for (int i = 0; i < 3; ++i) {
        if (!next_is_digit()) return false;
        magnitude_.whole(text_[at_++]);
      }
    }
    return true;  // a fourth digit is nobody's byte, and so the fault
  }

  bool decimals() noexcept {
    if (!next_is(form_.decimal_mark)) return true;
    const std::size_t start = ++at_;
    for (; next_is_digit(); ++at_) magnitude_.decimal(text_[at_], at_);
    return at_ != start;
  }

  // "12345" with two implied is 123.45, and "5" is 0.05: the decimals are counted from the end.
  bool implied() noexcept {
    const std::size_t start = at_;
    while (next_is_digit()) ++at_;
    const std::size_t count = at_ - start;
    if (count == 0) return false;
    const auto wanted = static_cast<std::size_t>(form_.implied_decimals);
    for (std::size_t i = count; i < wanted; ++i) magnitude_.decimal('0', start);
    for (std::size_t i = 0; i < count; ++i) {
      const char digit = text_[start + i];
      if (count - i > wanted) {
        magnitude_.whole(digit);
      } else {
        magnitude_.decimal(digit, start + i);
      }
    }
    return true;
  }

  std::string_view text_;
  const AmountForm& form_;
  Magnitude magnitude_;
  std::size_t at_ = 0;
  bool negative_ = false;
};

// The common amount: perhaps a minus in front, one to 16 digits, and either no decimals or exactly those of the
// currency. Says false on anything else, which is not yet a fault. Cannot overflow: 16 digits times 10^2 stay below
// 2^63.
bool scan_plain(std::string_view text, const AmountForm& form, int minor_units, std::int64_t& minor) noexcept {
  if (form.implied_decimals >= 0 || minor_units > 2) return false;
  const bool negative = text[0] == '-' && form.sign == SignStyle::front;
  if (negative) text.remove_prefix(1);
  const std::uint64_t scale = minor_units == 0 ? 1 : minor_units == 1 ? 10 : 100;
  std::uint64_t decimals = 0;
  const auto tail = static_cast<std::size_t>(minor_units) + 1;
  if (minor_units > 0 && text.size() > tail && text[text.size() - tail] == form.decimal_mark) {
    if (!read_up_to_8(text.data() + text.size() - tail + 1, tail - 1, decimals)) return false;
    text.remove_suffix(tail);
  }
  const std::size_t count = text.size();
  std::uint64_t whole = 0;
  if (count == 0 || count > 16 || !read_up_to_16(text.data(), count, whole)) return false;
  const auto value = static_cast<std::int64_t>(whole * scale + decimals);
  minor = negative ? -value : value;
  return true;
}

}  // namespace

AmountScan scan_amount(std::string_view text, const AmountForm& form, int minor_units) noexcept {
  if (text.empty()) return {AmountStatus::empty, 0, 0};
  if (minor_units < 0) return {AmountStatus::invalid, 0, 0};
  std::int64_t minor = 0;
  if (scan_plain(text, form, minor_units, minor)) return {AmountStatus::ok, minor, 0};
  return Scanner(text, form, minor_units).run();
}

}  // namespace cuadre
