// MoneyColumn and Mask for Python.
#include "cuadre/money/column.hpp"

#include <pybind11/pybind11.h>
#include <pybind11/stl.h>

#include <algorithm>
#include <cstring>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "border/arrow_capsule.hpp"
#include "money/column_fee.hpp"
#include "money/column_input.hpp"
#include "money/values.hpp"

namespace py = pybind11;

namespace cuadre::bindings {
namespace {

constexpr std::size_t kShown = 3;  // amounts in a repr

template <class Work>
auto released(Work&& work) {
  const py::gil_scoped_release gil;
  return work();
}

py::object money_or_none(const std::optional<Money>& money) {
  if (!money) return py::none();
  return py::cast(*money);
}

// ---- operators

template <class WithColumn, class WithMoney>
py::object with_other(const py::object& other, const char* what, WithColumn&& column, WithMoney&& single) {
  if (py::isinstance<MoneyColumn>(other)) {
    const auto& right = other.cast<const MoneyColumn&>();
    return py::cast(released([&] { return column(right); }));
  }
  if (py::isinstance<Money>(other)) {
    const Money right = other.cast<Money>();
    return py::cast(released([&] { return single(right); }));
  }
  refuse_type(other, what);
}

py::object add(const MoneyColumn& left, const py::object& other) {
  return with_other(
      other, "Money or a MoneyColumn adds to a MoneyColumn", [&](const MoneyColumn& right) { return left.add(right); },
      [&](Money right) { return left.add(right); });
}
py::object subtract(const MoneyColumn& left, const py::object& other) {
  return with_other(
      other, "Money or a MoneyColumn is subtracted from a MoneyColumn",
      [&](const MoneyColumn& right) { return left.subtract(right); },
      [&](Money right) { return left.subtract(right); });
}
py::object subtract_reflected(const MoneyColumn& right, const py::object& left) {
  if (!py::isinstance<Money>(left)) return not_implemented();
  const Money money = left.cast<Money>();
  return py::cast(released([&] { return right.subtract_from(money); }));
}
py::object times(const MoneyColumn& column, const py::object& factor) {
  const py::object number = whole_number(factor);
  if (!number) {
    refuse_type(factor, "a MoneyColumn is multiplied by an int (anything else: column.multiply(factor, rounding))");
  }
  const std::int64_t whole = int64_of(number, "the factor");
  return py::cast(released([&] { return column.multiply(whole); }));
}

template <Comparison kComparison>
py::object compare(const MoneyColumn& left, const py::object& other) {
  return with_other(
      other, "a MoneyColumn is compared with Money or a MoneyColumn (nulls: column.valid())",
      [&](const MoneyColumn& right) { return left.compare(kComparison, right); },
      [&](Money right) { return left.compare(kComparison, right); });
}

MoneyColumn multiply(const MoneyColumn& column, const py::object& factor, const py::object& rounding) {
  const Ratio ratio = ratio_of(factor, "the factor");
  const RoundingMode mode = rounding_mode_of(rounding);
  return released([&] { return column.multiply(ratio, mode); });
}

// A step as Money, or as what Money(...) takes; the currency is the column's.
std::int64_t step_of(const MoneyColumn& column, const py::object& step) {
  if (step.is_none()) return 1;
  if (!column.currency()) {
    throw Error(ErrorCode::currency_mismatch, "a step is an amount of one currency; filter by currency first");
  }
  return minor_of(step, column.currency());
}

MoneyColumn round_column(const MoneyColumn& column, const py::object& rounding, const py::object& step) {
  const RoundingMode mode = rounding_mode_of(rounding);
  const std::int64_t step_minor = step_of(column, step);
  return released([&] { return column.round_to_step(step_minor, mode); });
}

std::vector<MoneyColumn> allocate(const MoneyColumn& column, const py::iterable& weights, const py::object& step) {
  std::vector<Ratio> ratios;
  for (const py::handle weight : weights) ratios.push_back(ratio_of(weight, "a weight"));
  const std::int64_t step_minor = step_of(column, step);
  return released([&] { return column.allocate(ratios, step_minor); });
}

// ---- sums

MoneySum sum(const MoneyColumn& column) {
  return released([&] { return column.sum(); });
}

py::object label_of(const RowGroups::Label& label) {
  if (label.missing) return py::none();
  if (!label.whole)
    return py::reinterpret_steal<py::object>(
        PyUnicode_DecodeUTF8(label.text.data(), static_cast<Py_ssize_t>(label.text.size()), "replace"));
  return py::reinterpret_steal<py::object>(PyLong_FromString(label.text.c_str(), nullptr, 10));
}

py::dict sum_by(const MoneyColumn& column, const py::object& groups) {
  std::vector<std::uint32_t> rows;
  std::vector<py::object> labels;
  if (speaks_arrow(groups)) {
    ArrowArrayStream stream = arrow_stream_of(groups);
    RowGroups found = released([&] { return row_groups(&stream); });
    rows = std::move(found.rows);
    for (const RowGroups::Label& label : found.labels) labels.push_back(label_of(label));
  } else {
    py::dict known;
    for (const py::handle item : groups) {
      const bool text = PyUnicode_Check(item.ptr()) || item.is_none();
      const py::object whole = text ? py::object() : whole_number(item);
      if (!text && !whole) refuse_type(item, "a group is text, an int or None");
      const py::object label = whole ? whole : py::reinterpret_borrow<py::object>(item);
      if (!known.contains(label)) {
        known[label] = labels.size();
        labels.push_back(label);
      }
      rows.push_back(known[label].cast<std::uint32_t>());
    }
  }
  const std::vector<MoneySum> sums = released([&] { return column.sum_by(rows, labels.size()); });
  py::dict out;
  for (std::size_t i = 0; i < sums.size(); ++i) out[labels[i]] = sums[i];
  return out;
}

// ---- rows

py::object get_item(const MoneyColumn& column, const py::object& index) {
  if (PySlice_Check(index.ptr())) {
    Py_ssize_t start = 0;
    Py_ssize_t stop = 0;
    Py_ssize_t step = 0;
    if (PySlice_Unpack(index.ptr(), &start, &stop, &step) != 0) throw py::error_already_set();
    const Py_ssize_t count = PySlice_AdjustIndices(static_cast<Py_ssize_t>(column.size()), &start, &stop, step);
    if (step != 1) throw Error(ErrorCode::argument_invalid, "a slice of a column has no step; filter it instead");
    return py::cast(column.slice(static_cast<std::size_t>(start), static_cast<std::size_t>(count)));
  }
  const py::object number = whole_number(index);
  if (!number) refuse_type(index, "a row is an int or a slice");
  return money_or_none(column.at(row_of(int64_of(number, "the row"), column.size())));
}

py::list to_list(const MoneyColumn& column) {
  py::list out(column.size());
  for (std::size_t row = 0; row < column.size(); ++row) out[row] = money_or_none(column.at(row));
  return out;
}

py::object currency_or_none(const MoneyColumn& column) {
  if (!column.currency()) return py::none();
  return py::cast(column.currency());
}

std::string repr(const MoneyColumn& column) {
  std::string out = "MoneyColumn(" + std::to_string(column.size()) + (column.size() == 1 ? " row" : " rows");
  if (column.currency()) out += " of " + std::string(column.currency().code());
  if (const std::size_t nulls = column.null_count(); nulls != 0) out += ", " + std::to_string(nulls) + " null";
  if (column.size() != 0) out += ": ";
  for (std::size_t row = 0; row < std::min(kShown, column.size()); ++row) {
    if (row != 0) out += ", ";
    const std::optional<Money> money = column.at(row);
    if (!money) {
      out += "null";
      continue;
    }
    if (!column.currency()) out += std::string(money->currency().code()) + " ";
    out += money->amount_text();
  }
  return out + (column.size() > kShown ? ", …)" : ")");
}

MoneyColumn filter(const MoneyColumn& column, const py::object& mask) {
  const Mask rows = mask_of(mask);
  return released([&] { return column.filter(rows); });
}

// ---- pickles: bytes and codes, so that they outlive any change of representation

template <class T>
py::bytes bytes_of(const T* from, std::size_t count) {
  return {reinterpret_cast<const char*>(from), count * sizeof(T)};
}

py::tuple get_state(const MoneyColumn& column) {
  const std::size_t size = column.size();
  py::object validity = py::none();
  if (column.null_count() != 0) validity = bytes_of(column.valid().values.data(), (size + 7) / 8);
  py::object codes = py::none();
  py::object indices = py::none();
  if (column.currency()) {
    codes = py::str(std::string(column.currency().code()));
  } else {
    py::list names;
    for (std::uint16_t id = 0; id < Currency::count(); ++id)
      names.append(id == 0 ? std::string() : std::string(Currency::from_id(id).code()));
    codes = std::move(names);
    indices = bytes_of(column.memory().currencies.get(), size);
  }
  return py::make_tuple(bytes_of(column.memory().values.get(), size), validity, codes, indices);
}

template <class T>
std::shared_ptr<const T> copied(const std::string& bytes, std::size_t count) {
  if (bytes.size() != count * sizeof(T)) throw Error(ErrorCode::argument_invalid, "a damaged pickle of a MoneyColumn");
  std::vector<T> items(count);
  if (count != 0) std::memcpy(items.data(), bytes.data(), bytes.size());
  return shared_items(std::move(items));
}

MoneyColumn set_state(const py::bytes& values, const std::optional<py::bytes>& valid, const py::object& codes,
                      const std::optional<py::bytes>& places) {
  const std::string amounts = values;
  const auto validity = valid ? std::optional<std::string>(*valid) : std::nullopt;
  const auto indices = places ? std::optional<std::string>(*places) : std::nullopt;
  ColumnMemory memory;
  memory.size = amounts.size() / sizeof(std::int64_t);
  memory.values = copied<std::int64_t>(amounts, memory.size);
  if (validity) memory.validity = copied<std::uint8_t>(*validity, (memory.size + 7) / 8);
  if (!indices) return MoneyColumn(std::move(memory), currency_of(codes));
  std::vector<std::uint16_t> ids;
  for (const py::handle code : codes) {
    const auto text = code.cast<std::string>();
    ids.push_back(text.empty() ? std::uint16_t{0} : Currency::of(text).id());
  }
  const auto stored = copied<std::uint16_t>(*indices, memory.size);
  std::vector<std::uint16_t> held(memory.size);
  for (std::size_t row = 0; row < memory.size; ++row) {
    if (stored.get()[row] >= ids.size()) throw Error(ErrorCode::argument_invalid, "a damaged pickle of a MoneyColumn");
    held[row] = ids[stored.get()[row]];
  }
  memory.currencies = shared_items(std::move(held));
  return MoneyColumn(std::move(memory), {});
}

// ---- Arrow out

// What column.minor and column.amount are: the same rows, with the currency left to the caller.
struct MinorArray {
  MoneyColumn column;
};
struct DecimalArray {
  MoneyColumn column;
};

void require_no_nulls(const MoneyColumn& column) {
  if (const std::size_t nulls = column.null_count(); nulls != 0) {
    throw Error(ErrorCode::argument_invalid, std::to_string(nulls) +
                                                 " nulls have no int64; filter(column.valid()) first, or take the "
                                                 "column through Arrow");
  }
}

py::buffer_info minor_buffer(MinorArray& array) {
  require_no_nulls(array.column);
  // Read-only, so the constness comes off for the protocol's sake alone.
  auto* values = const_cast<std::int64_t*>(array.column.memory().values.get());
  return {values, sizeof(std::int64_t), "l", 1, {static_cast<py::ssize_t>(array.column.size())}, {8}, true};
}

// NumPy passes over a buffer that refuses, and would make an array of one object.
py::object minor_numpy(const py::object& self, const py::object& dtype, const py::object& copy) {
  require_no_nulls(self.cast<const MinorArray&>().column);
  const py::object view = py::reinterpret_steal<py::object>(PyMemoryView_FromObject(self.ptr()));
  if (!view) throw py::error_already_set();
  return py::module_::import("numpy").attr("array")(view, py::arg("dtype") = dtype, py::arg("copy") = copy);
}

void bind_arrays(py::module_& module);

constexpr const char* kColumnDoc =
    R"(Many exact amounts: 64-bit minor units, one currency or one a row, nulls. Immutable; every operation is checked.

