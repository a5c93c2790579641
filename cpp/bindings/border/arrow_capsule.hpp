// Streams across the border to Python: the capsules of the Arrow PyCapsule interface.
#pragma once

#include <pybind11/pybind11.h>

#include <memory>
#include <string>
#include <utility>

#include "cuadre/error.hpp"
#include "cuadre/table.hpp"

namespace cuadre::bindings {

inline constexpr const char* kStreamCapsule = "arrow_array_stream";

// Calls obj.__arrow_c_stream__() and takes the stream out of its capsule. Needs the GIL; what follows (open_arrow) must
// NOT hold it, because a producer may run Python on threads of its own. The caller owns the stream: pass it on or call
// its release.
inline ArrowArrayStream take_stream(pybind11::handle obj) {
  const pybind11::object capsule = obj.attr("__arrow_c_stream__")();
  if (PyCapsule_IsValid(capsule.ptr(), kStreamCapsule) == 0) {
    throw Error(ErrorCode::arrow_unsupported, "__arrow_c_stream__ did not return an Arrow stream");
  }
  auto* stream = static_cast<ArrowArrayStream*>(PyCapsule_GetPointer(capsule.ptr(), kStreamCapsule));
  if (stream->release == nullptr) {
    throw Error(ErrorCode::arrow_unsupported, "the Arrow stream was consumed before; make a new one for each use");
  }
  ArrowArrayStream taken = *stream;
  stream->release = nullptr;  // the capsule's destructor now leaves it alone
  return taken;
}

// A capsule that releases the stream unless somebody takes it.
inline pybind11::object stream_capsule(const Table& table) {
  auto stream = std::make_unique<ArrowArrayStream>();
  table.export_stream(stream.get());
  PyObject* capsule = PyCapsule_New(stream.get(), kStreamCapsule, [](PyObject* self) {
    auto* held = static_cast<ArrowArrayStream*>(PyCapsule_GetPointer(self, kStreamCapsule));
    if (held->release != nullptr) held->release(held);
    delete held;
  });
  if (capsule == nullptr) {
    stream->release(stream.get());
    throw pybind11::error_already_set();
  }
  static_cast<void>(stream.release());  // the capsule frees it now
  return pybind11::reinterpret_steal<pybind11::object>(capsule);
}

template <class Structure>
pybind11::object capsule_of(std::unique_ptr<Structure> held, const char* name) {
  PyObject* capsule = PyCapsule_New(held.get(), name, [](PyObject* self) {
    auto* kept = static_cast<Structure*>(PyCapsule_GetPointer(self, PyCapsule_GetName(self)));
    if (kept->release != nullptr) kept->release(kept);
    delete kept;
  });
  if (capsule == nullptr) {
    held->release(held.get());
    throw pybind11::error_already_set();
  }
  static_cast<void>(held.release());
  return pybind11::reinterpret_steal<pybind11::object>(capsule);
}

// __arrow_c_array__: what `fill` writes, in capsules that release it unless somebody takes it.
template <class Export>
pybind11::tuple array_capsules(Export&& fill) {
  auto schema = std::make_unique<ArrowSchema>();
  auto array = std::make_unique<ArrowArray>();
  {
    const pybind11::gil_scoped_release released;
    fill(schema.get(), array.get());
  }
  const pybind11::object first = capsule_of(std::move(schema), "arrow_schema");
  return pybind11::make_tuple(first, capsule_of(std::move(array), "arrow_array"));
}

}  // namespace cuadre::bindings
