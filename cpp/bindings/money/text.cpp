// Amounts as text for Python: Money.parse, Money.format, Money.in_words, and WireForm.
#include "cuadre/money/text.hpp"

#include <pybind11/pybind11.h>
#include <pybind11/stl.h>

#include <algorithm>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>

#include "border/fast_call.hpp"
#include "border/terms.hpp"
#include "cuadre/money/wire.hpp"
#include "money/object.hpp"
#include "money/values.hpp"

namespace py = pybind11;

namespace cuadre::bindings {
namespace {

// ---- reading

SignStyle sign_style(const std::string& name) {
  if (name == "none") return SignStyle::none;
  if (name == "front") return SignStyle::front;
  if (name == "behind") return SignStyle::behind;
  if (name == "brackets") return SignStyle::brackets;
  throw Error(ErrorCode::argument_invalid, "sign is 'none', 'front', 'behind' or 'brackets', not '" + name + "'");
}

std::string_view amount_text_of(const py::object& text) {
  if (!PyUnicode_Check(text.ptr())) refuse_type(text, "an amount is parsed from text");
  return text_of(text, ErrorCode::amount_invalid);
}

AmountForm declared_form(const std::string& decimal_mark, const std::string& grouping, const std::string& sign) {
  if (decimal_mark != "." && decimal_mark != ",") {
    throw Error(ErrorCode::argument_invalid, "decimal_mark is '.' or ',', not '" + decimal_mark + "'");
  }
  if (grouping.size() > 1 || std::string_view("., '").find(grouping) == std::string_view::npos ||
      grouping == decimal_mark) {
    throw Error(ErrorCode::argument_invalid, "grouping is '', '.', ',', ' ' or \"'\", and not the decimal mark");
  }
  return {
      .decimal_mark = decimal_mark[0], .grouping = grouping.empty() ? char{0} : grouping[0], .sign = sign_style(sign)};
}

Money parse(const py::object& text, const py::object& currency, const std::optional<std::string>& locale,
            const std::string& decimal_mark, const std::string& grouping, const std::string& sign) {
  const Currency given = currency.is_none() ? Currency{} : currency_of(currency);
  if (!locale) {
    const AmountForm form = declared_form(decimal_mark, grouping, sign);
    if (!given) throw Error(ErrorCode::argument_invalid, "without a locale the currency must be given");
    return Money::parse(amount_text_of(text), given, form);
  }
  if (decimal_mark != "." || !grouping.empty() || sign != "front") {
    throw Error(ErrorCode::argument_invalid,
                "the locale says how amounts are written: leave decimal_mark, grouping and sign out, or the locale");
  }
  return parse_money(amount_text_of(text), locale_of(*locale), given);
}

Money parse_implied(const py::object& text, const py::object& currency, int decimals, const std::string& sign) {
  constexpr int kDecimalsMax = 18;
  if (decimals < 0 || decimals > kDecimalsMax) {
    throw Error(ErrorCode::argument_invalid, "decimals is 0 to 18, not " + std::to_string(decimals));
  }
  const AmountForm form{.implied_decimals = decimals, .sign = sign_style(sign)};
  return Money::parse(amount_text_of(text), currency_of(currency), form);
}

// ---- writing

std::string_view word_of(PyObject* value, std::string_view otherwise, const char* what) {
  if (value == nullptr) return otherwise;
  if (!PyUnicode_Check(value)) refuse_type(value, std::string(what) + " is text");
  return text_of(value, ErrorCode::argument_invalid);
}

CurrencyStyle currency_style(std::string_view name) {
  if (name == "symbol") return CurrencyStyle::symbol;
  if (name == "code") return CurrencyStyle::code;
  if (name == "none") return CurrencyStyle::none;
  throw Error(ErrorCode::argument_invalid,
              "currency is shown as 'symbol', 'code' or 'none', not '" + std::string(name) + "'");
}

bool in_brackets(std::string_view name) {
  if (name == "minus" || name == "brackets") return name == "brackets";
  throw Error(ErrorCode::argument_invalid, "negative is 'minus' or 'brackets', not '" + std::string(name) + "'");
}

std::int64_t whole_of(const py::object& value, const char* what) {
  const py::object number = whole_number(value);
  if (!number) refuse_type(value, std::string(what) + " is an int");
  return int64_of(number, what);
}

int count_of(const py::object& value, const char* what) {
  constexpr std::int64_t kFar = 1000;  // any number out of range is refused as such, however far it is
  return static_cast<int>(std::clamp(whole_of(value, what), -kFar, kFar));
}

std::optional<int> decimals_of(PyObject* value) {
  if (value == nullptr || value == Py_None) return std::nullopt;
  return count_of(py::reinterpret_borrow<py::object>(value), "decimals");
}

bool truth_of(PyObject* value, bool otherwise) {
  const int truth = value == nullptr ? static_cast<int>(otherwise) : PyObject_IsTrue(value);
  if (truth < 0) throw py::error_already_set();
  return truth != 0;
}

// By hand, because five arguments cost pybind11 more than the writing does.
PyObject* format(PyObject* self, PyObject* const* values, Py_ssize_t given, PyObject* names) {
  return guarded([&] {
    constexpr Signature kSignature{"format", {"locale", "currency", "decimals", "negative", "grouping"}, 5, 0};
    if (given > 1) throw py::type_error("format() takes the locale by position, and the rest by name");
    const Arguments taken = take(kSignature, values, given, names);
    const std::string text =
        format_money(money_in(self), {.locale = locale_of(word_of(taken[0], "plain", "a locale")),
                                      .style = currency_style(word_of(taken[1], "symbol", "currency")),
                                      .decimals = decimals_of(taken[2]),
                                      .brackets = in_brackets(word_of(taken[3], "minus", "negative")),
                                      .grouping = truth_of(taken[4], true)});
    return PyUnicode_FromStringAndSize(text.data(), static_cast<Py_ssize_t>(text.size()));
  });
}

std::string in_words(Money money, const std::string& locale) { return money_in_words(money, locale_of(locale)); }

// ---- the wire

WireForm make_form(const py::object& decimals_min, const py::object& decimals_max, const std::string& unit,
                   bool trim_zeros, bool negative_allowed, const py::object& minimum_minor,
                   const py::object& maximum_minor) {
  if (unit != "major" && unit != "scaled") {
    throw Error(ErrorCode::argument_invalid, "unit is 'major' or 'scaled', not '" + unit + "'");
  }
  const WireForm form{.unit = unit == "major" ? WireForm::Unit::major : WireForm::Unit::scaled,
                      .decimals_min = count_of(decimals_min, "decimals_min"),
                      .decimals_max = count_of(decimals_max.is_none() ? decimals_min : decimals_max, "decimals_max"),
                      .trim_zeros = trim_zeros,
                      .negative_allowed = negative_allowed,
                      .minimum_minor = whole_of(minimum_minor, "minimum_minor"),
                      .maximum_minor = whole_of(maximum_minor, "maximum_minor")};
  check_wire_form(form);
  return form;
}

// The digits of a Decimal as it stands: Decimal("25.00") has two decimals, as the message had.
std::string decimal_digits(const py::object& value) {
  if (!value.attr("is_finite")().cast<bool>()) {
    throw Error(ErrorCode::amount_invalid, "a Decimal that is not finite is not an amount");
  }
  constexpr long long kAdjustedMax = 64;  // far outside of 64 bits, and near enough to write out
  const auto adjusted = value.attr("adjusted")().cast<long long>();
  const auto exponent = value.attr("as_tuple")()[py::int_(2)].cast<long long>();
  if (adjusted > kAdjustedMax || exponent > kAdjustedMax) {
    throw Error(ErrorCode::amount_overflow, "a Decimal that does not fit 64 bits of minor units");
  }
  if (exponent < -kAdjustedMax)
    throw Error(ErrorCode::amount_invalid, "a Decimal with too many decimals for any message");
  return py::str(value.attr("__format__")("f"));
}

Money read(const WireForm& form, const py::object& value, const py::object& currency) {
  const Currency unit = currency_of(currency);
  if (PyUnicode_Check(value.ptr())) return read_wire(text_of(value, ErrorCode::amount_invalid), form, unit);
  if (const py::object number = whole_number(value)) {
    return read_wire(std::to_string(int64_of(number, "the amount")), form, unit);
  }
  if (!PyFloat_Check(value.ptr()) && py::isinstance(value, py::module_::import("decimal").attr("Decimal"))) {
    return read_wire(decimal_digits(value), form, unit);
  }
  refuse_type(value, "an amount on the wire is text, an int or a Decimal (json: parse_float=decimal.Decimal)");
}

std::string write(const WireForm& form, Money money) { return write_wire(money, form); }

const char* unit_name(const WireForm& form) { return form.unit == WireForm::Unit::major ? "major" : "scaled"; }

bool same_form(const WireForm& left, const WireForm& right) {
  return left.unit == right.unit && left.decimals_min == right.decimals_min &&
         left.decimals_max == right.decimals_max && left.trim_zeros == right.trim_zeros &&
         left.negative_allowed == right.negative_allowed && left.minimum_minor == right.minimum_minor &&
         left.maximum_minor == right.maximum_minor;
}

py::object equal_form(const WireForm& left, const py::object& right) {
  if (!py::isinstance<WireForm>(right)) return py::reinterpret_borrow<py::object>(Py_NotImplemented);
  return py::bool_(same_form(left, right.cast<const WireForm&>()));
}

py::ssize_t hash_form(const WireForm& form) {
  return py::hash(py::make_tuple(unit_name(form), form.decimals_min, form.decimals_max, form.trim_zeros,
                                 form.negative_allowed, form.minimum_minor, form.maximum_minor));
}

std::string repr_form(const WireForm& form) {
  std::string text = "WireForm(" + std::to_string(form.decimals_min);
  if (form.decimals_max != form.decimals_min) text += ", " + std::to_string(form.decimals_max);
  text += std::string(", unit='") + unit_name(form) + "'";
  if (form.trim_zeros) text += ", trim_zeros=True";
  if (form.negative_allowed) text += ", negative_allowed=True";
  if (form.minimum_minor != 0) text += ", minimum_minor=" + std::to_string(form.minimum_minor);
  if (form.maximum_minor != 0) text += ", maximum_minor=" + std::to_string(form.maximum_minor);
  return text + ")";
}

// ---- docstrings

constexpr const char* kParseDoc =
    R"(Read an amount as people write it. The whole text must fit; nothing is skipped or guessed.

With a locale its rules hold: Money.parse("S/ 1,234.50", locale="es-PE"), Money.parse("$ 1.234", "COP", locale="es-CO"). Without one,
the declared form holds, and the currency must be given: Money.parse("1.234,50", "PEN", decimal_mark=",", grouping=".").

Args:
    text: The amount in major units. Digits stand on both sides of the decimal mark.
    currency: A code or a Currency. With a locale it may be left out where the text names it ("PEN 5", "S/ 5", "US$ 5"); "$" is COP in
        es-CO and nothing else, USD in en unless a currency is given that writes "$" at home, and needs the currency in es-PE.
    locale: "es-CO" (1.234,50), "es-PE" and "en" (1,234.50), "plain" (1234.50, codes only), or None for the declared form.
    decimal_mark: "." or ",".
    grouping: "", ".", ",", " " or "'": groups of exactly three digits, in all of the whole part or nowhere.
    sign: Where a sign may stand: "front" (-5), "behind" (5-), "brackets" ((5) is negative) or "none".

Raises:
    AmountInvalidError: amount_invalid; its column is the first byte (from 1) that does not fit.
    AmountInexactError: amount_inexact, for more decimals than the currency has.
    AmountOverflowError: amount_overflow, past 64 bits of minor units.
    FloatRefusedError: float_refused, where text is not a str.
    CurrencyUnknownError: currency_unknown, also where the text of a locale leaves the currency open.
    CurrencyMismatchError: currency_mismatch, where the text names another currency than the one given.
    ArgumentInvalidError: argument_invalid, for a form or a locale that does not exist, a locale together with a form, neither locale nor
        currency, or a currency without minor units.)";

constexpr const char* kParseImpliedDoc =
    R"(Read digits whose last ones are decimals: parse_implied("123450", "PEN", 2) is PEN 1234.50.

Args:
    text: Digits in 10**-decimals of the major unit, with a sign where `sign` allows one.
    currency: A code or a Currency.
    decimals: How many of the last digits are decimals, 0 to 18; the file's own number, not the currency's.
    sign: "front", "behind", "brackets" or "none".

Raises:
    AmountInvalidError: amount_invalid.
    AmountInexactError: amount_inexact, where the value needs more decimals than the currency has.
    AmountOverflowError: amount_overflow, past 64 bits of minor units.
    FloatRefusedError: float_refused, where text is not a str.
    CurrencyUnknownError: currency_unknown.
    ArgumentInvalidError: argument_invalid, for decimals out of range, an unknown sign or a currency without minor units.)";

