#include "base/hash.hpp"

#include <random>

namespace cuadre {
namespace {

std::uint64_t drawn() {
  std::random_device device;
  return (std::uint64_t{device()} << 32U) | device();
}

}  // namespace

// Where the system gives no random numbers the program does not start, which is right.
const std::uint64_t kHashSeed = drawn();         // NOLINT(cert-err58-cpp)
const std::uint64_t kHashFactor = drawn() | 1U;  // NOLINT(cert-err58-cpp)

}  // namespace cuadre
