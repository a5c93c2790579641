// Money across the border. Every binding that takes or gives Money includes this, so that all agree on how it travels.
#pragma once

#include <pybind11/pybind11.h>

#include "cuadre/money.hpp"
