#include "base/threads.hpp"

#include <algorithm>
#include <exception>
#include <mutex>
#include <system_error>
#include <thread>
#include <vector>

namespace cuadre {

unsigned thread_count(unsigned asked) noexcept {
  return asked != 0 ? asked : std::max(1U, std::thread::hardware_concurrency());
}

void run_workers(unsigned threads, const std::function<void(unsigned)>& work) {
  if (threads <= 1) {
    work(0);
    return;
  }
  std::mutex mutex;
  std::exception_ptr failure;
  {
    std::vector<std::jthread> running;
    running.reserve(threads);
    const auto guarded = [&](unsigned worker) {
      try {
        work(worker);
      } catch (...) {
        const std::scoped_lock lock(mutex);
        if (!failure) failure = std::current_exception();
      }
    };
    for (unsigned worker = 0; worker < threads; ++worker) {
      try {
        running.emplace_back(guarded, worker);
      } catch (const std::system_error&) {  // no more threads to be had: fewer do the same work
        if (running.empty()) guarded(worker);
        break;
      }
    }
  }
  if (failure) std::rethrow_exception(failure);
}

}  // namespace cuadre
