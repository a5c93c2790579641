#include "money/rate_values.hpp"

#include <pybind11/gil_safe_call_once.h>

#include <optional>
#include <string>

#include "border/moments.hpp"

namespace py = pybind11;

namespace cuadre::bindings {
namespace {

// ---- moments

// datetime is imported when first needed, and kept for good.
const py::object& datetime_type() {
  PYBIND11_CONSTINIT static py::gil_safe_call_once_and_store<py::object> storage;
  return storage.call_once_and_store_result([] { return py::object(py::module_::import("datetime").attr("datetime")); })
      .get_stored();
}

std::string label_of(py::handle value, const std::string& what) {
  if (!PyUnicode_Check(value.ptr())) refuse_type(value, what + " is text");
  return std::string(text_of(value, ErrorCode::argument_invalid));
}

bool outdated_allowed(const py::object& outdated) {
  const bool text = PyUnicode_Check(outdated.ptr());
  const std::string_view name = text ? text_of(outdated, ErrorCode::argument_invalid) : std::string_view();
  if (name == "allow") return true;
  if (name == "refuse") return false;
  throw Error(ErrorCode::argument_invalid,
              "outdated is 'refuse' or 'allow', not " +
                  std::string(py::repr(outdated).attr("encode")("ascii", "backslashreplace").cast<py::bytes>()));
}

ExactMoney exact_of(const py::object& amount) {
  if (py::isinstance<ExactMoney>(amount)) return amount.cast<ExactMoney>();
  if (py::isinstance<Money>(amount)) return ExactMoney(amount.cast<Money>());
  refuse_type(amount, "a rate converts Money or ExactMoney");
}

// Decimal where ten divides it out within reason, a fraction otherwise: both are exact, and ratio_of reads both.
std::string value_text(const Ratio& value) {
  constexpr int kDecimalsMax = 40;
  BigInteger power = 1;
  for (int decimals = 0; decimals <= kDecimalsMax; ++decimals, power *= 10) {
    if (power % value.denominator() != 0) continue;
    std::string digits = BigInteger(value.numerator() * (power / value.denominator())).str();
    if (decimals == 0) return digits;
    const auto width = static_cast<std::size_t>(decimals);
    if (digits.size() <= width) digits.insert(0, width + 1 - digits.size(), '0');
    return digits.insert(digits.size() - width, 1, '.');
  }
  return value.text();
}

constexpr const char* kKeys[] = {"base", "quote", "value", "kind", "source", "as_of", "valid_until"};

py::object moment_of_text(const py::dict& dict, const char* key) {
  py::object text = dict[key];
  if (text.is_none() && std::string_view(key) == "valid_until") return text;
  if (!PyUnicode_Check(text.ptr())) refuse_type(text, std::string(key) + " is text of ISO 8601");
  try {
    return datetime_type().attr("fromisoformat")(text);
  } catch (const py::error_already_set& error) {
    if (!error.matches(PyExc_ValueError)) throw;
  }
  throw Error(ErrorCode::rule_invalid, std::string(key) + " is no moment of ISO 8601 (2026-03-02T00:00:00-05:00)");
}

}  // namespace

py::object as_of(const Rate& rate) { return datetime_of(rate.as_of_us); }
py::object valid_until(const Rate& rate) {
  if (!rate.valid_until_us) return py::none();
  return datetime_of(*rate.valid_until_us);
}

Rate make_rate(const py::object& base, const py::object& quote, const py::object& value, const py::object& kind,
               const py::object& source, const py::object& as_of, const py::object& valid_until) {
  Rate rate{.base = currency_of(base),
            .quote = currency_of(quote),
            .value = ratio_of(value, "the rate"),
            .kind = label_of(kind, "kind"),
            .source = label_of(source, "source"),
            .as_of_us = moment_us(as_of, "as_of"),
            .valid_until_us = std::nullopt};
  if (!valid_until.is_none()) rate.valid_until_us = moment_us(valid_until, "valid_until");
  rate.require_valid();
  return rate;
}

ExactMoney convert_exact(const Rate& rate, const py::object& money, const py::object& at, const py::object& outdated) {
  return convert(exact_of(money), rate, moment_us(at, "at"), outdated_allowed(outdated));
}

Money convert_rounded(const Rate& rate, const py::object& money, const py::object& rounding, const py::object& at,
                      const py::object& outdated) {
  const RoundingMode mode = rounding_mode_of(rounding);
  return convert_exact(rate, money, at, outdated).round(mode).money;
}

py::dict rate_to_dict(const Rate& rate) {
  py::dict dict;
  dict["base"] = rate.base.code();
  dict["quote"] = rate.quote.code();
  dict["value"] = value_text(rate.value);
  dict["kind"] = rate.kind;
  dict["source"] = rate.source;
  dict["as_of"] = as_of(rate).attr("isoformat")();
  dict["valid_until"] = py::none();
  if (rate.valid_until_us) dict["valid_until"] = valid_until(rate).attr("isoformat")();
  return dict;
}

Rate rate_from_dict(const py::dict& dict) {
  for (const char* const key : kKeys) {
    if (!dict.contains(key)) throw Error(ErrorCode::rule_invalid, std::string("a rate needs \"") + key + "\"");
  }
  if (dict.size() != std::size(kKeys)) {
    throw Error(ErrorCode::rule_invalid,
                "a rate has base, quote, value, kind, source, as_of and valid_until, and nothing else");
  }
  return make_rate(dict["base"], dict["quote"], dict["value"], dict["kind"], dict["source"],
                   moment_of_text(dict, "as_of"), moment_of_text(dict, "valid_until"));
}

}  // namespace cuadre::bindings
