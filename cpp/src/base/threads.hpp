// Work for several threads at once.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <functional>
#include <string>

#include "cuadre/base/progress.hpp"
#include "cuadre/error.hpp"

namespace cuadre {

unsigned thread_count(unsigned asked) noexcept;  // 0: as many as the machine has

// Runs `work(worker)` on `threads` threads (fewer where the system gives no more) and rethrows the first failure.
void run_workers(unsigned threads, const std::function<void(unsigned)>& work);

// Calls work(worker, item) for items 0 .. count - 1, each thread taking the next. `what` was stopped, if it is.
template <class Work>
void in_turn(unsigned threads, std::size_t count, const Progress* progress, const char* what, Work&& work) {
  std::atomic<std::size_t> next{0};
  const auto workers = static_cast<unsigned>(std::min<std::size_t>(threads, std::max<std::size_t>(count, 1)));
  run_workers(workers, [&](unsigned worker) {
    for (std::size_t item = next++; item < count; item = next++) {
      if (progress != nullptr && progress->cancel)
        throw Error(ErrorCode::cancelled, std::string(what) + " was stopped");
      work(worker, item);
    }
  });
}

}  // namespace cuadre
