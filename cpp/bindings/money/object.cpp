// The Python type Money: construction, operators and what must be fast. Slower methods are attached by the other files
// of this room, until it is sealed.
#include "money/object.hpp"

#include <array>
#include <functional>
#include <limits>
#include <new>
#include <string>
#include <type_traits>
#include <vector>

#include "border/errors.hpp"
#include "border/fast_call.hpp"
#include "money/doc.hpp"
#include "money/values.hpp"

namespace py = pybind11;

namespace cuadre::bindings {
namespace {

// Holds nothing that could lead back to it, so the garbage collector need not know it.
struct MoneyObject {
  PyObject_HEAD Money money;
};
static_assert(std::is_trivially_destructible_v<Money>);

PyTypeObject* g_type = nullptr;

RoundingMode mode_of(PyObject* rounding) {
  return rounding == nullptr ? cuadre::rounding_mode_of("") : rounding_mode_of(py::handle(rounding));
}

py::object borrowed(PyObject* value) { return py::reinterpret_borrow<py::object>(value); }

// ---- life

constexpr Signature kNew{"Money", {"amount", "currency"}, 2, 2};

PyObject* make(const Arguments& taken) { return money_out(money_of(taken[0], currency_of(borrowed(taken[1])))); }

PyObject* money_vectorcall(PyObject* /*type*/, PyObject* const* values, std::size_t given, PyObject* names) {
  return guarded([&] { return make(take(kNew, values, PyVectorcall_NARGS(given), names)); });
}

// Reached by Money.__new__ only; calling the type goes the way above.
PyObject* money_new(PyTypeObject* /*type*/, PyObject* values, PyObject* named) {
  return guarded([&] {
    std::vector<PyObject*> all;
    for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(values); ++i) all.push_back(PyTuple_GET_ITEM(values, i));
    py::object names;
    if (named != nullptr && PyDict_GET_SIZE(named) > 0) {
      names = py::reinterpret_steal<py::object>(PySequence_Tuple(named));
      for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(names.ptr()); ++i) {
        all.push_back(PyDict_GetItem(named, PyTuple_GET_ITEM(names.ptr(), i)));
      }
    }
    return make(take(kNew, all.data(), PyTuple_GET_SIZE(values), names.ptr()));
  });
}

void money_dealloc(PyObject* self) {
  PyTypeObject* const type = Py_TYPE(self);
  PyObject_Free(self);
  Py_DECREF(type);  // instances of a heap type own a reference to it
}

// ---- addition

PyObject* refuse_float(PyObject* left, PyObject* right, const char* wanted) {
  for (PyObject* const side : {left, right}) {
    if (PyFloat_Check(side)) refuse_type(side, wanted);
  }
  return Py_NewRef(Py_NotImplemented);
}

PyObject* money_add(PyObject* left, PyObject* right) {
  return guarded([&]() -> PyObject* {
    if (is_money(left) && is_money(right)) return money_out(money_in(left) + money_in(right));
    // sum() starts from the int 0, and only that is let in.
    if (PyLong_CheckExact(left) && PyObject_IsTrue(left) == 0) {
      Py_INCREF(right);
      return right;
    }
    return refuse_float(left, right, "only Money adds to Money");
  });
}

PyObject* money_subtract(PyObject* left, PyObject* right) {
  return guarded([&] {
    if (is_money(left) && is_money(right)) return money_out(money_in(left) - money_in(right));
    return refuse_float(left, right, "only Money is subtracted from Money");
  });
}

// ---- multiplication and division: NotImplemented lets Python raise its own TypeError; a float gets ours

[[noreturn]] void inexact(Money money, const char* operation) {
  throw Error(ErrorCode::amount_inexact,
              std::string("the ") + operation + " of " + std::string(money.currency().code()) + " " +
                  money.amount_text() + " has parts of a minor unit; use " +
                  (operation[0] == 'p' ? "multiply(factor, rounding=...)" : "divide(divisor, rounding=...)") +
                  " or exact()");
}

PyObject* exact_product(Money money, const Ratio& factor, const char* operation) {
  const ExactMoney product = ExactMoney(money) * factor;
  if (!product.minor().is_whole()) inexact(money, operation);
  return money_out(product.whole());
}

PyObject* product(Money money, PyObject* factor) {
  if (PyLong_CheckExact(factor)) {
    if (money.amount_minor() == 0) return money_out(money);
    return money_out(money * int64_of(factor, "the factor"));
  }
  Ratio ratio;
  if (exact_number(factor, ratio)) return exact_product(money, ratio, "product");
  if (PyNumber_Check(factor) == 0) return Py_NewRef(Py_NotImplemented);
  refuse_type(factor, "Money is multiplied by an int, a Decimal or a Fraction");
}