constexpr const char* kFormatDoc =
    R"(format($self, locale="plain", *, currency="symbol", decimals=None, negative="minus", grouping=True)
--

Write the amount as people do: Money("1234.50", "PEN").format("es-PE") is "S/ 1,234.50" with a no-break space.

Args:
    locale: "plain" (the same as str(), except where told otherwise), "en", "es-CO" or "es-PE".
    currency: "symbol" (the code where the locale has no symbol for it), "code" or "none".
    decimals: Decimals shown, 0 to 9; None: those of the currency, but Colombian pesos without centavos show none (plain shows them).
    negative: "minus" or "brackets": (5.00).
    grouping: False leaves the marks between thousands out.

Raises:
    AmountInexactError: amount_inexact, where the amount needs more decimals; round it first.
    ArgumentInvalidError: argument_invalid, for a locale, style or number of decimals that does not exist.)";

constexpr const char* kWordsDoc =
    R"(Write the amount in Spanish words, as receipts do.

"es-PE": SON: CIENTO VEINTE Y 50/100 SOLES. "es-CO": UN MILLÓN DE PESOS M/CTE, MIL PESOS CON CINCUENTA CENTAVOS M/CTE.

Args:
    locale: "es-CO" or "es-PE".

Raises:
    ArgumentInvalidError: argument_invalid, for another locale and for a currency whose Spanish name is not in the table.)";

