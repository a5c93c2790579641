// Days of the civil calendar, counted from 1970-01-01. Of any year that 64 bits hold: std::chrono knows those to 32767
// only, and a date32 of Arrow goes further.
#pragma once

#include <cstdint>

namespace cuadre {

inline constexpr std::int32_t kNoDate = INT32_MIN;

struct CivilDate {
  std::int64_t year;
  int month, day;
};

// Eras of 400 years are counted from a first of March, so that a leap day ends its year.
constexpr std::int64_t day_number(const CivilDate& date) noexcept {
  const std::int64_t year = date.year - (date.month <= 2 ? 1 : 0);
  const std::int64_t era = (year >= 0 ? year : year - 399) / 400;
  const std::int64_t of_era = year - era * 400;
  const std::int64_t of_year = (153 * (date.month + (date.month > 2 ? -3 : 9)) + 2) / 5 + date.day - 1;
  return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

constexpr CivilDate civil_date(std::int64_t day) noexcept {
  const std::int64_t shifted = day + 719468;
  const std::int64_t era = (shifted >= 0 ? shifted : shifted - 146096) / 146097;
  const std::int64_t of_era = shifted - era * 146097;
  const std::int64_t year = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
  const std::int64_t of_year = of_era - (365 * year + year / 4 - year / 100);
  const std::int64_t from_march = (5 * of_year + 2) / 153;
  const int month = static_cast<int>(from_march < 10 ? from_march + 3 : from_march - 9);
  return {year + era * 400 + (month <= 2 ? 1 : 0), month, static_cast<int>(of_year - (153 * from_march + 2) / 5 + 1)};
}

constexpr bool exists(const CivilDate& date) noexcept {
  if (date.month < 1 || date.month > 12 || date.day < 1 || date.day > 31) return false;
  const bool leap = date.year % 4 == 0 && (date.year % 100 != 0 || date.year % 400 == 0);
  const bool short_month = date.month == 4 || date.month == 6 || date.month == 9 || date.month == 11;
  return date.day <= (date.month == 2 ? (leap ? 29 : 28) : short_month ? 30 : 31);
}

}  // namespace cuadre
