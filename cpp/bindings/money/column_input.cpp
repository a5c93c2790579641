#include "money/column_input.hpp"

#include <cerrno>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "border/arrow_capsule.hpp"
#include "money/values.hpp"

namespace py = pybind11;

namespace cuadre::bindings {
namespace {

// ---- one array as a stream

struct OneArray {
  ArrowSchema schema{};
  ArrowArray array{};
  ~OneArray() {
    if (schema.release != nullptr) schema.release(&schema);
    if (array.release != nullptr) array.release(&array);
  }
};

OneArray& one_of(ArrowArrayStream* self) { return *static_cast<OneArray*>(self->private_data); }

int one_schema(ArrowArrayStream* self, ArrowSchema* out) {
  if (one_of(self).schema.release == nullptr) return EINVAL;
  *out = std::exchange(one_of(self).schema, {});
  return 0;
}
int one_next(ArrowArrayStream* self, ArrowArray* out) {
  *out = std::exchange(one_of(self).array, {});
  return 0;
}
const char* one_error(ArrowArrayStream* /*self*/) { return "the array was taken before"; }
void one_release(ArrowArrayStream* self) {
  delete static_cast<OneArray*>(self->private_data);
  *self = {};
}

template <class Structure>
Structure take_capsule(py::handle capsule, const char* name) {
  auto* held = static_cast<Structure*>(
      PyCapsule_IsValid(capsule.ptr(), name) != 0 ? PyCapsule_GetPointer(capsule.ptr(), name) : nullptr);
  if (held == nullptr || held->release == nullptr) {
    throw Error(ErrorCode::arrow_unsupported, "__arrow_c_array__ did not return an Arrow array");
  }
  Structure taken = *held;
  held->release = nullptr;
  return taken;
}

ArrowArrayStream one_array_stream(py::handle values) {
  const py::object pair = values.attr("__arrow_c_array__")();
  if (!PyTuple_Check(pair.ptr()) || PyTuple_Size(pair.ptr()) != 2) {
    throw Error(ErrorCode::arrow_unsupported, "__arrow_c_array__ did not return an Arrow array");
  }
  auto owner = std::make_unique<OneArray>();
  owner->schema = take_capsule<ArrowSchema>(PyTuple_GetItem(pair.ptr(), 0), "arrow_schema");
  owner->array = take_capsule<ArrowArray>(PyTuple_GetItem(pair.ptr(), 1), "arrow_array");
  return {one_schema, one_next, one_error, one_release, owner.release()};
}

// ---- buffers

struct BufferView {
  Py_buffer view{};
  bool held = false;
  ~BufferView() {
    if (!held || Py_IsInitialized() == 0) return;
    const py::gil_scoped_acquire gil;
    PyBuffer_Release(&view);
  }
};

// Bytes are buffers too, but nobody means a column by them.
bool is_buffer(py::handle values) {
  return PyObject_CheckBuffer(values.ptr()) != 0 && !PyBytes_Check(values.ptr()) && !PyByteArray_Check(values.ptr());
}

// Nothing for what has a buffer of objects or text: it is read item by item.
std::shared_ptr<BufferView> view_of(py::handle values) {
  auto view = std::make_shared<BufferView>();
  if (PyObject_GetBuffer(values.ptr(), &view->view, PyBUF_FORMAT | PyBUF_STRIDES) != 0) {
    PyErr_Clear();
    throw Error(ErrorCode::argument_invalid, "a buffer that cannot be read as numbers; int64 is needed");
  }
  view->held = true;
  return view;
}

std::string_view format_of(const Py_buffer& view) { return view.format == nullptr ? "B" : view.format; }

bool holds_objects(std::string_view format) { return format.find_first_of("OwUs") != std::string_view::npos; }

[[noreturn]] void refuse_buffer(const Py_buffer& view) {
  const std::string_view format = format_of(view);
  const std::string name = "a buffer of format '" + std::string(format) + "'";
  if (format.find_first_of("efdgF") != std::string_view::npos) {
    throw Error(ErrorCode::float_refused, name + " is not exact: amounts are int64 minor units, decimals or text");
  }
  if (format.starts_with('>') || format.starts_with('!')) {
    throw Error(ErrorCode::argument_invalid, name + " is big-endian; convert it with values.astype('int64') first");
  }
  throw Error(ErrorCode::argument_invalid,
              name + " is not int64; convert it with values.astype('int64') first, where that is exact");
}

ColumnMemory memory_of(const std::shared_ptr<BufferView>& held) {
  const Py_buffer& view = held->view;
  std::string_view format = format_of(view);
  if (format.starts_with('<') || format.starts_with('=') || format.starts_with('@')) format.remove_prefix(1);
  if (view.itemsize != 8 || (format != "l" && format != "q")) refuse_buffer(view);
  if (view.ndim != 1) throw Error(ErrorCode::argument_invalid, "a column has one dimension");
  if (view.shape[0] > 1 && view.strides[0] != 8) {
    throw Error(ErrorCode::argument_invalid, "a buffer with gaps; use numpy.ascontiguousarray first");
  }
  ColumnMemory memory;
  memory.values = {held, static_cast<const std::int64_t*>(view.buf)};
  memory.size = static_cast<std::size_t>(view.shape[0]);
  return memory;
}

// ---- currencies

bool one_currency(const py::object& currency) {
  return PyUnicode_Check(currency.ptr()) || py::isinstance<Currency>(currency);
}

std::vector<std::uint16_t> ids_of(const py::object& currencies) {
  if (speaks_arrow(currencies)) {
    ArrowArrayStream stream = arrow_stream_of(currencies);
    const py::gil_scoped_release released;
    return currency_ids(&stream);
  }
  if (!py::isinstance<py::iterable>(currencies))
    refuse_type(currencies, "a currency is a code such as 'COP', a Currency, or a column of codes");
  std::vector<std::uint16_t> ids;
  for (const py::handle code : currencies) {
    ids.push_back(code.is_none() ? std::uint16_t{0} : currency_of(py::reinterpret_borrow<py::object>(code)).id());
  }
  return ids;
}

MoneyColumn from_stream(const py::object& values, AmountUnit unit, const py::object& currency) {
  std::optional<Currency> one;
  if (currency.is_none()) one = Currency{};
  if (one_currency(currency)) one = currency_of(currency);
  std::vector<std::uint16_t> ids;
  if (!one) ids = ids_of(currency);
  ArrowArrayStream stream = arrow_stream_of(values);
  const py::gil_scoped_release released;
  return one ? MoneyColumn::from_arrow(&stream, unit, *one) : MoneyColumn::from_arrow(&stream, unit, std::move(ids));
}

// ---- item by item

class ItemReader {
 public:
  explicit ItemReader(const py::object& currency) {
    if (currency.is_none()) return;
    if (one_currency(currency)) {
      one_ = currency_of(currency);
      Money::from_minor(0, one_);
    } else {
      given_ = ids_of(currency);
    }
  }