constexpr const char* kFormDoc =
    R"(How an amount stands in one message of one gateway; money.wire() has the known ones.

Args:
    decimals_min: major: fewer decimals are refused when reading. scaled: how many of the last digits are decimals.
    decimals_max: major: more are refused, even zeros. None: the same as decimals_min.
    unit: "major" ("1234.50") or "scaled" (123450, digits only).
    trim_zeros: major: write as few decimals as decimals_min allows; otherwise those of the currency, within the bounds.
    negative_allowed: Whether a minus may stand in front.
    minimum_minor: The least amount that may be written, in minor units; 0: no limit. Not looked at when reading.
    maximum_minor: The largest one; 0: no limit.

Raises:
    ArgumentInvalidError: argument_invalid, for a form that contradicts itself.)";

constexpr const char* kReadDoc =
    R"(Read the amount of a message. No grouping, exponent, blank, plus or leading zero passes.

Args:
    value: The amount as the message has it: str, int (a JSON integer) or decimal.Decimal (json.loads(..., parse_float=Decimal)).
    currency: A code or a Currency.

Raises:
    AmountInvalidError: amount_invalid, for another form; its column is the byte (from 1) that does not fit.
    AmountInexactError: amount_inexact, for more decimals than the currency has.
    AmountOverflowError: amount_overflow, past 64 bits of minor units.
    FloatRefusedError: float_refused, for a float, a bool or another type.
    CurrencyUnknownError: currency_unknown.)";

