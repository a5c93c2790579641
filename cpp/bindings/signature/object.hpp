// The verifier as Python has it, and the type of what it accepts. verify() is called for every notification of a shop,
// so it goes past pybind11, and the objects that do not change from one message to the next are made once.
#pragma once

#include <pybind11/pybind11.h>

#include <string_view>
#include <vector>

#include "cuadre/signature.hpp"

namespace cuadre::bindings {

class BoundVerifier {
 public:
  // `result`: the class of what is accepted, a subclass of Verified; null: Verified itself.
  BoundVerifier(Verifier verifier, pybind11::object result);

  const Verifier& verifier() const noexcept { return verifier_; }
  // A new reference to what was accepted.
  PyObject* accepted(const Verdict& verdict, PyObject* payload, PyObject* self) const;

 private:
  struct Reading {
    pybind11::object gateway, message, version, covered;
  };
  Verifier verifier_;
  pybind11::object result_;
  std::vector<Reading> readings_;
  std::vector<pybind11::object> key_ids_;
};

std::string_view bytes_of(pybind11::handle value, const char* what);  // throws TypeError for anything but bytes
std::string_view text_or_bytes(pybind11::handle value, const char* what);
pybind11::tuple covered_names(const Covered& covered);

void make_verified_type(pybind11::module_& module);
void attach_verify(const pybind11::object& verifier_type);

}  // namespace cuadre::bindings
