// Rate and Conversion for Python. Moments cross as zone-aware datetimes; everything else is the core's.
#include <pybind11/gil_safe_call_once.h>
#include <pybind11/pybind11.h>

#include <optional>
#include <string>
#include <utility>

#include "cuadre/money_rate.hpp"
#include "money_values.hpp"

namespace py = pybind11;

namespace cuadre::bindings {
namespace {

py::object not_implemented() { return py::reinterpret_borrow<py::object>(Py_NotImplemented); }

// ---- moments

struct Clock {
  py::object datetime, epoch, first, last, microsecond, utc;
};

const Clock& clock() {
  PYBIND11_CONSTINIT static py::gil_safe_call_once_and_store<Clock> storage;
  return storage
      .call_once_and_store_result([] {
        const py::module_ module = py::module_::import("datetime");
        const py::object datetime = module.attr("datetime");
        const py::object utc = module.attr("timezone").attr("utc");
        return Clock{.datetime = datetime,
                     .epoch = datetime(1970, 1, 1, py::arg("tzinfo") = utc),
                     .first = datetime.attr("min").attr("replace")(py::arg("tzinfo") = utc),
                     .last = datetime.attr("max").attr("replace")(py::arg("tzinfo") = utc),
                     .microsecond = module.attr("timedelta")(py::arg("microseconds") = 1),
                     .utc = utc};
      })
      .get_stored();
}

std::int64_t moment_us(py::handle value, const std::string& what) {
  const Clock& known = clock();
  if (!py::isinstance(value, known.datetime)) {
    throw Error(ErrorCode::argument_invalid, what + " is a datetime with its time zone, not " +
                                                 std::string(py::str(py::type::handle_of(value).attr("__name__"))));
  }
  if (value.attr("utcoffset")().is_none()) {
    throw Error(ErrorCode::argument_invalid, what + " has no time zone: datetime(..., tzinfo=...) says which moment");
  }
  // The zone can push a moment out of the years 1 to 9999, and then it could not be shown again.
  if (value < known.first || value > known.last) {
    throw Error(ErrorCode::argument_invalid, what + " is outside the years 1 to 9999 in UTC");
  }
  return py::cast<std::int64_t>(
      (py::reinterpret_borrow<py::object>(value) - known.epoch).attr("__floordiv__")(known.microsecond));
}

py::object datetime_of(std::int64_t moment_us) {
  const Clock& known = clock();
  return known.epoch + known.microsecond * py::int_(moment_us);
}
py::object as_of(const Rate& rate) { return datetime_of(rate.as_of_us); }
py::object valid_until(const Rate& rate) {
  if (!rate.valid_until_us) return py::none();
  return datetime_of(*rate.valid_until_us);
}

// ---- Rate

std::string label_of(py::handle value, const std::string& what) {
  if (!PyUnicode_Check(value.ptr())) refuse_type(value, what + " is text");
  return std::string(text_of(value, ErrorCode::argument_invalid));
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

ExactMoney exactly(const Rate& rate, const py::object& money, const py::object& at, const py::object& outdated) {
  return convert(exact_of(money), rate, moment_us(at, "at"), outdated_allowed(outdated));
}

py::object convert_exact(const Rate& rate, const py::object& money, const py::object& at, const py::object& outdated) {
  return py::cast(exactly(rate, money, at, outdated));
}

Money convert_rounded(const Rate& rate, const py::object& money, const py::object& rounding, const py::object& at,
                      const py::object& outdated) {
  const RoundingMode mode = rounding_mode_of(rounding);
  return exactly(rate, money, at, outdated).round(mode).money;
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

py::object value_of(const Rate& rate) { return fraction_of(rate.value); }

constexpr const char* kKeys[] = {"base", "quote", "value", "kind", "source", "as_of", "valid_until"};

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

py::object moment_of_text(const py::dict& dict, const char* key) {
  const py::object text = dict[key];
  if (text.is_none() && std::string_view(key) == "valid_until") return text;
  if (!PyUnicode_Check(text.ptr())) refuse_type(text, std::string(key) + " is text of ISO 8601");
  try {
    return clock().datetime.attr("fromisoformat")(text);
  } catch (const py::error_already_set& error) {
    if (!error.matches(PyExc_ValueError)) throw;
  }
  throw Error(ErrorCode::rule_invalid, std::string(key) + " is no moment of ISO 8601 (2026-03-02T00:00:00-05:00)");
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

py::tuple parts_of(const Rate& rate) {
  return py::make_tuple(rate.base.code(), rate.quote.code(), fraction_of(rate.value), rate.kind, rate.source,
                        as_of(rate), valid_until(rate));
}
Py_ssize_t hash_rate(const Rate& rate) { return static_cast<Py_ssize_t>(py::hash(parts_of(rate))); }
py::object equal_rate(const Rate& left, const py::object& right) {
  if (!py::isinstance<Rate>(right)) return not_implemented();
  return py::bool_(left == right.cast<const Rate&>());
}
// The constructor's own words: a partial carries the named ones.
py::tuple reduce_rate(const Rate& rate) {
  const py::object partial = py::module_::import("functools").attr("partial");
  const py::object make = partial(py::type::of<Rate>(), py::arg("kind") = rate.kind, py::arg("source") = rate.source,
                                  py::arg("as_of") = as_of(rate), py::arg("valid_until") = valid_until(rate));
  return py::make_tuple(make, py::make_tuple(rate.base.code(), rate.quote.code(), fraction_of(rate.value)));
}
py::str repr_rate(const Rate& rate) {
  const py::dict dict = rate_to_dict(rate);
  return py::str("Rate({!r}, {!r}, {!r}, kind={!r}, source={!r}, as_of={}, valid_until={})")
      .format(dict["base"], dict["quote"], dict["value"], dict["kind"], dict["source"], dict["as_of"],
              dict["valid_until"]);
}

template <class Value>
Value same(const Value& value) {
  return value;
}
template <class Value>
Value same_deep(const Value& value, const py::object& /*memo*/) {
  return value;
}

// ---- Conversion

// The core's two amounts, and the rate they came from where there was one.
struct Locked {
  Conversion amounts;
  std::optional<Rate> rate;
};

Money money_only(const py::object& value, const std::string& what) {
  if (!py::isinstance<Money>(value)) refuse_type(value, what + " is Money");
  return value.cast<Money>();
}

Locked make_conversion(const py::object& paid, const py::object& received, const py::object& rate) {
  Locked locked{.amounts = {.paid = money_only(paid, "paid"), .received = money_only(received, "received")},
                .rate = std::nullopt};
  locked.amounts.require_valid();
  if (rate.is_none()) return locked;
  if (!py::isinstance<Rate>(rate)) refuse_type(rate, "rate is a Rate");
  locked.rate = rate.cast<const Rate&>();
  const Currency from = locked.amounts.paid.currency();
  const Currency into = locked.amounts.received.currency();
  const bool forth = locked.rate->base == from && locked.rate->quote == into;
  const bool back = locked.rate->base == into && locked.rate->quote == from;
  if (!forth && !back) {
    throw Error(ErrorCode::currency_mismatch,
                "the rate is not between " + std::string(from.code()) + " and " + std::string(into.code()));
  }
  return locked;
}

Locked lock_rate(const Rate& rate, const py::object& money, const py::object& rounding, const py::object& at,
                 const py::object& outdated) {
  Locked locked{.amounts = {.paid = money_only(money, "what was paid"),
                            .received = convert_rounded(rate, money, rounding, at, outdated)},
                .rate = rate};
  locked.amounts.require_valid();
  return locked;
}

Money refund_of(const Locked& locked, const py::object& now, const py::object& before) {
  const Money done = before.is_none() ? Money::from_minor(0, locked.amounts.received.currency())
                                      : money_only(before, "what was refunded before");
  return refund(locked.amounts, done, money_only(now, "the refund"));
}

Money paid_of(const Locked& locked) { return locked.amounts.paid; }
Money received_of(const Locked& locked) { return locked.amounts.received; }
py::object rate_of(const Locked& locked) {
  if (!locked.rate) return py::none();
  return py::cast(*locked.rate);
}
py::tuple parts_of_conversion(const Locked& locked) {
  return py::make_tuple(paid_of(locked), received_of(locked), rate_of(locked));
}
Py_ssize_t hash_conversion(const Locked& locked) {
  return static_cast<Py_ssize_t>(py::hash(parts_of_conversion(locked)));
}
py::object equal_conversion(const Locked& left, const py::object& right) {
  if (!py::isinstance<Locked>(right)) return not_implemented();
  const auto& other = right.cast<const Locked&>();
  return py::bool_(left.amounts == other.amounts && left.rate == other.rate);
}
py::tuple reduce_conversion(const Locked& locked) {
  return py::make_tuple(py::type::of<Locked>(), parts_of_conversion(locked));
}
py::str repr_conversion(const Locked& locked) {
  return py::str("Conversion({!r}, {!r}, {!r})").format(paid_of(locked), received_of(locked), rate_of(locked));
}

py::dict conversion_to_dict(const Locked& locked) {
  py::dict dict;
  dict["paid"] = py::str(py::cast(locked.amounts.paid));
  dict["received"] = py::str(py::cast(locked.amounts.received));
  dict["rate"] = py::none();
  if (locked.rate) dict["rate"] = rate_to_dict(*locked.rate);
  return dict;
}

Money money_of_text(const py::dict& dict, const char* key) {
  if (!dict.contains(key)) throw Error(ErrorCode::rule_invalid, std::string("a conversion needs \"") + key + "\"");
  const py::object value = dict[key];
  if (!PyUnicode_Check(value.ptr())) refuse_type(value, std::string(key) + " is text such as \"PEN 1234.50\"");
  const std::string_view text = text_of(value, ErrorCode::amount_invalid);
  constexpr std::size_t kCode = 3;
  if (text.size() <= kCode || text[kCode] != ' ') {
    throw Error(ErrorCode::amount_invalid, std::string(key) + " is text such as \"PEN 1234.50\"");
  }
  return Money::parse(text.substr(kCode + 1), Currency::of(text.substr(0, kCode)));
}

Locked conversion_from_dict(const py::dict& dict) {
  const Money paid = money_of_text(dict, "paid");
  const Money received = money_of_text(dict, "received");
  if (dict.size() != 3 || !dict.contains("rate")) {
    throw Error(ErrorCode::rule_invalid, "a conversion has paid, received and rate, and nothing else");
  }
  const py::object rate = dict["rate"];
  if (!rate.is_none() && !py::isinstance<py::dict>(rate)) refuse_type(rate, "rate is a dict or None");
  return make_conversion(py::cast(paid), py::cast(received),
                         rate.is_none() ? rate : py::cast(rate_from_dict(rate.cast<py::dict>())));
}

// ---- docstrings

constexpr const char* kRateDoc = R"(An exchange rate as a record: one unit of `base` is worth `value` units of `quote`.

Args:
    base: A code or a Currency, for example "USD".
    quote: A code or a Currency, for example "COP".
    value: Text ("4145.73"), int, Decimal or Fraction, above zero. It is kept exactly; a float never passes.
    kind: Which rate it is: "TRM", "SBS buy", "SBS sell", "mid", "contract".
    source: Who published or agreed it.
    as_of: A zone-aware datetime: the rate holds from then. A bare date is refused, for it has no zone to begin in.
    valid_until: A zone-aware datetime: it holds until just before then. None: no end.

Raises:
    RuleInvalidError: rule_invalid, for a value of zero or less, one currency at a value other than 1, a currency
        without minor units, an empty kind or source, or an end that is not after the beginning.
    ArgumentInvalidError: argument_invalid, for a moment that is not a zone-aware datetime.
    FloatRefusedError: float_refused, for a float or another type.
    AmountInvalidError: amount_invalid, for a value that is not a number, NaN and infinities among them.
    CurrencyUnknownError: currency_unknown.)";

constexpr const char* kConvertDoc = R"(Convert an amount of either currency into the other, with one named rounding.

Args:
    money: Money or ExactMoney in one of the two currencies. From quote to base it is divided, exactly.
    rounding: One of the ten modes by name, for example "half_even".
    at: A zone-aware datetime: the moment of the exchange. There is no clock inside.
    outdated: "refuse", or "allow" to use the rate outside the time it holds for.

Raises:
    RateOutdatedError: rate_outdated.
    CurrencyMismatchError: currency_mismatch, for an amount of a third currency.
    AmountOverflowError: amount_overflow, past 64 bits of minor units.
    ArgumentInvalidError: argument_invalid, for an unknown mode, a naive datetime or another word in `outdated`.
    FloatRefusedError: float_refused, for anything but Money and ExactMoney.)";

constexpr const char* kConvertExactDoc =
    R"(Convert an amount of either currency into the other, with no rounding at all.

Args:
    money: Money or ExactMoney in one of the two currencies.
    at: A zone-aware datetime: the moment of the exchange.
    outdated: "refuse", or "allow" to use the rate outside the time it holds for.

Raises:
    RateOutdatedError: rate_outdated.
    CurrencyMismatchError: currency_mismatch, for an amount of a third currency.
    AmountOverflowError: amount_overflow, past the bits of an exact amount.
    ArgumentInvalidError: argument_invalid, for a naive datetime or another word in `outdated`.
    FloatRefusedError: float_refused, for anything but Money and ExactMoney.)";

constexpr const char* kLockDoc = R"(Convert what was paid and keep both amounts with this rate, so that refunds add up.

Args:
    money: Money above zero: what was paid.
    rounding: One of the ten modes by name.
    at: A zone-aware datetime: the moment of the exchange.
    outdated: "refuse", or "allow" to use the rate outside the time it holds for.

Raises:
    ArgumentInvalidError: argument_invalid, where an amount is not above zero, and as convert().
    RateOutdatedError: rate_outdated.
    CurrencyMismatchError: currency_mismatch.
    AmountOverflowError: amount_overflow.
    FloatRefusedError: float_refused, for anything but Money.)";

constexpr const char* kMidDoc = R"(Give the rate halfway between two of one pair, exactly; it holds while both do.

Args:
    buy: A Rate.
    sell: A Rate of the same pair.

Raises:
    CurrencyMismatchError: currency_mismatch, between two pairs.
    RuleInvalidError: rule_invalid, where the two never hold at the same time.)";

