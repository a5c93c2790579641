// What Python may pass for a column: Arrow, buffers, iterables.
#pragma once

#include <pybind11/pybind11.h>

#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "cuadre/money/column.hpp"

namespace cuadre::bindings {

// A vector as shared memory, with an address even where it is empty.
template <class T>
std::shared_ptr<const T> shared_items(std::vector<T> items) {
  items.reserve(1);
  const auto owner = std::make_shared<const std::vector<T>>(std::move(items));
  return {owner, owner->data()};
}

// The stream of anything that speaks Arrow, one array included. Needs the GIL; the caller owns it.
bool speaks_arrow(pybind11::handle values);
ArrowArrayStream arrow_stream_of(pybind11::handle values);

// Major units: Arrow decimals or text, or an iterable of Money, text, Decimal and None.
MoneyColumn major_column(const pybind11::object& values, const pybind11::object& currency);
// Minor units: Arrow whole numbers, a buffer of int64 (held, not copied), or an iterable of int and None.
MoneyColumn minor_column(const pybind11::object& values, const pybind11::object& currency);

// A Mask, Arrow booleans, a buffer of bool, or an iterable of bool and None.
Mask mask_of(const pybind11::object& mask);
void bind_mask(pybind11::module_& module);
std::size_t row_of(std::int64_t index, std::size_t size);  // as Python counts; throws IndexError

}  // namespace cuadre::bindings
