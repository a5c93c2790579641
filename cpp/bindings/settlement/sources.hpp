// Opened sources in Python's hands, until a reading or a match takes them.
#pragma once

#include <pybind11/pybind11.h>

#include <memory>
#include <vector>

#include "cuadre/settlement.hpp"

namespace cuadre::bindings {

struct SourceHandle {
  std::shared_ptr<const Layout> layout;  // sources may point into their layout
  std::unique_ptr<Source> source;        // null once taken
};

// What was taken from a list of handles: sources, and the layouts they need for as long as they live.
struct TakenSources {
  std::vector<std::shared_ptr<const Layout>> layouts;
  std::vector<std::unique_ptr<Source>> sources;
  std::uint64_t extent = 0;  // of all of them, for progress
};

// Throws Error(argument_invalid) for a source that was used before.
TakenSources take_sources(const pybind11::list& handles);

}  // namespace cuadre::bindings