constexpr const char* kRateFromDictDoc = R"(Read what to_dict() wrote.

Args:
    values: A dict of exactly base, quote, value, kind, source, as_of and valid_until; texts, valid_until maybe None.

Raises:
    RuleInvalidError: rule_invalid, for keys too few or too many, a moment that is not ISO 8601, and as Rate().
    FloatRefusedError: float_refused, for a value that came as a JSON number with decimals.
    ArgumentInvalidError: argument_invalid, for a moment without a zone.
    AmountInvalidError: amount_invalid.
    CurrencyUnknownError: currency_unknown.)";

constexpr const char* kConversionDoc = R"(An exchange that took place: `paid` was taken for `received`.

Args:
    paid: Money above zero.
    received: Money above zero.
    rate: The Rate it was done at, or None.

Raises:
    ArgumentInvalidError: argument_invalid, for an amount that is not above zero.
    CurrencyMismatchError: currency_mismatch, for a rate of another pair.
    FloatRefusedError: float_refused, for anything but Money.)";

constexpr const char* kRefundDoc = R"(Give what goes back of `paid` when `now` of `received` is refunded.

Rounded down each time, the rest with the last one: refunding all, in any parts, gives back exactly what was paid.

Args:
    now: Money in the currency of `received`: what is refunded now.
    before: Money in the currency of `received`: what was refunded before; None for nothing.