  template <class Read>
  MoneyColumn read(const py::object& values, Read&& read) {
    for (const py::handle item : values) {
      const std::size_t row = amounts_.size();
      if (given_ && row >= given_->size()) too_few(row + 1);
      const Currency unit = given_ ? Currency::from_id((*given_)[row]) : one_;
      try {
        if (item.is_none()) {
          push(0, unit, false);
        } else {
          const Money money = read(item, unit);
          push(money.amount_minor(), money.currency(), true);
        }
      } catch (const Error& error) {
        throw Error(error.code(), "row " + std::to_string(row) + ": " + error.message());
      }
    }
    if (given_ && given_->size() != amounts_.size()) too_few(amounts_.size());
    return finish();
  }

 private:
  [[noreturn]] void too_few(std::size_t rows) const {
    throw Error(ErrorCode::argument_invalid, "as many currencies as amounts are needed, not " +
                                                 std::to_string(given_->size()) + " and " + std::to_string(rows));
  }

  void push(std::int64_t amount, Currency unit, bool valid) {
    const std::size_t row = amounts_.size();
    amounts_.push_back(amount);
    ids_.push_back(unit.id());
    if (row % 8 == 0) validity_.push_back(0);
    if (!valid) {
      nulls_ = true;
      return;
    }
    validity_.back() = static_cast<std::uint8_t>(validity_.back() | (1U << (row % 8)));
    several_ = several_ || (only_ && only_ != unit);
    only_ = unit;
  }

  MoneyColumn finish() {
    ColumnMemory memory;
    memory.size = amounts_.size();
    memory.values = shared_items(std::move(amounts_));
    if (nulls_) memory.validity = shared_items(std::move(validity_));
    if (one_) return MoneyColumn(std::move(memory), one_);
    if (only_ && !several_) return MoneyColumn(std::move(memory), only_);
    if (!only_ && !given_) {
      throw Error(ErrorCode::argument_invalid, "a currency is needed where no row has an amount");
    }
    memory.currencies = shared_items(std::move(ids_));
    return MoneyColumn(std::move(memory), {});
  }

