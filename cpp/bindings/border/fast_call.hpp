// Methods without pybind11's way of calling, where that would cost more than the work: failures and arguments by hand.
#pragma once

#include <pybind11/pybind11.h>

#include <array>
#include <string>

#include "border/errors.hpp"
#include "border/text.hpp"

namespace cuadre::bindings {

template <class Work>
PyObject* guarded(Work work) noexcept {
  try {
    return work();
  } catch (...) {
    set_python_error();
    return nullptr;
  }
}

// ---- arguments by position and by name

inline constexpr std::size_t kArgumentsMax = 5;
using Arguments = std::array<PyObject*, kArgumentsMax>;

struct Signature {
  const char* function;
  std::array<const char*, kArgumentsMax> names;
  std::size_t count;
  std::size_t required;
};

inline std::size_t place_of(const Signature& signature, PyObject* name) {
  for (std::size_t i = 0; i < signature.count; ++i) {
    if (PyUnicode_CompareWithASCIIString(name, signature.names[i]) == 0) return i;
  }
  throw pybind11::type_error(std::string(signature.function) + "() has no argument '" +
                             std::string(text_of(name, ErrorCode::argument_invalid)) + "'");
}

inline Arguments take(const Signature& signature, PyObject* const* values, Py_ssize_t given, PyObject* names) {
  Arguments taken{};
  if (static_cast<std::size_t>(given) > signature.count) {
    throw pybind11::type_error(std::string(signature.function) + "() takes at most " + std::to_string(signature.count) +
                               " arguments, not " + std::to_string(given));
  }
  for (Py_ssize_t i = 0; i < given; ++i) taken[static_cast<std::size_t>(i)] = values[i];
  const Py_ssize_t named = names == nullptr ? 0 : PyTuple_GET_SIZE(names);
  for (Py_ssize_t i = 0; i < named; ++i) {
    PyObject*& place = taken[place_of(signature, PyTuple_GET_ITEM(names, i))];
    if (place != nullptr) throw pybind11::type_error(std::string(signature.function) + "() got an argument twice");
    place = values[given + i];
  }
  for (std::size_t i = 0; i < signature.required; ++i) {
    if (taken[i] == nullptr) {
      throw pybind11::type_error(std::string(signature.function) + "() misses the argument '" + signature.names[i] +
                                 "'");
    }
  }
  return taken;
}

}  // namespace cuadre::bindings