Raises:
    ArgumentInvalidError: argument_invalid, for less than nothing or more than is left.
    CurrencyMismatchError: currency_mismatch.
    FloatRefusedError: float_refused, for anything but Money.)";

constexpr const char* kConversionFromDictDoc = R"(Read what to_dict() wrote.

Args:
    values: A dict of exactly paid, received ("PEN 1234.50") and rate (a dict or None).

Raises:
    RuleInvalidError: rule_invalid, for keys too few or too many, and as Rate.from_dict().
    AmountInvalidError: amount_invalid, and the other codes of an amount.
    ArgumentInvalidError: argument_invalid, for an amount that is not above zero.
    CurrencyMismatchError: currency_mismatch, for a rate of another pair.
    FloatRefusedError: float_refused, for values of other types.)";

// ---- classes

void bind_rate_class(py::module_& module) {
  py::class_<Rate>(module, "Rate", kRateDoc, py::is_final())
      .def(py::init(&make_rate), py::arg("base"), py::arg("quote"), py::arg("value"), py::kw_only(), py::arg("kind"),
           py::arg("source"), py::arg("as_of"), py::arg("valid_until") = py::none())
      .def_static("mid", &mid, py::arg("buy"), py::arg("sell"), kMidDoc)
      .def_static("from_dict", &rate_from_dict, py::arg("values"), kRateFromDictDoc)
      .def("to_dict", &rate_to_dict, "Give the record as a dict of texts, for JSON. Raises nothing.")
      .def_property_readonly(
          "base", [](const Rate& rate) { return rate.base; }, "The currency of which one unit counts.")
      .def_property_readonly(
          "quote", [](const Rate& rate) { return rate.quote; }, "The currency the value is in.")
      .def_property_readonly("value", &value_of, "Units of quote for one unit of base, as fractions.Fraction.")
      .def_property_readonly(
          "kind", [](const Rate& rate) { return rate.kind; }, "Which rate it is, for example \"TRM\".")
      .def_property_readonly(
          "source", [](const Rate& rate) { return rate.source; }, "Who published or agreed it.")
      .def_property_readonly("as_of", &as_of, "The moment from which it holds, in UTC.")
      .def_property_readonly("valid_until", &valid_until, "The moment at which it ends, in UTC; None for no end.")
      .def("convert", &convert_rounded, py::arg("money"), py::arg("rounding"), py::kw_only(), py::arg("at"),
           py::arg("outdated") = "refuse", kConvertDoc)
      .def("convert_exact", &convert_exact, py::arg("money"), py::kw_only(), py::arg("at"),
           py::arg("outdated") = "refuse", kConvertExactDoc)
      .def("lock", &lock_rate, py::arg("money"), py::arg("rounding"), py::kw_only(), py::arg("at"),
           py::arg("outdated") = "refuse", kLockDoc)
      .def("__eq__", &equal_rate, py::arg("other"))
      .def("__hash__", &hash_rate)
      .def("__repr__", &repr_rate)
      .def("__copy__", &same<Rate>)
      .def("__deepcopy__", &same_deep<Rate>, py::arg("memo"))
      .def("__reduce__", &reduce_rate)
      .attr("__module__") = "cuadre.money";
}

