#include "signature/time.hpp"

#include <array>
#include <cstdio>
#include <limits>

#include "cuadre/base/day.hpp"

namespace cuadre {
namespace {

constexpr std::int64_t kFar = std::numeric_limits<std::int64_t>::max();
constexpr std::int64_t kSecond_us = 1'000'000;

bool digits_only(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

std::int64_t number(std::string_view digits) {
  std::int64_t value = 0;
  for (const char c : digits) value = value * 10 + (c - '0');
  return value;
}

std::optional<std::int64_t> parse_unix(TimeForm form, std::string_view text) {
  constexpr std::size_t kDigitsMax = 20;     // of any unsigned 64-bit number
  constexpr std::size_t kDigitsSecond = 11;  // more are milliseconds: seconds reach 12 digits in the year 5138
  if (!digits_only(text) || text.size() > kDigitsMax || (text[0] == '0' && text.size() > 1)) return std::nullopt;
  if (text.size() > 18) return kFar;
  const bool seconds = form == TimeForm::unix_s || (form == TimeForm::unix_s_or_ms && text.size() <= kDigitsSecond);
  const std::int64_t unit_us = seconds ? kSecond_us : 1000;
  const std::int64_t value = number(text);
  return value > kFar / unit_us ? kFar : value * unit_us;
}

std::string offset_text(int minutes) {
  std::array<char, 16> text{};
  const int size = minutes < 0 ? -minutes : minutes;
  (void)std::snprintf(text.data(), text.size(), "%c%02d:%02d", minutes < 0 ? '-' : '+', size / 60 % 100, size % 60);
  return text.data();
}

bool iso_shape(std::string_view text) {
  constexpr std::string_view kShape = "dddd-dd-ddTdd:dd:dd";
  if (text.size() < kShape.size()) return false;
  for (std::size_t i = 0; i < kShape.size(); ++i) {
    const bool digit = text[i] >= '0' && text[i] <= '9';
    if (kShape[i] == 'd' ? !digit : text[i] != kShape[i]) return false;
  }
  return true;
}

// ".123456789" in front of the zone, to microseconds; nothing where there is a bare dot or more than nine digits.
std::optional<std::int64_t> take_fraction(std::string_view& rest) {
  if (rest.empty() || rest[0] != '.') return 0;
  std::size_t end = 1;
  std::int64_t value = 0;
  for (; end < rest.size() && rest[end] >= '0' && rest[end] <= '9'; ++end) {
    if (end <= 6) value = value * 10 + (rest[end] - '0');
  }
  if (end == 1 || end > 10) return std::nullopt;
  for (std::size_t i = end; i <= 6; ++i) value *= 10;
  rest.remove_prefix(end);
  return value;
}

std::optional<std::int64_t> parse_iso(TimeForm form, int offset_minutes, std::string_view text) {
  if (!iso_shape(text)) return std::nullopt;
  const auto part = [&](std::size_t at) { return static_cast<int>(number(text.substr(at, 2))); };
  const CivilDate date{number(text.substr(0, 4)), part(5), part(8)};
  if (!exists(date)) return std::nullopt;
  if (part(11) > 23 || part(14) > 59 || part(17) > 59) return std::nullopt;
  std::string_view rest = text.substr(19);
  const std::optional<std::int64_t> fraction_us = take_fraction(rest);
  const bool zoned = form == TimeForm::iso_offset;
  if (!fraction_us || rest != (zoned ? offset_text(offset_minutes) : std::string("Z"))) return std::nullopt;
  const std::int64_t minutes = (day_number(date) * 24 + part(11)) * 60 + part(14);
  return (minutes - (zoned ? offset_minutes : 0)) * 60 * kSecond_us + part(17) * kSecond_us + *fraction_us;
}

std::string iso_text(TimeForm form, int offset_minutes, std::int64_t now_us) {
  const bool zoned = form == TimeForm::iso_offset;
  const std::int64_t local_us = now_us + (zoned ? std::int64_t{offset_minutes} * 60 * kSecond_us : 0);
  std::int64_t seconds = local_us / kSecond_us;
  if (local_us % kSecond_us < 0) --seconds;
  std::int64_t days = seconds / 86400;
  if (seconds % 86400 < 0) --days;
  const CivilDate date = civil_date(days);
  const int of_day = static_cast<int>(seconds - days * 86400);
  std::array<char, 64> text{};
  (void)std::snprintf(text.data(), text.size(), "%04lld-%02d-%02dT%02d:%02d:%02d", static_cast<long long>(date.year),
                      date.month, date.day, of_day / 3600, of_day / 60 % 60, of_day % 60);
  std::string out = text.data();
  if (form == TimeForm::iso_utc_ms) {
    (void)std::snprintf(text.data(), text.size(), ".%03d", static_cast<int>((local_us - seconds * kSecond_us) / 1000));
    out += text.data();
  }
  return out + (zoned ? offset_text(offset_minutes) : "Z");
}

}  // namespace

std::optional<std::int64_t> parse_timestamp(TimeForm form, int offset_minutes, std::string_view text) {
  switch (form) {
    case TimeForm::none:
      return std::nullopt;
    case TimeForm::unix_s:
    case TimeForm::unix_ms:
    case TimeForm::unix_s_or_ms:
      return parse_unix(form, text);
    case TimeForm::iso_utc:
    case TimeForm::iso_utc_ms:
    case TimeForm::iso_offset:
      break;
  }
  return parse_iso(form, offset_minutes, text);
}

std::string timestamp_text(const Scheme& scheme, std::int64_t now_us) {
  if (now_us < 0) throw Error(ErrorCode::argument_invalid, "now is before 1970; give the present time");
  switch (scheme.time_form) {
    case TimeForm::none:
      return {};
    case TimeForm::unix_s:
      return std::to_string(now_us / kSecond_us);
    case TimeForm::unix_ms:
    case TimeForm::unix_s_or_ms:
      return std::to_string(now_us / 1000);
    default:
      return iso_text(scheme.time_form, scheme.offset_minutes, now_us);
  }
}

}  // namespace cuadre
