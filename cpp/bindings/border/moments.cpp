#include "border/moments.hpp"

#include <datetime.h>

#include <chrono>
#include <string>

#include "cuadre/error.hpp"

namespace py = pybind11;

namespace cuadre::bindings {
namespace {

constexpr std::int64_t kSecond_us = 1'000'000;
constexpr std::int64_t kDay_us = 86'400 * kSecond_us;

void need_datetime() {
  if (PyDateTimeAPI == nullptr) PyDateTime_IMPORT;
  if (PyDateTimeAPI == nullptr) throw py::error_already_set();
}

[[noreturn]] void refuse(const char* what, const std::string& why) {
  throw Error(ErrorCode::argument_invalid, what + why);
}

constexpr std::int64_t midnight_us(int year, unsigned month, unsigned day) {
  const std::chrono::sys_days date = std::chrono::year(year) / std::chrono::month(month) / std::chrono::day(day);
  return date.time_since_epoch().count() * kDay_us;
}

constexpr std::int64_t kFirst_us = midnight_us(1, 1, 1);
constexpr std::int64_t kLast_us = midnight_us(10000, 1, 1) - 1;

std::int64_t offset_us(PyObject* moment, const char* what) {
  const auto offset = py::reinterpret_steal<py::object>(PyObject_CallMethod(moment, "utcoffset", nullptr));
  if (!offset) throw py::error_already_set();
  if (offset.is_none()) refuse(what, " has no time zone: datetime(..., tzinfo=...) says which moment");
  return PyDateTime_DELTA_GET_DAYS(offset.ptr()) * kDay_us + PyDateTime_DELTA_GET_SECONDS(offset.ptr()) * kSecond_us +
         PyDateTime_DELTA_GET_MICROSECONDS(offset.ptr());
}

}  // namespace

std::int64_t moment_us(py::handle value, const char* what) {
  need_datetime();
  PyObject* const moment = value.ptr();
  if (!PyDateTime_Check(moment))
    refuse(what, std::string(" is a datetime with its time zone, not ") + Py_TYPE(moment)->tp_name);
  const std::int64_t clock_s = (PyDateTime_DATE_GET_HOUR(moment) * 60 + PyDateTime_DATE_GET_MINUTE(moment)) * 60 +
                               PyDateTime_DATE_GET_SECOND(moment);
  std::int64_t us = midnight_us(PyDateTime_GET_YEAR(moment), static_cast<unsigned>(PyDateTime_GET_MONTH(moment)),
                                static_cast<unsigned>(PyDateTime_GET_DAY(moment))) +
                    clock_s * kSecond_us + PyDateTime_DATE_GET_MICROSECOND(moment);
  if (PyDateTime_DATE_GET_TZINFO(moment) != PyDateTime_TimeZone_UTC) us -= offset_us(moment, what);
  // The zone can push a moment out of the years 1 to 9999, and then it could not be shown again.
  if (us < kFirst_us || us > kLast_us) refuse(what, " is outside the years 1 to 9999 in UTC");
  return us;
}

py::object datetime_of(std::int64_t at_us) {
  need_datetime();
  using namespace std::chrono;
  const sys_time<microseconds> moment{microseconds(at_us)};
  const sys_days day = floor<days>(moment);
  const year_month_day date(day);
  const hh_mm_ss<microseconds> time(moment - day);
  PyObject* const made = PyDateTimeAPI->DateTime_FromDateAndTime(
      static_cast<int>(date.year()), static_cast<int>(static_cast<unsigned>(date.month())),
      static_cast<int>(static_cast<unsigned>(date.day())), static_cast<int>(time.hours().count()),
      static_cast<int>(time.minutes().count()), static_cast<int>(time.seconds().count()),
      static_cast<int>(time.subseconds().count()), PyDateTime_TimeZone_UTC, PyDateTimeAPI->DateTimeType);
  if (made == nullptr) throw py::error_already_set();
  return py::reinterpret_steal<py::object>(made);
}

}  // namespace cuadre::bindings