void bind_conversion_class(py::module_& module) {
  py::class_<Locked>(module, "Conversion", kConversionDoc, py::is_final())
      .def(py::init(&make_conversion), py::arg("paid"), py::arg("received"), py::arg("rate") = py::none())
      .def_static("from_dict", &conversion_from_dict, py::arg("values"), kConversionFromDictDoc)
      .def("to_dict", &conversion_to_dict, "Give the record as a dict of texts, for JSON. Raises nothing.")
      .def_property_readonly("paid", &paid_of, "What was paid.")
      .def_property_readonly("received", &received_of, "What it was exchanged into.")
      .def_property_readonly("rate", &rate_of, "The rate it was done at, or None.")
      .def("refund", &refund_of, py::arg("now"), py::arg("before") = py::none(), kRefundDoc)
      .def("__eq__", &equal_conversion, py::arg("other"))
      .def("__hash__", &hash_conversion)
      .def("__repr__", &repr_conversion)
      .def("__copy__", &same<Locked>)
      .def("__deepcopy__", &same_deep<Locked>, py::arg("memo"))
      .def("__reduce__", &reduce_conversion)
      .attr("__module__") = "cuadre.money";
}

}  // namespace

void bind_money_rate(py::module_& module) {
  bind_conversion_class(module);
  bind_rate_class(module);
}

}  // namespace cuadre::bindings
