// Reading one file with several threads: the file is cut into blocks of equal size, wherever that falls. The thread
// that takes a block reads it, learns from its predecessor in what state the text is at the block's first byte (inside
// a quote? below which header?), tells its successor the state at the end, and then parses the records that START in
// its block, while others do the same. The hand-over is the only sequential part. States are kept, so single blocks can
// be parsed again later.
//
// A Format is a class with (all const, called by several threads at once):
//   struct State;                                  what must be known at a byte to go on from there; cheap to copy
//   State initial() const;                         at data_start()
//   std::uint64_t data_start() const;              where blocks begin (after a mark, skipped rows, a header row)
//   const Layout& layout() const;                  for its record_bytes_max (a longer record is cut) and its encoding
//   State scan(State in, std::string_view block, std::uint64_t offset) const;   state after these bytes
//   bool between_records(const State&) const;      true when a new record starts at this very byte
//   std::size_t finish(State& state, std::string_view more) const;   bytes up to and including the end of the open
//   record, or npos void parse(const State& in, const BlockText& text, Emitter& out) const;
#pragma once

#include <condition_variable>
#include <cstdint>
#include <cstring>
#include <mutex>
#include <string_view>
#include <vector>

#include "base/file.hpp"
#include "base/threads.hpp"
#include "settlement/rows.hpp"

namespace cuadre {

inline constexpr std::size_t kSlack =
    64;  // readable bytes behind every buffer, for vector loads (and simdjson's padding)

struct BlockText {
  const char* data;      // first byte of the block
  std::size_t size;      // records that start in [0, size) are this block's
  std::size_t readable;  // >= size: up to the end of the last of them
  std::uint64_t offset;  // of data[0] in the file
  std::uint64_t line;    // 1-based line number of data[0]
  bool cut;              // the last record is longer than the limit and was not read to its end
  bool end_of_file;      // data[readable] is the end of the file
};

// Line ends up to `size`: LF, CRLF and a lone CR each count once. `after_cr`: the byte before data was CR.
std::uint64_t count_lines(const char* data, std::size_t size, bool after_cr) noexcept;
// Line ends in [from, to) of the text, where `to` is the first byte of a record: a CR just before it is an end by
// itself.
inline std::uint64_t lines_between(const char* data, std::size_t from, std::size_t to) noexcept {
  return count_lines(data + from, to - from, false) + (to > from && data[to - 1] == '\r' ? 1U : 0U);
}

template <class Format>
class BlockReader {
 public:
  BlockReader(const File& file, const Format& format) : file_(file), format_(format) {}

  // The checks and the file-level fields of the report are the caller's.
  void read(RowSink& sink, const ReadOptions& options, FileReport& report);

  // Calls parse_at(state, text, wanted offsets, emitter) for each block that holds some of `offsets` (rising).
  template <class ParseAt>
  void fetch(std::span<const std::uint64_t> offsets, RowSink& sink, const ReadOptions& options,
             ParseAt&& parse_at) const;

  struct Mark {  // what is known at a block's first byte
    typename Format::State state;
    std::uint64_t line;
    bool after_cr;
  };
  const Mark& last() const noexcept { return marks_.back(); }  // at the end of the file, after read()

 private:
  std::uint32_t blocks() const noexcept {
    return static_cast<std::uint32_t>((file_.size() - format_.data_start() + block_bytes_ - 1) / block_bytes_);
  }
  void start(const ReadOptions& options);
  bool pass_on(std::uint32_t block, const BlockText& text);
  BlockText load(std::uint32_t block, std::vector<char>& buffer) const;
  void complete(const Mark& begin, const Mark& end, BlockText& text, std::vector<char>& buffer,
                std::uint32_t limit) const;
  Mark advance(const Mark& in, const BlockText& text) const;
  // A CR before the block has ended a line, unless an LF stands first in it and makes them one end.
  static std::uint64_t first_line(const Mark& mark, const BlockText& text) noexcept {
    return mark.line + (mark.after_cr && text.size != 0 && text.data[0] != '\n' ? 1U : 0U);
  }

  const File& file_;
  const Format& format_;
  std::uint32_t block_bytes_ = 1U << 18;
  std::vector<Mark> marks_;  // one per block and one for the end

  // hand-over
  std::mutex mutex_;
  std::condition_variable passed_;
  std::size_t known_ = 0;  // marks_[0 .. known_) are set
  bool failed_ = false;
};

}  // namespace cuadre

#include "settlement/blocks_impl.hpp"