PyObject* money_multiply(PyObject* left, PyObject* right) {
  return guarded([&] {
    if (is_money(left)) return is_money(right) ? Py_NewRef(Py_NotImplemented) : product(money_in(left), right);
    return product(money_in(right), left);
  });
}

[[noreturn]] void divided_by_zero() {
  throw Error(ErrorCode::argument_invalid, "division by zero; test the divisor first");
}

void require_same(Money left, Money right) { (void)(left <=> right); }

PyObject* money_divide(PyObject* left, PyObject* right) {
  return guarded([&]() -> PyObject* {
    if (!is_money(left)) return refuse_float(left, right, "nothing but Money is divided by Money");
    const Money money = money_in(left);
    if (is_money(right)) {
      const Money divisor = money_in(right);
      require_same(money, divisor);
      if (divisor.amount_minor() == 0) divided_by_zero();
      return fraction_of(Ratio(money.amount_minor(), divisor.amount_minor())).release().ptr();
    }
    Ratio ratio;
    if (exact_number(right, ratio)) return exact_product(money, Ratio(1) / ratio, "quotient");
    if (PyNumber_Check(right) == 0) return Py_NewRef(Py_NotImplemented);
    refuse_type(right, "Money is divided by Money, an int, a Decimal or a Fraction");
  });
}

// Toward negative infinity, as Python does: (m // n) * n + m % n == m.
struct FloorDivision {
  Int128 quotient;
  std::int64_t rest;
};

FloorDivision floor_divide(std::int64_t left, std::int64_t right) {
  if (right == 0) divided_by_zero();
  const Int128 quotient = divide_rounded(right < 0 ? -Int128{left} : Int128{left}, right < 0 ? -Int128{right} : right,
                                         RoundingMode::toward_neg_inf);
  return {quotient, static_cast<std::int64_t>(left - quotient * right)};
}

// What // and % share: by Money the quotient is a number, by an int it is Money. False for other operands.
bool divide_whole(PyObject* left, PyObject* right, py::object& quotient, py::object& rest) {
  if (!is_money(left)) return false;
  const Money money = money_in(left);
  if (is_money(right)) {
    require_same(money, money_in(right));
    const FloorDivision result = floor_divide(money.amount_minor(), money_in(right).amount_minor());
    quotient = py::reinterpret_steal<py::object>(
        result.quotient < 0 ? PyLong_FromLongLong(static_cast<long long>(result.quotient))
                            : PyLong_FromUnsignedLongLong(static_cast<unsigned long long>(result.quotient)));
    rest = py::cast(Money::from_minor(result.rest, money.currency()));
    return true;
  }
  const py::object number = whole_number(right);
  if (!number) {
    if (PyNumber_Check(right) == 0) return false;
    refuse_type(right, "whole parts of Money are by Money or by an int");
  }
  const FloorDivision result = floor_divide(money.amount_minor(), int64_of(number, "the divisor"));
  if (result.quotient > std::numeric_limits<std::int64_t>::max()) {
    throw Error(ErrorCode::amount_overflow, "the quotient does not fit 64 bits of minor units");
  }
  quotient = py::cast(Money::from_minor(static_cast<std::int64_t>(result.quotient), money.currency()));
  rest = py::cast(Money::from_minor(result.rest, money.currency()));
  return true;
}

template <class Pick>
PyObject* whole_division(PyObject* left, PyObject* right, Pick pick) noexcept {
  return guarded([&] {
    py::object quotient;
    py::object rest;
    if (!divide_whole(left, right, quotient, rest)) {
      return refuse_float(left, right, "nothing but Money is divided by Money");
    }
    return pick(quotient, rest).release().ptr();
  });
}

PyObject* money_floor_divide(PyObject* left, PyObject* right) {
  return whole_division(left, right, [](py::object& quotient, py::object& /*rest*/) { return quotient; });
}
PyObject* money_remainder(PyObject* left, PyObject* right) {
  return whole_division(left, right, [](py::object& /*quotient*/, py::object& rest) { return rest; });
}
PyObject* money_divmod(PyObject* left, PyObject* right) {
  return whole_division(
      left, right, [](py::object& quotient, py::object& rest) -> py::object { return py::make_tuple(quotient, rest); });
}

// ---- one operand, order, text

PyObject* money_negative(PyObject* self) {
  return guarded([&] { return money_out(-money_in(self)); });
}
PyObject* money_same(PyObject* self) noexcept {
  Py_INCREF(self);
  return self;
}
PyObject* money_absolute(PyObject* self) {
  return guarded([&] { return money_out(money_in(self).abs()); });
}
int money_bool(PyObject* self) noexcept { return money_in(self).amount_minor() != 0 ? 1 : 0; }
Py_hash_t money_hash(PyObject* self) noexcept { return hash_of(money_in(self)); }

