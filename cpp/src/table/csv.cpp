// A table as a CSV file, for spreadsheets and for people.
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <condition_variable>
#include <cstdio>
#include <cstring>
#include <mutex>
#include <string>
#include <string_view>

#include "base/threads.hpp"
#include "cuadre/error.hpp"
#include "cuadre/table.hpp"

namespace cuadre {
namespace {

// A file that appears under its name when it is complete, and not before.
class WholeFile {
 public:
  explicit WholeFile(const std::string& path) : path_(path), part_(path + ".part" + std::to_string(::getpid())) {
    descriptor_ = ::open(part_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0666);
    if (descriptor_ < 0) fail("cannot be made");
  }
  WholeFile(const WholeFile&) = delete;
  WholeFile& operator=(const WholeFile&) = delete;
  ~WholeFile() {
    if (descriptor_ >= 0) ::close(descriptor_);
    if (!done_) ::unlink(part_.c_str());
  }

  void write(std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t written = ::write(descriptor_, bytes.data(), bytes.size());
      if (written < 0 && errno != EINTR) fail("cannot be written");
      if (written > 0) bytes.remove_prefix(static_cast<std::size_t>(written));
    }
  }

  void finish() {
    const int closed = ::close(descriptor_);
    descriptor_ = -1;
    if (closed != 0 || std::rename(part_.c_str(), path_.c_str()) != 0) fail("cannot be written");
    done_ = true;
  }

 private:
  [[noreturn]] void fail(const char* what) const {
    const int fault = errno;
    if (descriptor_ < 0) ::unlink(part_.c_str());
    throw Error(ErrorCode::file_unwritable, std::string(what) + ": " + std::strerror(fault), {path_, 0, 0, -1});
  }

  std::string path_;
  std::string part_;
  int descriptor_ = -1;
  bool done_ = false;
};

void append_quoted(std::string& out, std::string_view text) {
  out += '"';
  for (const char byte : text) {
    if (byte == '"') out += '"';
    out += byte;
  }
  out += '"';
}

// Spreadsheets run text that begins with one of these.
bool formula(std::string_view text) noexcept {
  return !text.empty() && std::string_view("=+-@\t\r\n").find(text.front()) != std::string_view::npos;
}

void append_text(std::string& out, std::string_view text) {
  // Quotes tell empty text from a null, and keep blanks at the ends.
  const bool quoted = text.empty() || text.find_first_of(",\"\r\n") != std::string_view::npos || text.front() == ' ' ||
                      text.back() == ' ';
  if (formula(text)) {
    append_quoted(out, "'" + std::string(text));
  } else if (quoted) {
    append_quoted(out, text);
  } else {
    out += text;
  }
}

void append_row(std::string& out, const Batch& batch, std::size_t row) {
  const TableSchema& schema = batch.schema();
  for (std::size_t column = 0; column < schema.size(); ++column) {
    if (column != 0) out += ',';
    const ColumnType type = schema[column].type;
    if (batch.is_null(column, row)) continue;
    if (type == ColumnType::utf8 || type == ColumnType::dictionary) {
      append_text(out, batch.text(column, row));
    } else {
      batch.append_cell(out, column, row);
    }
  }
  out += "\r\n";
}

// Lets threads write their pieces one after the other, in the order of the pieces.
class Turns {
 public:
  // False when some piece failed: then nobody's turn comes.
  bool wait(std::uint64_t piece) {
    std::unique_lock lock(mutex_);
    moved_.wait(lock, [&] { return turn_ == piece || failed_; });
    return !failed_;
  }
  void pass() {
    const std::scoped_lock lock(mutex_);
    ++turn_;
    moved_.notify_all();
  }
  void fail() {
    const std::scoped_lock lock(mutex_);
    failed_ = true;
    moved_.notify_all();
  }

 private:
  std::mutex mutex_;
  std::condition_variable moved_;
  std::uint64_t turn_ = 0;
  bool failed_ = false;
};

void append_rows(std::string& out, const Table& table, std::uint64_t first, std::uint64_t end) {
  while (first < end) {
    const Batch rows = table.batch(first, static_cast<std::size_t>(end - first));
    for (std::size_t row = 0; row < rows.rows(); ++row) append_row(out, rows, row);
    first += rows.rows();
  }
}

}  // namespace

void Table::write_csv(const std::string& path, unsigned threads) const {
  constexpr std::uint64_t kPiece = 1024;  // rows: a piece and its batch stay in the cache
  WholeFile file(path);
  std::string head;
  for (std::size_t column = 0; column < schema().size(); ++column) {
    if (column != 0) head += ',';
    append_text(head, schema()[column].name);
  }
  file.write(head + "\r\n");
  const std::uint64_t pieces = (rows() + kPiece - 1) / kPiece;
  std::atomic<std::uint64_t> next{0};
  Turns turns;
  run_workers(source_->concurrent() ? thread_count(threads) : 1, [&](unsigned) {
    try {
      std::string out;
      for (std::uint64_t piece = next++; piece < pieces; piece = next++) {
        out.clear();
        append_rows(out, *this, piece * kPiece, std::min(rows(), (piece + 1) * kPiece));
        if (!turns.wait(piece)) return;
        file.write(out);
        turns.pass();
      }
    } catch (...) {
      turns.fail();
      throw;
    }
  });
  file.finish();
}

}  // namespace cuadre
