// Money across the border. Every binding that takes or gives Money includes this, so that all agree on how it travels:
// Money is a type of its own here, because a class of pybind11 costs six times as much an addition.
#pragma once

#include <pybind11/pybind11.h>

#include <optional>

#include "cuadre/money.hpp"

namespace cuadre::bindings {

bool is_money(PyObject* value) noexcept;
Money money_in(PyObject* value) noexcept;   // of an object that is_money
PyObject* money_out(Money money) noexcept;  // a new reference, or null with MemoryError set

// Makes the type and puts it into the module; methods may be attached until it is sealed.
void make_money_type(pybind11::module_& module);
void seal_money_type();
pybind11::handle money_type() noexcept;

pybind11::object currency_out(Currency currency);  // one object for each currency
Py_hash_t hash_of(Money money) noexcept;

}  // namespace cuadre::bindings

namespace pybind11 {
namespace detail {

template <>
class type_caster<cuadre::Money> {
 public:
  static constexpr auto name = const_name("cuadre.money.Money");
  template <class T>
  using cast_op_type = movable_cast_op_type<T>;

  bool load(handle source, bool /*convert*/) {
    if (!cuadre::bindings::is_money(source.ptr())) return false;
    value_ = cuadre::bindings::money_in(source.ptr());
    return true;
  }
  static handle cast(const cuadre::Money& source, return_value_policy /*policy*/, handle /*parent*/) {
    return cuadre::bindings::money_out(source);
  }
  static handle cast(const cuadre::Money* source, return_value_policy policy, handle parent) {
    return source == nullptr ? none().release() : cast(*source, policy, parent);
  }
  operator cuadre::Money*() { return &*value_; }                // NOLINT: pybind11 asks for implicit ones
  operator cuadre::Money&() { return *value_; }                 // NOLINT
  operator cuadre::Money&&() && { return std::move(*value_); }  // NOLINT

 private:
  std::optional<cuadre::Money> value_;
};

}  // namespace detail

template <>
inline bool isinstance<cuadre::Money, 0>(handle value) {
  return cuadre::bindings::is_money(value.ptr());
}

}  // namespace pybind11
