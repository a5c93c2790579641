// Runs C++ work for Python: the lock released, Ctrl-C heard, progress told.
#pragma once

#include <pybind11/pybind11.h>

#include <chrono>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <optional>
#include <thread>

#include "cuadre/base/progress.hpp"

namespace cuadre::bindings {

// Calls work(progress) on a thread of its own while this one, the one that may handle signals, looks every 50 ms
// whether Python wants it stopped. A signal or a failing callback cancels the work; it is awaited and Python's
// exception is thrown. `callback` is None or callable(done_bytes, total_bytes).
template <class Work>
auto run_interruptible(Work&& work, const pybind11::object& callback) {
  using Result = decltype(work(std::declval<Progress&>()));
  Progress progress;
  std::optional<Result> result;
  std::exception_ptr failure;
  std::exception_ptr interrupt;
  std::mutex mutex;
  std::condition_variable finished;
  bool done = false;
  {
    const pybind11::gil_scoped_release released;
    std::thread worker([&] {
      try {
        result.emplace(work(progress));
      } catch (...) {
        failure = std::current_exception();
      }
      const std::scoped_lock lock(mutex);
      done = true;
      finished.notify_all();
    });
    std::unique_lock lock(mutex);
    while (!finished.wait_for(lock, std::chrono::milliseconds(50), [&] { return done; })) {
      if (interrupt) continue;
      lock.unlock();
      {
        const pybind11::gil_scoped_acquire held;
        try {
          if (PyErr_CheckSignals() != 0) throw pybind11::error_already_set();
          if (!callback.is_none()) callback(progress.done_bytes.load(), progress.total_bytes.load());
        } catch (...) {
          interrupt = std::current_exception();
          progress.cancel = true;
        }
      }
      lock.lock();
    }
    lock.unlock();
    worker.join();
  }
  if (interrupt) std::rethrow_exception(interrupt);
  if (failure) std::rethrow_exception(failure);
  return std::move(*result);
}

}  // namespace cuadre::bindings
