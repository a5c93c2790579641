// A regular file that stays open. Reading past what it was when opened, or after it changed, is Error(file_changed).
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "cuadre/error.hpp"

namespace cuadre {

class File {
 public:
  // Throws Error(file_missing | file_unreadable | file_empty).
  static File open(const std::string& path);
  File(File&& other) noexcept;
  File& operator=(File&&) = delete;
  ~File();

  const std::string& path() const noexcept { return path_; }
  std::uint64_t size() const noexcept { return size_; }

  // Reads min(count, size() - offset) bytes and returns how many that was. Thread-safe.
  std::size_t read_at(std::uint64_t offset, char* into, std::size_t count) const;

  // Compares size and modification time with those at opening.
  void require_unchanged() const;

 private:
  File() = default;
  std::string path_;
  int descriptor_ = -1;
  std::uint64_t size_ = 0;
  std::int64_t modified_s_ = 0;
  std::int64_t modified_ns_ = 0;
};

}  // namespace cuadre
