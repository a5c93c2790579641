// A method bound as a pointer to member takes its object by pointer, so that Class.method(None) follows a null pointer.
// Taken by reference, pybind11 refuses None as it refuses every other wrong type.
#pragma once

#include <utility>

namespace cuadre::bindings {

template <class Result, class Class, class... Arguments>
auto method(Result (Class::*bound)(Arguments...) const) {
  return [bound](const Class& self, Arguments... arguments) -> Result {
    return (self.*bound)(std::forward<Arguments>(arguments)...);
  };
}

}  // namespace cuadre::bindings