PyObject* money_compare(PyObject* left, PyObject* right, int operation) {
  if (!is_money(right)) return Py_NewRef(Py_NotImplemented);
  return guarded([&]() -> PyObject* {
    const Money a = money_in(left);
    const Money b = money_in(right);
    if (operation == Py_EQ) return PyBool_FromLong(a == b ? 1 : 0);
    if (operation == Py_NE) return PyBool_FromLong(a == b ? 0 : 1);
    require_same(a, b);
    Py_RETURN_RICHCOMPARE(a.amount_minor(), b.amount_minor(), operation);
  });
}

PyObject* text_out(const std::string& text) {
  return PyUnicode_FromStringAndSize(text.data(), static_cast<Py_ssize_t>(text.size()));
}
PyObject* money_str(PyObject* self) {
  return guarded([&] {
    const Money money = money_in(self);
    return text_out(std::string(money.currency().code()) + " " + money.amount_text());
  });
}
PyObject* money_repr(PyObject* self) {
  return guarded([&] {
    const Money money = money_in(self);
    return text_out("Money('" + money.amount_text() + "', '" + std::string(money.currency().code()) + "')");
  });
}

// ---- attributes and methods

PyObject* get_amount(PyObject* self, void* /*closure*/) {
  return guarded([&] { return decimal_of(money_in(self).amount_text()).release().ptr(); });
}
PyObject* get_amount_minor(PyObject* self, void* /*closure*/) {
  return PyLong_FromLongLong(money_in(self).amount_minor());
}
PyObject* get_currency(PyObject* self, void* /*closure*/) {
  return guarded([&] { return currency_out(money_in(self).currency()).release().ptr(); });
}

PyObject* call_multiply(PyObject* self, PyObject* const* values, Py_ssize_t given, PyObject* names) {
  return guarded([&] {
    constexpr Signature kSignature{"multiply", {"factor", "rounding"}, 2, 1};
    const Arguments taken = take(kSignature, values, given, names);
    const RoundingMode mode = mode_of(taken[1]);
    return money_out(multiply(money_in(self), ratio_of(taken[0], "the factor"), mode));
  });
}
PyObject* call_divide(PyObject* self, PyObject* const* values, Py_ssize_t given, PyObject* names) {
  return guarded([&] {
    constexpr Signature kSignature{"divide", {"divisor", "rounding"}, 2, 1};
    const Arguments taken = take(kSignature, values, given, names);
    const RoundingMode mode = mode_of(taken[1]);
    return money_out(divide(money_in(self), ratio_of(taken[0], "the divisor"), mode));
  });
}
PyObject* call_round(PyObject* self, PyObject* const* values, Py_ssize_t given, PyObject* names) {
  return guarded([&] {
    constexpr Signature kSignature{"round", {"rounding", "step"}, 2, 0};
    const Arguments taken = take(kSignature, values, given, names);
    const RoundingMode mode = mode_of(taken[0]);
    if (taken[1] == nullptr) throw py::type_error("round() misses the argument 'step'");
    const Money money = money_in(self);
    const std::int64_t step_minor = minor_of(borrowed(taken[1]), money.currency());
    return money_out(Money::from_minor(round_to_step(money.amount_minor(), step_minor, mode), money.currency()));
  });
}
PyObject* call_from_minor(PyObject* /*type*/, PyObject* const* values, Py_ssize_t given, PyObject* names) {
  return guarded([&] {
    constexpr Signature kSignature{"from_minor", {"amount_minor", "currency"}, 2, 2};
    const Arguments taken = take(kSignature, values, given, names);
    const std::int64_t minor = int64_of(taken[0], "amount_minor");
    return money_out(Money::from_minor(minor, currency_of(borrowed(taken[1]))));
  });
}
PyObject* call_format(PyObject* self, PyObject* spec) {
  const auto text = py::reinterpret_steal<py::object>(money_str(self));
  return text ? PyObject_Format(text.ptr(), spec) : nullptr;
}
// Pickles are the constructor's own words, so they outlive any change of representation.
PyObject* call_reduce(PyObject* self, PyObject* /*none*/) {
  return guarded([&] {
    const Money money = money_in(self);
    return py::make_tuple(money_type(), py::make_tuple(money.amount_text(), money.currency().code())).release().ptr();
  });
}
PyObject* call_copy(PyObject* self, PyObject* /*none or memo*/) { return money_same(self); }

template <class Function>
PyCFunction erased(Function function) noexcept {  // the flags say what it really is
  return reinterpret_cast<PyCFunction>(reinterpret_cast<void (*)()>(function));
}