  Currency one_;
  std::optional<std::vector<std::uint16_t>> given_;
  std::vector<std::int64_t> amounts_;
  std::vector<std::uint16_t> ids_;
  std::vector<std::uint8_t> validity_;
  Currency only_;
  bool nulls_ = false;
  bool several_ = false;
};

Money read_major(py::handle item, Currency unit) {
  if (py::isinstance<Money>(item)) {
    const Money money = item.cast<Money>();
    if (unit && money.currency() != unit) {
      throw Error(ErrorCode::currency_mismatch, "an amount in " + std::string(unit.code()) + " is needed, not in " +
                                                    std::string(money.currency().code()));
    }
    return money;
  }
  if (whole_number(item)) {
    throw Error(ErrorCode::argument_invalid,
                "a whole number may be major or minor units: use MoneyColumn.from_minor for minor units, and text or "
                "Decimal for major ones");
  }
  if (!unit) throw Error(ErrorCode::argument_invalid, "an amount without a currency; pass currency, or Money");
  return money_of(item, unit);
}

Money read_minor(py::handle item, Currency unit) {
  const py::object number = whole_number(item);
  if (!number) refuse_type(item, "minor units are an int");
  if (!unit) throw Error(ErrorCode::argument_invalid, "an amount without a currency; pass currency");
  return Money::from_minor(int64_of(number, "the amount"), unit);
}

void require_iterable(const py::object& values) {
  const bool text = PyUnicode_Check(values.ptr()) || PyBytes_Check(values.ptr()) || PyByteArray_Check(values.ptr());
  if (text || PyDict_Check(values.ptr()) || !py::isinstance<py::iterable>(values))
    refuse_type(values, "a column is Arrow data, a buffer or an iterable of amounts");
}

}  // namespace

bool speaks_arrow(py::handle values) {
  return py::hasattr(values, "__arrow_c_stream__") || py::hasattr(values, "__arrow_c_array__");
}

ArrowArrayStream arrow_stream_of(py::handle values) {
  return py::hasattr(values, "__arrow_c_stream__") ? take_stream(values) : one_array_stream(values);
}

MoneyColumn major_column(const py::object& values, const py::object& currency) {
  if (speaks_arrow(values)) return from_stream(values, AmountUnit::major, currency);
  if (is_buffer(values)) {
    const auto view = view_of(values);
    const std::string_view format = format_of(view->view);
    if (!holds_objects(format)) {
      const bool whole = format.find_first_of("bBhHiIlLqQ") != std::string_view::npos;
      if (!whole) refuse_buffer(view->view);
      throw Error(ErrorCode::argument_invalid,
                  "whole numbers may hold major or minor units: use MoneyColumn.from_minor for minor units, and text "
                  "or decimals for major ones");
    }
  }
  require_iterable(values);
  return ItemReader(currency).read(values, read_major);
}

MoneyColumn minor_column(const py::object& values, const py::object& currency) {
  if (speaks_arrow(values)) return from_stream(values, AmountUnit::minor, currency);
  if (is_buffer(values)) {
    const auto view = view_of(values);
    if (!holds_objects(format_of(view->view))) {
      ColumnMemory memory = memory_of(view);
      if (one_currency(currency)) return MoneyColumn(std::move(memory), currency_of(currency));
      std::vector<std::uint16_t> ids = ids_of(currency);
      if (ids.size() != memory.size) {
        throw Error(ErrorCode::argument_invalid, "as many currencies as amounts are needed, not " +
                                                     std::to_string(ids.size()) + " and " +
                                                     std::to_string(memory.size));
      }
      for (std::size_t row = 0; row < ids.size(); ++row) {
        const Currency unit = Currency::from_id(ids[row]);
        if (!unit || unit.minor_units() < 0)
          throw Error(ErrorCode::currency_unknown, "row " + std::to_string(row) + ": an amount without a currency");
      }
      memory.currencies = shared_items(std::move(ids));
      return MoneyColumn(std::move(memory), {});
    }
  }
  require_iterable(values);
  return ItemReader(currency).read(values, read_minor);
}

}  // namespace cuadre::bindings
