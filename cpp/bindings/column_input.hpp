// What Python may pass for a column: Arrow, buffers, iterables.
#pragma once

#include <pybind11/pybind11.h>

#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "cuadre/money_column.hpp"

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

}  // namespace cuadre::bindings