    MoneyColumn(["1234.50", None, "0.10"], "PEN")          MoneyColumn(table)  # columns amount and currency
    MoneyColumn.from_minor(numpy_int64, "COP")             pl.DataFrame(column)  pyarrow.table(column)

Args:
    values: Major units: anything that speaks Arrow with decimals of any scale or text (pyarrow, Polars, pandas, DuckDB), or an
        iterable of Money, text, Decimal and None. Text is strict ("1234.50"). Whole numbers could be major or minor units and
        are refused: see from_minor. So are floats.
    currency: A code or a Currency; a column of codes, one a row; None where the values name it (Money, a table with a column
        "currency").

Raises:
    FloatRefusedError: float_refused, for floats and other types.
    ArgumentInvalidError: argument_invalid, for whole numbers, a currency missing or given twice, lengths that differ.
    AmountInvalidError, AmountInexactError, AmountOverflowError: amount_*, naming the row (from 0) and the value.
    CurrencyUnknownError, CurrencyMismatchError: currency_unknown, currency_mismatch, naming the row.
    ArrowUnsupportedError: arrow_unsupported, for Arrow types that hold no amounts, and broken Arrow data.
    ColumnMissingError: column_missing, for a table without a column "amount".)";

constexpr const char* kFromMinorDoc =
    R"(Make a column of whole minor units (centavos, céntimos). int64 in one piece is not copied: do not change it afterwards.

Args:
    values: An int64 buffer (a NumPy array, a memoryview), anything that speaks Arrow with whole numbers, or an iterable of int
        and None. In a table, the column "amount_minor" (or "amount").
    currency: As for MoneyColumn.

Raises:
    FloatRefusedError: float_refused.
    ArgumentInvalidError: argument_invalid, for decimals and text (they hold major units), another width or byte order, gaps.
    AmountOverflowError: amount_overflow, naming the row.
    CurrencyUnknownError: currency_unknown.)";

