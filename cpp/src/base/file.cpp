#include "base/file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

namespace cuadre {
namespace {

[[noreturn]] void fail(ErrorCode code, const std::string& path, std::string message) {
  throw Error(code, std::move(message), {path, 0, 0, -1});
}

}  // namespace

File File::open(const std::string& path) {
  File file;
  file.path_ = path;
  // O_NONBLOCK so that a pipe without a writer is refused instead of waited for.
  file.descriptor_ = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (file.descriptor_ < 0) {
    if (errno == ENOENT || errno == ENOTDIR) fail(ErrorCode::file_missing, path, "there is no such file");
    fail(ErrorCode::file_unreadable, path, std::strerror(errno));
  }
  struct stat status {};
  if (::fstat(file.descriptor_, &status) != 0) {
    fail(ErrorCode::file_unreadable, path, std::strerror(errno));
  }
  if (S_ISDIR(status.st_mode)) fail(ErrorCode::file_unreadable, path, "this is a directory");
  if (!S_ISREG(status.st_mode)) {
    fail(ErrorCode::file_unreadable, path, "not a regular file (a pipe, socket or device); save it to a file first");
  }
  if (status.st_size == 0) fail(ErrorCode::file_empty, path, "the file is empty (0 bytes)");
  file.size_ = static_cast<std::uint64_t>(status.st_size);
  file.modified_s_ = status.st_mtim.tv_sec;
  file.modified_ns_ = status.st_mtim.tv_nsec;
  ::posix_fadvise(file.descriptor_, 0, 0, POSIX_FADV_SEQUENTIAL);
  return file;
}

File::File(File&& other) noexcept
    : path_(std::move(other.path_)),
      descriptor_(std::exchange(other.descriptor_, -1)),
      size_(other.size_),
      modified_s_(other.modified_s_),
      modified_ns_(other.modified_ns_) {}

File::~File() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

std::size_t File::read_at(std::uint64_t offset, char* into, std::size_t count) const {
  if (offset >= size_) return 0;
  count = static_cast<std::size_t>(std::min<std::uint64_t>(count, size_ - offset));
  std::size_t done = 0;
  while (done < count) {
    const ssize_t got = ::pread(descriptor_, into + done, count - done, static_cast<off_t>(offset + done));
    if (got < 0) {
      if (errno == EINTR) continue;
      fail(ErrorCode::file_unreadable, path_, std::strerror(errno));
    }
    if (got == 0) fail(ErrorCode::file_changed, path_, "the file shrank while it was being read");
    done += static_cast<std::size_t>(got);
  }
  return count;
}

void File::require_unchanged() const {
  struct stat status {};
  if (::fstat(descriptor_, &status) != 0) fail(ErrorCode::file_unreadable, path_, std::strerror(errno));
  if (static_cast<std::uint64_t>(status.st_size) != size_ || status.st_mtim.tv_sec != modified_s_ ||
      status.st_mtim.tv_nsec != modified_ns_) {
    fail(ErrorCode::file_changed, path_, "the file changed while it was being read; read it again when it is complete");
  }
}

}  // namespace cuadre
