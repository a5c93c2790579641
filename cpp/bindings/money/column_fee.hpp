// The methods of MoneyColumn that know contracts and taxes.
#pragma once

#include <pybind11/pybind11.h>

#include "cuadre/money/column.hpp"

namespace cuadre::bindings {

void def_column_fees(pybind11::class_<MoneyColumn>& column);

}  // namespace cuadre::bindings