constexpr const char* kMultiplyDoc =
    R"(Multiply every amount by a factor, with one rounding to minor units.

Args:
    factor: int, Fraction, Decimal or text ("0.19", "19/100", "19%").
    rounding: One of the ten modes, for example "half_even".

Raises:
    AmountOverflowError: amount_overflow, naming the first row.
    ArgumentInvalidError: argument_invalid, for an unknown mode.)";

constexpr const char* kRoundDoc = R"(Round every amount to a multiple of a step.

Args:
    rounding: One of the ten modes.
    step: Money, or major units as Money takes them: "0.10"; None for one minor unit, which changes nothing.

Raises:
    AmountOverflowError: amount_overflow, naming the first row.
    ArgumentInvalidError: argument_invalid, for a step that is not positive or an unknown mode.
    CurrencyMismatchError: currency_mismatch, for a step in a column of several currencies.)";

constexpr const char* kSumByDoc = R"(Totals by group: a dict from label to MoneySum, in order of first appearance.

Args:
    groups: A label a row: text or whole numbers, through Arrow or as an iterable of str, int and None.

Raises:
    ArgumentInvalidError: argument_invalid, for another number of labels than rows.
    ArrowUnsupportedError: arrow_unsupported, for a column of another type.)";

constexpr const char* kAllocateDoc =
    R"(Split every amount by the same weights, largest remainder first: one column a weight; they add up to this one.

