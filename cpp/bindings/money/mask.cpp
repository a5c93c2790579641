// Mask for Python: from Arrow, NumPy and lists, and back.
#include <pybind11/pybind11.h>

#include <cstring>
#include <string>
#include <vector>

#include "border/arrow_capsule.hpp"
#include "border/method.hpp"
#include "cuadre/money/column.hpp"
#include "money/column_input.hpp"
#include "money/values.hpp"

namespace py = pybind11;

namespace cuadre::bindings {
namespace {

// Rows are added one by one; bits past the end stay zero.
class MaskBuilder {
 public:
  void push(bool valid, bool value) {
    if (mask_.size % 8 == 0) {
      mask_.values.push_back(0);
      if (!mask_.validity.empty()) mask_.validity.push_back(0);
    }
    if (!valid && mask_.validity.empty()) all_valid();
    const auto bit = static_cast<std::uint8_t>(1U << (mask_.size % 8));
    if (valid && value) mask_.values.back() |= bit;
    if (valid && !mask_.validity.empty()) mask_.validity.back() |= bit;
    ++mask_.size;
  }
  Mask take() { return std::move(mask_); }

 private:
  void all_valid() {
    mask_.validity.assign(mask_.values.size(), 0xFF);
    mask_.validity.back() = static_cast<std::uint8_t>((1U << (mask_.size % 8)) - 1);
  }
  Mask mask_;
};

template <class Structure>
struct Released {
  Structure held{};
  Released() = default;
  explicit Released(const Structure& taken) : held(taken) {}
  Released(const Released&) = delete;
  Released& operator=(const Released&) = delete;
  ~Released() {
    if (held.release != nullptr) held.release(&held);
  }
};

[[noreturn]] void stream_failed(ArrowArrayStream& stream) {
  const char* text = stream.get_last_error == nullptr ? nullptr : stream.get_last_error(&stream);
  throw Error(ErrorCode::file_unreadable,
              std::string("the Arrow stream of the mask failed: ") + (text == nullptr ? "without a message" : text));
}

void add_bits(const ArrowArray& array, MaskBuilder& builder) {
  if (array.length < 0 || array.offset < 0 || array.length > INT64_MAX - 7 - array.offset || array.n_buffers != 2 ||
      array.buffers == nullptr || (array.length > 0 && array.buffers[1] == nullptr)) {
    throw Error(ErrorCode::arrow_unsupported, "broken Arrow data: a mask without its bits, or of a negative length");
  }
  const auto* validity = static_cast<const std::uint8_t*>(array.buffers[0]);
  const auto* bits = static_cast<const std::uint8_t*>(array.buffers[1]);
  const auto at = [](const std::uint8_t* from, std::size_t bit) { return ((from[bit / 8] >> (bit % 8)) & 1U) != 0; };
  const auto first = static_cast<std::size_t>(array.offset);
  for (std::size_t bit = first; bit < first + static_cast<std::size_t>(array.length); ++bit) {
    builder.push(validity == nullptr || at(validity, bit), at(bits, bit));
  }
}

Mask arrow_mask(const py::object& values) {
  Released<ArrowArrayStream> stream(arrow_stream_of(values));
  const py::gil_scoped_release released;
  Released<ArrowSchema> schema;
  if (stream.held.get_schema(&stream.held, &schema.held) != 0) stream_failed(stream.held);
  if (schema.held.format == nullptr || std::strcmp(schema.held.format, "b") != 0) {
    throw Error(ErrorCode::arrow_unsupported, std::string("a mask is a column of booleans, not of Arrow format \"") +
                                                  (schema.held.format == nullptr ? "" : schema.held.format) + "\"");
  }
  MaskBuilder builder;
  for (;;) {
    Released<ArrowArray> array;
    if (stream.held.get_next(&stream.held, &array.held) != 0) stream_failed(stream.held);
    if (array.held.release == nullptr) return builder.take();
    add_bits(array.held, builder);
  }
}

Mask buffer_mask(const py::buffer& buffer) {
  const py::buffer_info info = buffer.request();
  if (info.format != "?" || info.itemsize != 1) {
    throw Error(ErrorCode::float_refused, "a mask is a buffer of bool, not of format \"" + info.format + "\"");
  }
  if (info.ndim != 1 || (info.size > 1 && info.strides[0] != 1)) {
    throw Error(ErrorCode::argument_invalid, "a mask has one dimension and no gaps between its items");
  }
  const auto* items = static_cast<const std::uint8_t*>(info.ptr);
  Mask out(static_cast<std::size_t>(info.size));
  for (std::size_t row = 0; row < out.size; ++row) {
    const unsigned bit = items[row] != 0 ? 1U : 0U;
    out.values[row / 8] = static_cast<std::uint8_t>(out.values[row / 8] | (bit << (row % 8)));
  }
  return out;
}

py::object mask_item(const Mask& mask, std::int64_t index) {
  const std::size_t row = row_of(index, mask.size);
  if (mask.is_null(row)) return py::none();
  return py::bool_(mask.is_true(row));
}

py::list mask_list(const Mask& mask) {
  py::list out(mask.size);
  for (std::size_t row = 0; row < mask.size; ++row) out[row] = mask_item(mask, static_cast<std::int64_t>(row));
  return out;
}

std::string repr_mask(const Mask& mask) {
  return "Mask(" + std::to_string(mask.count_true()) + " of " + std::to_string(mask.size) + " rows are true)";
}

[[noreturn]] void refuse_truth(const Mask& /*mask*/) {
  throw Error(ErrorCode::argument_invalid, "a Mask of many rows is neither true nor false; use count_true()");
}

py::object mask_numpy(const Mask& mask, const py::object& dtype, const py::object& /*copy*/) {
  if (const std::size_t nulls = mask.null_count(); nulls != 0) {
    throw Error(ErrorCode::argument_invalid, std::to_string(nulls) +
                                                 " nulls have no bool; & column.valid() first, or take the mask "
                                                 "through Arrow");
  }
  const py::module_ numpy = py::module_::import("numpy");
  const py::bytes bits(reinterpret_cast<const char*>(mask.values.data()), mask.values.size());
  const py::object bools = numpy
                               .attr("unpackbits")(numpy.attr("frombuffer")(bits, "uint8"),
                                                   py::arg("count") = mask.size, py::arg("bitorder") = "little")
                               .attr("view")("bool");
  return dtype.is_none() ? bools : bools.attr("astype")(dtype);
}

}  // namespace

std::size_t row_of(std::int64_t index, std::size_t size) {
  const auto rows = static_cast<std::int64_t>(size);
  if (index < -rows || index >= rows) throw py::index_error("a row outside the column");
  return static_cast<std::size_t>(index < 0 ? index + rows : index);
}

Mask mask_of(const py::object& mask) {
  if (py::isinstance<Mask>(mask)) return mask.cast<Mask>();
  if (speaks_arrow(mask)) return arrow_mask(mask);
  if (PyObject_CheckBuffer(mask.ptr()) != 0) return buffer_mask(mask.cast<py::buffer>());
  if (!py::isinstance<py::iterable>(mask)) refuse_type(mask, "a mask is a Mask or an iterable of bool and None");
  std::vector<int> bits;
  for (const py::handle item : mask) {
    const bool numpy = std::strncmp(Py_TYPE(item.ptr())->tp_name, "numpy.bool", 10) == 0;
    if (!PyBool_Check(item.ptr()) && !item.is_none() && !numpy) refuse_type(item, "a mask is of bool and None");
    bits.push_back(item.is_none() ? -1 : PyObject_IsTrue(item.ptr()));
  }
  Mask out(bits.size());
  for (std::size_t row = 0; row < bits.size(); ++row) {
    if (bits[row] == 1) out.values[row / 8] = static_cast<std::uint8_t>(out.values[row / 8] | (1U << (row % 8)));
    if (bits[row] >= 0) continue;
    if (out.validity.empty()) out.validity.assign(out.values.size(), 0xFF);
    out.validity[row / 8] = static_cast<std::uint8_t>(out.validity[row / 8] & ~(1U << (row % 8)));
  }
  return out;
}

void bind_mask(py::module_& module) {
  py::class_<Mask>(module, "Mask", "True, false or null for each row of a column: what comparisons give.")
      .def("__len__", [](const Mask& mask) { return mask.size; })
      .def("__getitem__", &mask_item, py::arg("index"))
      .def(
          "__and__", [](const Mask& left, const Mask& right) { return left & right; }, py::arg("other"))
      .def(
          "__or__", [](const Mask& left, const Mask& right) { return left | right; }, py::arg("other"))
      .def("__invert__", [](const Mask& mask) { return ~mask; })
      .def("__bool__", [](const Mask& mask) -> bool { refuse_truth(mask); })
      .def_property_readonly("null_count", method(&Mask::null_count))
      .def("count_true", method(&Mask::count_true), "How many rows are true.")
      .def("to_list", &mask_list, "All rows as bool and None.")
      .def("__array__", &mask_numpy, py::arg("dtype") = py::none(), py::arg("copy") = py::none(),
           "A NumPy array of bool. Raises ArgumentInvalidError where there are nulls.")
      .def(
          "__arrow_c_array__",
          [](const Mask& mask, const py::object&) {
            return array_capsules([&](auto* schema, auto* out) { mask.export_bits(schema, out); });
          },
          py::arg("requested_schema") = py::none(), "An Arrow array of booleans. The schema asked for is not followed.")
      .def("__repr__", &repr_mask);
}

}  // namespace cuadre::bindings
