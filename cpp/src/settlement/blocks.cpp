#include "settlement/blocks.hpp"

#include "base/simd.hpp"

namespace cuadre {

std::uint64_t count_lines(const char* data, std::size_t size, bool after_cr) noexcept {
  if (size == 0) return 0;
  std::uint64_t lines = count_byte(data, size, '\n');
  if (after_cr && data[0] != '\n') ++lines;
  // A CR at the very end is counted with the next block, which knows whether an LF follows.
  for (const char* at = data;
       (at = static_cast<const char*>(std::memchr(at, '\r', size - static_cast<std::size_t>(at - data)))) != nullptr;) {
    const auto index = static_cast<std::size_t>(at - data);
    if (index + 1 == size) break;
    if (data[index + 1] != '\n') ++lines;
    ++at;
  }
  return lines;
}

}  // namespace cuadre