Args:
    weights: int, Fraction, Decimal or text; none negative, not all zero.
    step: Shares are multiples of it: Money, or major units; None for one minor unit.

Raises:
    ArgumentInvalidError: argument_invalid, for weights or steps of another kind, and amounts that are no multiple of the step.)";

constexpr const char* kFilterDoc = R"(The rows where the mask is true.

Args:
    mask: A Mask, anything that speaks Arrow with booleans, a NumPy array of bool, or an iterable of bool and None; one a row.

Raises:
    ArgumentInvalidError: argument_invalid, for another number of rows, or gaps between the items of a buffer.
    ArrowUnsupportedError: arrow_unsupported, for an Arrow column of another type, and broken Arrow data.
    FloatRefusedError: float_refused, for items of another type.)";

constexpr const char* kStreamDoc = R"(A fresh Arrow stream of a table: amount (decimal128) and currency (dictionary).

Args:
    requested_schema: taken and not followed.)";

using ColumnClass = py::class_<MoneyColumn>;

void bind_operators(ColumnClass& column) {
  column.def("__add__", &add, py::arg("other"))
      .def("__radd__", &add, py::arg("other"))
      .def("__sub__", &subtract, py::arg("other"))
      .def("__rsub__", &subtract_reflected, py::arg("other"))
      .def("__mul__", &times, py::arg("times"))
      .def("__rmul__", &times, py::arg("times"))
      .def("__neg__", [](const MoneyColumn& self) { return released([&] { return self.negate(); }); })
      .def("__abs__", [](const MoneyColumn& self) { return released([&] { return self.abs(); }); })
      .def("__eq__", &compare<Comparison::equal>, py::arg("other"))
      .def("__ne__", &compare<Comparison::not_equal>, py::arg("other"))
      .def("__lt__", &compare<Comparison::less>, py::arg("other"))
      .def("__le__", &compare<Comparison::less_equal>, py::arg("other"))
      .def("__gt__", &compare<Comparison::greater>, py::arg("other"))
      .def("__ge__", &compare<Comparison::greater_equal>, py::arg("other"));
  column.attr("__hash__") = py::none();
}

