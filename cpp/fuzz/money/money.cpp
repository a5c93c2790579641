// The amount scanner against a slow twin that takes the text apart another way and counts in unbounded integers.
// First byte: the form; second: implied decimals and the currency's decimals; the rest is the text.
#include "cuadre/money.hpp"

#include <algorithm>
#include <boost/multiprecision/cpp_int.hpp>
#include <cstdint>
#include <cstdlib>
#include <limits>
#include <memory>
#include <optional>
#include <string>

namespace {

using boost::multiprecision::cpp_int;
using cuadre::AmountForm;
using cuadre::AmountScan;
using cuadre::AmountStatus;
using cuadre::SignStyle;

void require(bool holds) {
  if (!holds) std::abort();
}

bool all_digits(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

// Takes the sign off, at whichever end the form has it; nullopt where a bracket is alone.
std::optional<bool> take_sign(std::string_view& text, SignStyle style) {
  if (style == SignStyle::brackets) {
    const bool open = text.starts_with('(');
    if (open != text.ends_with(')') || text == "(") return std::nullopt;
    if (open) text = text.substr(1, text.size() - 2);
    return open;
  }
  const auto is_sign = [](char c) { return c == '-' || c == '+'; };
  bool negative = false;
  if (style == SignStyle::front && !text.empty() && is_sign(text.front())) {
    negative = text.front() == '-';
    text.remove_prefix(1);
  } else if (style == SignStyle::behind && !text.empty() && is_sign(text.back())) {
    negative = text.back() == '-';
    text.remove_suffix(1);
  }
  return negative;
}

// "1,234,567" -> "1234567", or nullopt where a mark is out of place.
std::optional<std::string> ungrouped(std::string_view whole, char mark) {
  if (mark == 0 || whole.find(mark) == std::string_view::npos) {
    return all_digits(whole) ? std::optional(std::string(whole)) : std::nullopt;
  }
  std::string digits;
  while (whole.size() > 3) {  // from the right, as a person checks it
    const std::string_view group = whole.substr(whole.size() - 3);
    if (!all_digits(group) || whole[whole.size() - 4] != mark) return std::nullopt;
    digits.insert(0, group);
    whole.remove_suffix(4);
  }
  if (!all_digits(whole)) return std::nullopt;
  return std::string(whole) + digits;
}

struct Parts {
  std::string whole;
  std::string decimals;
};

std::optional<Parts> take_apart(std::string_view text, const AmountForm& form) {
  if (form.implied_decimals >= 0) {
    if (!all_digits(text)) return std::nullopt;
    const auto count = static_cast<std::size_t>(form.implied_decimals);
    const std::string padded = std::string(count, '0') + std::string(text);
    return Parts{padded.substr(0, padded.size() - count), padded.substr(padded.size() - count)};
  }
  Parts parts;
  if (const auto mark = text.find(form.decimal_mark); mark != std::string_view::npos) {
    parts.decimals = text.substr(mark + 1);
    if (!all_digits(parts.decimals)) return std::nullopt;
    text = text.substr(0, mark);
  }
  const auto whole = ungrouped(text, form.grouping);
  if (!whole) return std::nullopt;
  parts.whole = *whole;
  return parts;
}

cpp_int number(const std::string& digits) {
  cpp_int value = 0;
  for (const char digit : digits) value = value * 10 + (digit - '0');
  return value;
}

struct Twin {
  AmountStatus status;
  cpp_int minor;
};

Twin slow_scan(std::string_view text, const AmountForm& form, int minor_units) {
  if (text.empty()) return {AmountStatus::empty, 0};
  const auto negative = take_sign(text, form.sign);
  if (!negative) return {AmountStatus::invalid, 0};
  auto parts = take_apart(text, form);
  if (!parts) return {AmountStatus::invalid, 0};
  const auto kept = static_cast<std::size_t>(minor_units);
  parts->decimals.resize(std::max(parts->decimals.size(), kept), '0');
  cpp_int minor = number(parts->whole + parts->decimals.substr(0, kept));
  if (*negative) minor = -minor;
  if (minor > std::numeric_limits<std::int64_t>::max() || minor < std::numeric_limits<std::int64_t>::min()) {
    return {AmountStatus::overflow, 0};
  }
  if (parts->decimals.find_first_not_of('0', kept) != std::string::npos) return {AmountStatus::inexact, 0};
  return {AmountStatus::ok, minor};
}

AmountForm form_of(std::uint8_t bits, std::uint8_t more) {
  constexpr char kGroupings[] = {0, ',', '.', ' ', '\''};
  AmountForm form;
  form.sign = static_cast<SignStyle>(bits & 3);
  form.decimal_mark = (bits & 4) != 0 ? ',' : '.';
  form.grouping = kGroupings[(bits >> 3) % sizeof kGroupings];
  if (form.grouping == form.decimal_mark) form.grouping = 0;  // no layout may say so
  if ((more & 8) != 0) form.implied_decimals = (more >> 4) & 7;
  return form;
}

void round_trip(const AmountScan& scan, int minor_units) {
  const AmountScan again =
      cuadre::scan_amount(cuadre::decimal_text(scan.minor, minor_units), AmountForm{}, minor_units);
  require(again.status == AmountStatus::ok && again.minor == scan.minor);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2 || size > 5000) return 0;
  const AmountForm form = form_of(data[0], data[1]);
  const int minor_units = (data[1] & 7) % 5;
  // An exact-size copy on the heap, so that reading one byte too far is seen.
  const std::size_t length = size - 2;
  const auto copy = std::make_unique<char[]>(length);
  std::copy_n(data + 2, length, copy.get());
  const std::string_view text(copy.get(), length);

  const AmountScan scan = cuadre::scan_amount(text, form, minor_units);
  const Twin twin = slow_scan(text, form, minor_units);
  require(scan.status == twin.status);
  require(scan.fault <= length);
  if (scan.status == AmountStatus::ok) {
    require(twin.minor == scan.minor);
    round_trip(scan, minor_units);
  }
  return 0;
}
