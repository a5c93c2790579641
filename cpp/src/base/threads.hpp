// Work for several threads at once.
#pragma once

#include <functional>

namespace cuadre {

unsigned thread_count(unsigned asked) noexcept;  // 0: as many as the machine has

// Runs `work(worker)` on `threads` threads (fewer where the system gives no more) and rethrows the first failure.
void run_workers(unsigned threads, const std::function<void(unsigned)>& work);

}  // namespace cuadre
