// The bodies of BlockReader (see blocks.hpp).
#pragma once

#include <algorithm>

namespace cuadre {

template <class Format>
BlockText BlockReader<Format>::load(std::uint32_t block, std::vector<char>& buffer) const {
  const std::uint64_t offset = format_.data_start() + std::uint64_t{block} * block_bytes_;
  if (buffer.size() < block_bytes_ + kSlack) buffer.resize(block_bytes_ + kSlack);
  const std::size_t got = file_.read_at(offset, buffer.data(), block_bytes_);
  return {buffer.data(), got, got, offset, 0, false, offset + got == file_.size()};
}

template <class Format>
typename BlockReader<Format>::Mark BlockReader<Format>::advance(const Mark& in, const BlockText& text) const {
  Mark out{format_.scan(in.state, {text.data, text.size}, text.offset), in.line, in.after_cr};
  out.line += count_lines(text.data, text.size, in.after_cr);
  if (text.size != 0) out.after_cr = text.data[text.size - 1] == '\r';
  return out;
}

// Reads on behind the block until the record that is open at its end is complete, or too long, or the file ends. A
// record that began before the block is not its own: of a line of many blocks, only the first reads on.
template <class Format>
void BlockReader<Format>::complete(const Mark& begin, const Mark& end, BlockText& text, std::vector<char>& buffer,
                                   std::uint32_t limit) const {
  if (format_.between_records(end.state)) return;
  typename Format::State state = begin.state;
  if (!format_.between_records(state) && format_.finish(state, {text.data, text.size}) == std::string_view::npos)
    return;
  state = end.state;
  std::size_t step = 4096;
  while (!text.end_of_file) {
    if (text.readable - text.size > limit) {
      text.cut = true;
      return;
    }
    if (buffer.size() < text.readable + step + kSlack) buffer.resize(text.readable + step + kSlack);
    text.data = buffer.data();
    const std::size_t got = file_.read_at(text.offset + text.readable, buffer.data() + text.readable, step);
    const std::size_t used = format_.finish(state, {buffer.data() + text.readable, got});
    text.end_of_file = text.offset + text.readable + got == file_.size();
    if (used != std::string_view::npos) {
      text.end_of_file = text.end_of_file && used == got;
      text.readable += used;
      return;
    }
    text.readable += got;
    step = std::min<std::size_t>(step * 2, 1U << 18);
  }
}

template <class Format>
void BlockReader<Format>::start(const ReadOptions& options) {
  block_bytes_ = std::max<std::uint32_t>(options.block_bytes, 16);
  marks_.assign(std::size_t{blocks()} + 1, Mark{});
  marks_[0] = {format_.initial(), 1, false};
  std::vector<char> buffer(block_bytes_);
  for (std::uint64_t at = 0; at < format_.data_start(); at += buffer.size()) {
    if (format_.data_start() - at < buffer.size()) buffer.resize(static_cast<std::size_t>(format_.data_start() - at));
    file_.read_at(at, buffer.data(), buffer.size());
    marks_[0].line += count_lines(buffer.data(), buffer.size(), marks_[0].after_cr);
    marks_[0].after_cr = buffer.back() == '\r';
  }
  known_ = 1;
  failed_ = false;
}

// Takes the state at this block's start from whoever has the block before, and hands on the state at its end.
template <class Format>
bool BlockReader<Format>::pass_on(std::uint32_t block, const BlockText& text) {
  {
    std::unique_lock lock(mutex_);
    passed_.wait(lock, [&] { return known_ > block || failed_; });
    if (failed_) return false;
  }
  marks_[block + 1U] = advance(marks_[block], text);
  {
    const std::scoped_lock lock(mutex_);
    known_ = block + 2U;
  }
  passed_.notify_all();
  return true;
}

template <class Format>
void BlockReader<Format>::read(RowSink& sink, const ReadOptions& options, FileReport& report) {
  start(options);
  RejectBudget budget{options.rejects_max};
  std::atomic<std::uint32_t> next{0};
  const std::uint32_t count = blocks();
  const unsigned threads = std::min(thread_count(options.threads), std::max(count, 1U));
  const auto work = [&](unsigned worker) {
    Emitter emitter(sink, worker, budget, file_.path(), format_.layout().encoding);
    std::vector<char> buffer;
    for (std::uint32_t block = next++; block < count; block = next++) {
      if (options.progress != nullptr && options.progress->cancel)
        throw Error(ErrorCode::cancelled, "reading was stopped");
      BlockText text = load(block, buffer);
      if (!pass_on(block, text)) return;
      text.line = first_line(marks_[block], text);
      const std::size_t own = text.size;
      complete(marks_[block], marks_[block + 1U], text, buffer, format_.layout().record_bytes_max);
      emitter.begin(block);
      format_.parse(marks_[block].state, text, emitter);
      emitter.flush();
      if (options.progress != nullptr) options.progress->done_bytes += own;
    }
    const std::scoped_lock lock(mutex_);
    emitter.report(report);
  };
  run_workers(threads, [&](unsigned worker) {
    try {
      work(worker);
    } catch (...) {
      {
        const std::scoped_lock lock(mutex_);
        failed_ = true;
      }
      passed_.notify_all();
      throw;
    }
  });
}

template <class Format>
template <class ParseAt>
void BlockReader<Format>::fetch(std::span<const std::uint64_t> offsets, RowSink& sink, const ReadOptions& options,
                                ParseAt&& parse_at) const {
  struct Group {
    std::uint32_t block;
    std::size_t first, last;
  };
  std::vector<Group> groups;
  for (std::size_t i = 0; i < offsets.size(); ++i) {
    const auto block = static_cast<std::uint32_t>((offsets[i] - format_.data_start()) / block_bytes_);
    if (groups.empty() || groups.back().block != block) groups.push_back({block, i, i});
    groups.back().last = i + 1;
  }
  RejectBudget budget{UINT64_MAX};  // a row that is none any more is told by the count below
  FileReport found;
  std::mutex mutex;
  std::atomic<std::size_t> next{0};
  const auto threads = static_cast<unsigned>(
      std::min<std::size_t>(thread_count(options.threads), std::max<std::size_t>(groups.size(), 1)));
  run_workers(threads, [&](unsigned worker) {
    Emitter emitter(sink, worker, budget, file_.path(), format_.layout().encoding);
    std::vector<char> buffer;
    for (std::size_t i = next++; i < groups.size(); i = next++) {
      const Group& group = groups[i];
      BlockText text = load(group.block, buffer);
      text.line = first_line(marks_[group.block], text);
      complete(marks_[group.block], marks_[group.block + 1U], text, buffer, format_.layout().record_bytes_max);
      emitter.begin(group.block);
      parse_at(marks_[group.block].state, text, offsets.subspan(group.first, group.last - group.first), emitter);
      emitter.flush();
    }
    const std::scoped_lock lock(mutex);
    emitter.report(found);
  });
  file_.require_unchanged();
  if (found.rows != offsets.size()) {
    throw Error(ErrorCode::file_changed, "the rows are no longer where they were read", {file_.path(), 0, 0, -1});
  }
}

}  // namespace cuadre
