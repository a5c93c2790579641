// The real files and conformance suites that stand beside the checkout (tests/places.py says the same in Python).
#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>

namespace cuadre {

// CMake says where: __FILE__ may be relative to another folder than the test's, as a compiler cache writes it.
inline std::filesystem::path shared_data() { return CUADRE_SHARED_DATA; }

}  // namespace cuadre

// Without this path the test is skipped, and fails where CUADRE_REQUIRE_DATA is set, as in CI.
#define CUADRE_NEED_DATA(path)                                                                          \
  if (!std::filesystem::exists(path)) {                                                                 \
    if (std::getenv("CUADRE_REQUIRE_DATA") != nullptr) FAIL() << (path) << " is not here, and must be"; \
    GTEST_SKIP() << (path) << " is not here: it stands beside the checkout";                            \
  }                                                                                                     \
  static_assert(true, "a semicolon follows")