PyMethodDef g_methods[] = {
    {"from_minor", erased(&call_from_minor), METH_FASTCALL | METH_KEYWORDS | METH_STATIC, kFromMinorDoc},
    {"multiply", erased(&call_multiply), METH_FASTCALL | METH_KEYWORDS, kMultiplyDoc},
    {"divide", erased(&call_divide), METH_FASTCALL | METH_KEYWORDS, kDivideDoc},
    {"round", erased(&call_round), METH_FASTCALL | METH_KEYWORDS, kRoundDoc},
    {"__format__", &call_format, METH_O, "__format__($self, format_spec, /)\n--\n\nstr(self) under a format of text."},
    {"__reduce__", &call_reduce, METH_NOARGS, "__reduce__($self, /)\n--\n\nPickled by text and code."},
    {"__copy__", &call_copy, METH_NOARGS, "__copy__($self, /)\n--\n\nThe same object; it never changes."},
    {"__deepcopy__", &call_copy, METH_O, "__deepcopy__($self, memo, /)\n--\n\nThe same object; it never changes."},
    {nullptr, nullptr, 0, nullptr}};

PyGetSetDef g_attributes[] = {
    {"amount", &get_amount, nullptr, "The amount in major units as decimal.Decimal, with all decimals of the currency.",
     nullptr},
    {"amount_minor", &get_amount_minor, nullptr, "The amount in minor units as int.", nullptr},
    {"currency", &get_currency, nullptr, "The currency.", nullptr},
    {nullptr, nullptr, nullptr, nullptr, nullptr}};

template <class Function>
void* slot(Function function) noexcept {
  return reinterpret_cast<void*>(function);
}

}  // namespace

bool is_money(PyObject* value) noexcept { return Py_TYPE(value) == g_type; }  // final: there are no subclasses
Money money_in(PyObject* value) noexcept { return reinterpret_cast<MoneyObject*>(value)->money; }
PyObject* money_out(Money money) noexcept {
  MoneyObject* const made = PyObject_New(MoneyObject, g_type);
  if (made != nullptr) new (&made->money) Money(money);
  return reinterpret_cast<PyObject*>(made);
}

py::handle money_type() noexcept { return reinterpret_cast<PyObject*>(g_type); }

py::object currency_out(Currency currency) {
  static std::vector<PyObject*> known(Currency::count(), nullptr);  // kept for good; the interpreter's lock guards it
  PyObject*& object = known[currency.id()];
  if (object == nullptr) object = py::cast(currency).release().ptr();
  return borrowed(object);
}

Py_hash_t hash_of(Money money) noexcept {
  const std::size_t seed = std::hash<std::int64_t>{}(money.amount_minor()) * 1000003U;
  return static_cast<Py_hash_t>((seed ^ money.currency().number()) >> 1);  // never -1, which would mean a failure
}

void make_money_type(py::module_& module) {
  PyType_Slot slots[] = {{Py_tp_doc, const_cast<char*>(kMoneyDoc)},
                         {Py_tp_new, slot(&money_new)},
                         {Py_tp_dealloc, slot(&money_dealloc)},
                         {Py_tp_hash, slot(&money_hash)},
                         {Py_tp_richcompare, slot(&money_compare)},
                         {Py_tp_str, slot(&money_str)},
                         {Py_tp_repr, slot(&money_repr)},
                         {Py_tp_methods, g_methods},
                         {Py_tp_getset, g_attributes},
                         {Py_nb_add, slot(&money_add)},
                         {Py_nb_subtract, slot(&money_subtract)},
                         {Py_nb_multiply, slot(&money_multiply)},
                         {Py_nb_true_divide, slot(&money_divide)},
                         {Py_nb_floor_divide, slot(&money_floor_divide)},
                         {Py_nb_remainder, slot(&money_remainder)},
                         {Py_nb_divmod, slot(&money_divmod)},
                         {Py_nb_negative, slot(&money_negative)},
                         {Py_nb_positive, slot(&money_same)},
                         {Py_nb_absolute, slot(&money_absolute)},
                         {Py_nb_bool, slot(&money_bool)},
                         {0, nullptr}};
  PyType_Spec spec{"cuadre.money.Money", sizeof(MoneyObject), 0, Py_TPFLAGS_DEFAULT, slots};
  PyObject* const type = PyType_FromSpec(&spec);
  if (type == nullptr) throw py::error_already_set();
  g_type = reinterpret_cast<PyTypeObject*>(type);
  g_type->tp_vectorcall = &money_vectorcall;
  module.attr("Money") = money_type();
  money_type().attr("__match_args__") = py::make_tuple("amount", "currency");
}

void seal_money_type() {
  g_type->tp_flags |= Py_TPFLAGS_IMMUTABLETYPE;
  PyType_Modified(g_type);
}

}  // namespace cuadre::bindings