constexpr const char* kWriteDoc =
    R"(Write the amount for a message. Nothing is rounded.

Args:
    money: The amount.

Raises:
    AmountInexactError: amount_inexact, where the form has too few decimals for it.
    ArgumentInvalidError: argument_invalid, where the form does not allow it: negative, below the minimum, above the maximum.)";

void bind_form(py::module_& module) {
  py::class_<WireForm>(module, "WireForm", kFormDoc, py::is_final())
      .def(py::init(&make_form), py::arg("decimals_min") = 2, py::arg("decimals_max") = py::none(), py::kw_only(),
           py::arg("unit") = "major", py::arg("trim_zeros") = false, py::arg("negative_allowed") = false,
           py::arg("minimum_minor") = 0, py::arg("maximum_minor") = 0)
      .def("read", &read, py::arg("value"), py::arg("currency"), kReadDoc)
      .def("write", &write, py::arg("money"), kWriteDoc)
      .def_property_readonly("unit", &unit_name, "\"major\" or \"scaled\".")
      .def_readonly("decimals_min", &WireForm::decimals_min, "The fewest decimals.")
      .def_readonly("decimals_max", &WireForm::decimals_max, "The most decimals.")
      .def_readonly("trim_zeros", &WireForm::trim_zeros, "Whether zeros behind are left out.")
      .def_readonly("negative_allowed", &WireForm::negative_allowed, "Whether a minus may stand in front.")
      .def_readonly("minimum_minor", &WireForm::minimum_minor, "The least amount to write, in minor units; 0: any.")
      .def_readonly("maximum_minor", &WireForm::maximum_minor, "The largest amount to write, in minor units; 0: any.")
      .def("__eq__", &equal_form, py::arg("other"))
      .def("__hash__", &hash_form)
      .def("__repr__", &repr_form)
      .attr("__module__") = "cuadre.money";
}

