// Shared with the caller while long work runs: progress out, cancellation in.
#pragma once

#include <atomic>
#include <cstdint>

namespace cuadre {

struct Progress {
  std::atomic<std::uint64_t> done_bytes{0};
  std::atomic<std::uint64_t> total_bytes{
      0};  // set by the caller, who knows all of it; the work only adds to done_bytes
  std::atomic<bool> cancel{false};
};

}  // namespace cuadre