void bind_rows(ColumnClass& column) {
  column.def_property_readonly("currency", &currency_or_none)
      .def_property_readonly("null_count", &MoneyColumn::null_count)
      .def_property_readonly("minor", [](const MoneyColumn& self) { return MinorArray{self}; })
      .def_property_readonly("amount", [](const MoneyColumn& self) { return DecimalArray{self}; })
      .def("__len__", &MoneyColumn::size)
      .def("__getitem__", &get_item, py::arg("index"))
      .def("to_list", &to_list, "All rows as Money and None.")
      .def("valid", &MoneyColumn::valid, "A Mask that is true where there is an amount.")
      .def("filter", &filter, py::arg("mask"), kFilterDoc)
      .def("__repr__", &repr)
      .def("__reduce__",
           [](const MoneyColumn& self) {
             return py::make_tuple(py::module_::import("cuadre._core").attr("_money_column"), get_state(self));
           })
      .def(
          "__arrow_c_stream__", [](const MoneyColumn& self, const py::object&) { return stream_capsule(self.table()); },
          py::arg("requested_schema") = py::none(), kStreamDoc);
}

void bind_arrays(py::module_& module) {
  module.def("_money_column", &set_state, py::arg("values"), py::arg("validity"), py::arg("currency"),
             py::arg("currencies"), "Make a MoneyColumn again from its pickle.");
  py::class_<MinorArray>(module, "MinorArray", py::buffer_protocol(),
                         "The minor units of a column as int64, for numpy.asarray and Arrow: nothing is copied.")
      .def_buffer(&minor_buffer)
      .def("__array__", &minor_numpy, py::arg("dtype") = py::none(), py::arg("copy") = py::none())
      .def("__len__", [](const MinorArray& array) { return array.column.size(); })
      .def(
          "__arrow_c_array__",
          [](const MinorArray& array, const py::object&) {
            return array_capsules([&](auto* schema, auto* out) { array.column.export_minor(schema, out); });
          },
          py::arg("requested_schema") = py::none());
  py::class_<DecimalArray>(module, "DecimalArray", "The amounts of a column as decimal128, for Arrow.")
      .def("__len__", [](const DecimalArray& array) { return array.column.size(); })
      .def(
          "__arrow_c_array__",
          [](const DecimalArray& array, const py::object&) {
            return array_capsules([&](auto* schema, auto* out) { array.column.export_decimal(schema, out); });
          },
          py::arg("requested_schema") = py::none());
}

}  // namespace

void bind_money_column(py::module_& module) {
  bind_mask(module);
  bind_arrays(module);
  ColumnClass column(module, "MoneyColumn", kColumnDoc);
  column.def(py::init(&major_column), py::arg("values"), py::arg("currency") = py::none())
      .def_static("from_minor", &minor_column, py::arg("values"), py::arg("currency") = py::none(), kFromMinorDoc)
      .def("multiply", &multiply, py::arg("factor"), py::arg("rounding"), kMultiplyDoc)
      .def("round", &round_column, py::arg("rounding"), py::arg("step") = py::none(), kRoundDoc)
      .def("allocate", &allocate, py::arg("weights"), py::arg("step") = py::none(), kAllocateDoc)
      .def("sum", &sum, "The totals by currency, 128 bits wide; nulls are passed over.")
      .def("sum_by", &sum_by, py::arg("groups"), kSumByDoc)
      .def("min", [](const MoneyColumn& self) { return money_or_none(released([&] { return self.min(); })); })
      .def("max", [](const MoneyColumn& self) { return money_or_none(released([&] { return self.max(); })); });
  bind_operators(column);
  bind_rows(column);
  def_column_fees(column);
}

}  // namespace cuadre::bindings
