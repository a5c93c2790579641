#include "money/values.hpp"

#include <pybind11/gil_safe_call_once.h>

#include <algorithm>
#include <cstdint>
#include <utility>

namespace py = pybind11;

namespace cuadre::bindings {
namespace {

namespace mp = boost::multiprecision;

// Decimal digits of the longest number a Ratio may hold.
constexpr long long kDigitsMax = 1234;

std::string type_name(py::handle value) { return py::str(py::type::handle_of(value).attr("__name__")); }

// decimal and fractions are imported when first needed, and their types kept for good.
struct NumberTypes {
  py::object decimal;
  py::object fraction;
};

const NumberTypes& number_types() {
  PYBIND11_CONSTINIT static py::gil_safe_call_once_and_store<NumberTypes> storage;
  return storage
      .call_once_and_store_result([] {
        return NumberTypes{py::module_::import("decimal").attr("Decimal"),
                           py::module_::import("fractions").attr("Fraction")};
      })
      .get_stored();
}

bool is_instance(py::handle value, const py::object& type) {
  if (Py_TYPE(value.ptr()) == reinterpret_cast<PyTypeObject*>(type.ptr())) return true;
  return PyType_IsSubtype(Py_TYPE(value.ptr()), reinterpret_cast<PyTypeObject*>(type.ptr())) != 0;
}

// A finite Decimal as digits * 10^exponent. No zero stands at either end of the digits; none at all mean zero.
struct DecimalParts {
  bool negative = false;
  std::string digits;
  long long exponent = 0;
};

// Reads what Decimal's own __str__ writes ("-1.50", "1E+3"): no context takes part in it, and it is by far the fastest
// way out of a Decimal. A subclass may write something else, so the base's is called.
DecimalParts parts_of(py::handle value) {
  const auto* const type = reinterpret_cast<PyTypeObject*>(number_types().decimal.ptr());
  const auto written = py::reinterpret_steal<py::object>(type->tp_str(value.ptr()));
  if (!written) throw py::error_already_set();
  const std::string_view text = text_of(written, ErrorCode::amount_invalid);
  DecimalParts parts;
  std::size_t at = 0;
  if (text.starts_with('-')) parts.negative = true, ++at;
  bool decimals = false;
  for (; at < text.size(); ++at) {
    const char c = text[at];
    if (c == '.') {
      decimals = true;
      continue;
    }
    if (c < '0' || c > '9') break;
    if (decimals) --parts.exponent;
    if (c != '0' || !parts.digits.empty()) parts.digits += c;
  }
  if (at < text.size()) {
    if (text[at] != 'E') throw Error(ErrorCode::amount_invalid, "a Decimal that is not finite is not an amount");
    const bool below = text.substr(at + 1).starts_with('-');
    long long exponent = 0;  // Decimal's own limit is 18 digits
    for (at += 2; at < text.size(); ++at) exponent = exponent * 10 + (text[at] - '0');
    parts.exponent += below ? -exponent : exponent;
  }
  while (parts.digits.ends_with('0')) parts.digits.pop_back(), ++parts.exponent;
  return parts;
}

constexpr long long kSmallDigits = kPowerOfTenMax;  // any number of so many digits fits 64 bits

std::int64_t small_digits(const DecimalParts& parts) noexcept {
  std::int64_t value = 0;
  for (const char digit : parts.digits) value = value * 10 + (digit - '0');
  return parts.negative ? -value : value;
}

Ratio ratio_of_decimal(py::handle value, const std::string& what) {
  const DecimalParts parts = parts_of(value);
  if (parts.digits.empty()) return {};
  const auto count = static_cast<long long>(parts.digits.size());
  if (count + parts.exponent <= kSmallDigits && count <= kSmallDigits && parts.exponent >= -kSmallDigits) {
    const std::int64_t digits = small_digits(parts);
    if (parts.exponent >= 0) return {digits * power_of_ten(static_cast<int>(parts.exponent))};
    return {BigInteger(digits), BigInteger(power_of_ten(static_cast<int>(-parts.exponent)))};
  }
  if (count + parts.exponent > kDigitsMax || count > kDigitsMax || parts.exponent < -kDigitsMax) {
    throw Error(ErrorCode::amount_overflow, what + " has more than " + std::to_string(Ratio::kBitsMax) + " bits");
  }
  BigInteger numerator(parts.digits);
  if (parts.negative) numerator = -numerator;
  const auto magnitude = static_cast<unsigned>(parts.exponent < 0 ? -parts.exponent : parts.exponent);
  const BigInteger power = mp::pow(BigInteger(10), magnitude);
  if (parts.exponent >= 0) return {numerator * power, 1};
  return {std::move(numerator), power};
}

Money money_of_decimal(py::handle value, Currency currency) {
  const Money zero = Money::from_minor(0, currency);
  DecimalParts parts = parts_of(value);
  if (parts.digits.empty()) return zero;
  parts.exponent += currency.minor_units();
  if (parts.exponent < 0) {
    throw Error(ErrorCode::amount_inexact, "more decimals than the " + std::to_string(currency.minor_units()) + " of " +
                                               std::string(currency.code()));
  }
  const auto count = static_cast<long long>(parts.digits.size());
  if (count + parts.exponent <= kSmallDigits) {
    return Money::from_minor(small_digits(parts) * power_of_ten(static_cast<int>(parts.exponent)), currency);
  }
  constexpr long long kWholeMax = 19;  // digits of the largest int64
  if (count + parts.exponent <= kWholeMax) {
    parts.digits.append(static_cast<std::size_t>(parts.exponent), '0');
    const AmountScan scan = scan_amount((parts.negative ? "-" : "") + parts.digits, {}, 0);
    if (scan.status == AmountStatus::ok) return Money::from_minor(scan.minor, currency);
  }
  throw Error(ErrorCode::amount_overflow, "a Decimal that does not fit 64 bits of minor units");
}

BigInteger big_of(const py::object& number, const std::string& what) {
  int overflow = 0;
  const long long value = PyLong_AsLongLongAndOverflow(number.ptr(), &overflow);
  if (overflow == 0) return BigInteger(value);
  if (number.attr("bit_length")().cast<std::size_t>() > Ratio::kBitsMax) {
    throw Error(ErrorCode::amount_overflow, what + " has more than " + std::to_string(Ratio::kBitsMax) + " bits");
  }
  const auto hex = py::reinterpret_steal<py::object>(PyNumber_ToBase(number.ptr(), 16));
  if (!hex) throw py::error_already_set();
  std::string_view text = text_of(hex, ErrorCode::amount_invalid);  // "-0x..."
  if (overflow < 0) text.remove_prefix(1);
  BigInteger big{std::string(text)};
  return overflow < 0 ? BigInteger(-big) : big;
}

BigInteger part_of(py::handle fraction, const char* name, const std::string& what) {
  const py::object part = whole_number(fraction.attr(name));
  if (!part) refuse_type(fraction, what + " is a Fraction of whole numbers");
  return big_of(part, what);
}

bool exact_number(py::handle value, const std::string& what, Ratio& ratio) {
  if (const py::object number = whole_number(value)) {
    ratio = Ratio(big_of(number, what), 1);
    return true;
  }
  if (PyFloat_Check(value.ptr()) || PyBool_Check(value.ptr())) return false;
  const NumberTypes& types = number_types();
  if (is_instance(value, types.decimal)) {
    ratio = ratio_of_decimal(value, what);
    return true;
  }
  if (!is_instance(value, types.fraction)) return false;
  ratio = Ratio(part_of(value, "numerator", what), part_of(value, "denominator", what));
  return true;
}

}  // namespace

void refuse_type(py::handle value, const std::string& wanted) {
  throw Error(ErrorCode::float_refused, wanted + ", not " + type_name(value));
}

Currency currency_of(const py::object& value) {
  if (PyUnicode_Check(value.ptr())) return Currency::of(text_of(value, ErrorCode::currency_unknown));
  if (!py::isinstance<Currency>(value)) refuse_type(value, "a currency is a code such as 'COP', or a Currency");
  return value.cast<Currency>();
}

py::object whole_number(py::handle value) {
  if (PyLong_CheckExact(value.ptr())) return py::reinterpret_borrow<py::object>(value);
  if (PyBool_Check(value.ptr()) || !PyIndex_Check(value.ptr())) return {};
  PyObject* const number = PyNumber_Index(value.ptr());
  if (number == nullptr) PyErr_Clear();  // numpy.bool_ has the slot and refuses
  return py::reinterpret_steal<py::object>(number);
}

Ratio ratio_of(py::handle value, const std::string& what) {
  if (PyUnicode_Check(value.ptr())) return Ratio::parse(text_of(value, ErrorCode::amount_invalid));
  Ratio ratio;
  if (!exact_number(value, what, ratio)) {
    refuse_type(value, what + " is an int, a Fraction, a Decimal or text such as \"0.19\", \"19/100\" or \"19%\"");
  }
  return ratio;
}

bool exact_number(py::handle value, Ratio& ratio) { return exact_number(value, "the number", ratio); }

RoundingMode rounding_mode_of(py::handle name) {
  if (PyUnicode_Check(name.ptr())) return cuadre::rounding_mode_of(text_of(name, ErrorCode::argument_invalid));
  return cuadre::rounding_mode_of(name.is_none() ? "None" : type_name(name));  // throws: no mode has such a name
}

std::int64_t int64_of(py::handle value, const std::string& what) {
  const py::object number = whole_number(value);
  if (!number) refuse_type(value, what + " is an int");
  int overflow = 0;
  const long long whole = PyLong_AsLongLongAndOverflow(number.ptr(), &overflow);
  if (overflow != 0) throw Error(ErrorCode::amount_overflow, what + " does not fit 64 bits");
  return whole;
}

Money money_of(py::handle amount, Currency currency) {
  if (PyUnicode_Check(amount.ptr())) return Money::parse(text_of(amount, ErrorCode::amount_invalid), currency);
  if (const py::object number = whole_number(amount)) {
    const Money major = Money::from_minor(int64_of(number, "the amount"), currency);
    return major * power_of_ten(currency.minor_units());
  }
  if (!PyFloat_Check(amount.ptr()) && is_instance(amount, number_types().decimal)) {
    return money_of_decimal(amount, currency);
  }
  refuse_type(amount, "an exact amount is text, an int or a Decimal");
}

std::int64_t minor_of(const py::object& amount, Currency currency) {
  if (!py::isinstance<Money>(amount)) return money_of(amount, currency).amount_minor();
  const Money money = amount.cast<Money>();
  if (money.currency() != currency) {
    throw Error(ErrorCode::currency_mismatch, "an amount in " + std::string(currency.code()) + " is needed, not in " +
                                                  std::string(money.currency().code()));
  }
  return money.amount_minor();
}

py::object int_of(const BigInteger& value) {
  if (msb(BigInteger(mp::abs(value) + 1)) < 63) {
    return py::reinterpret_steal<py::object>(PyLong_FromLongLong(static_cast<long long>(value)));
  }
  const std::string hex = (value < 0 ? "-" : "") + BigInteger(mp::abs(value)).str(0, std::ios_base::hex);
  return py::reinterpret_steal<py::object>(PyLong_FromString(hex.c_str(), nullptr, 16));
}

py::object fraction_of(const Ratio& ratio) {
  return number_types().fraction(int_of(ratio.numerator()), int_of(ratio.denominator()));
}

py::object decimal_of(const std::string& text) { return number_types().decimal(text); }

}  // namespace cuadre::bindings
