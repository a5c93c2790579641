#include "settlement/blocks.hpp"

#include <system_error>

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
