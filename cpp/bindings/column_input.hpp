// What Python may pass for a column: Arrow, buffers, iterables.
#pragma once

#include <pybind11/pybind11.h>

#include <cstdint>
#include <vector>

#include "cuadre/money_column.hpp"

namespace cuadre::bindings {

// The stream of anything that speaks Arrow, one array included. Needs the GIL; the caller owns it.
bool speaks_arrow(pybind11::handle values);
ArrowArrayStream arrow_stream_of(pybind11::handle values);

// Major units: Arrow decimals or text, or an iterable of Money, text, Decimal and None.
MoneyColumn major_column(const pybind11::object& values, const pybind11::object& currency);
// Minor units: Arrow whole numbers, a buffer of int64 (held, not copied), or an iterable of int and None.
MoneyColumn minor_column(const pybind11::object& values, const pybind11::object& currency);

}  // namespace cuadre::bindings