// ---- reports

Int128 whole_of(const py::int_& minor) {
  int overflow = 0;
  const long long small = PyLong_AsLongLongAndOverflow(minor.ptr(), &overflow);
  if (overflow == 0) return small;
  if (minor.attr("bit_length")().cast<std::size_t>() > 127) {
    throw Error(ErrorCode::amount_overflow, "a sum has at most 127 bits");
  }
  const auto bytes = minor.attr("to_bytes")(sizeof(Int128), "little", py::arg("signed") = true).cast<std::string>();
  Int128 value = 0;
  std::memcpy(&value, bytes.data(), sizeof value);
  return value;
}

std::string report_amount(const py::int_& minor, const py::object& currency, const std::string& language) {
  return amount_text(whole_of(minor), currency_of(currency), language_of(language));
}

constexpr const char* kAmountTextDoc = R"(Writes minor units as reports do: "-1,234.50", or "-1.234,50" where Spanish
writes so. All decimals of the currency, groups of three, no code.

Raises:
    CuadreError: argument_invalid for another language, currency_unknown, amount_overflow beyond 127 bits.)";

}  // namespace

void bind_money_text(py::module_& module) {
  const py::object type = module.attr("Money");
  const py::cpp_function reader(&parse, py::name("parse"), py::scope(type), py::arg("text"),
                                py::arg("currency") = py::none(), py::kw_only(), py::arg("locale") = py::none(),
                                py::arg("decimal_mark") = ".", py::arg("grouping") = "", py::arg("sign") = "front",
                                kParseDoc);
  type.attr("parse") = py::staticmethod(reader);
  type.attr("parse_implied") = py::staticmethod(
      py::cpp_function(&parse_implied, py::name("parse_implied"), py::scope(type), py::arg("text"), py::arg("currency"),
                       py::arg("decimals"), py::kw_only(), py::arg("sign") = "front", kParseImpliedDoc));
  static PyMethodDef format_method{"format", reinterpret_cast<PyCFunction>(reinterpret_cast<void (*)()>(&format)),
                                   METH_FASTCALL | METH_KEYWORDS, kFormatDoc};
  type.attr("format") =
      py::reinterpret_steal<py::object>(PyDescr_NewMethod(reinterpret_cast<PyTypeObject*>(type.ptr()), &format_method));
  type.attr("in_words") =
      py::cpp_function(&in_words, py::name("in_words"), py::is_method(type), py::arg("locale"), kWordsDoc);
  bind_form(module);
  module.def("amount_text", &report_amount, py::arg("minor"), py::arg("currency"), py::arg("language") = "en",
             kAmountTextDoc);
  module.def(
      "decimal_comma",
      [](const py::object& currency, const std::string& language) {
        return decimal_comma(currency_of(currency), language_of(language));
      },
      py::arg("currency"), py::arg("language"),
      "Whether reports write a comma before the decimals.\n\nRaises:\n    CuadreError: argument_invalid, "
      "currency_unknown.");
}

}  // namespace cuadre::bindings
