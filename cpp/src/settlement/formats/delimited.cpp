// Separated values: the header binds columns to fields, quotes may hold separators and line ends, every record is
// judged alone.
#include <algorithm>
#include <array>
#include <cstring>
#include <utility>

#include "base/simd.hpp"
#include "cuadre/base/closest.hpp"
#include "settlement/blocks.hpp"
#include "settlement/formats/delimited_head.hpp"
#include "settlement/formats/delimited_split.hpp"
#include "settlement/formats/formats.hpp"

namespace cuadre {
namespace {

class Delimited {
 public:
  enum class State : std::uint8_t { record_start, after_cr, field_start, plain, quoted, quote_seen };

  Delimited(const File& file, const Layout& layout)
      : layout_(layout), rules_(layout_), splitter_(layout.separator, layout.quote) {
    bind(file);
  }

  State initial() const noexcept { return State::record_start; }
  std::uint64_t data_start() const noexcept { return data_start_; }
  const Layout& layout() const noexcept { return layout_; }
  bool between_records(State state) const noexcept { return state == State::record_start || state == State::after_cr; }

  // Goes from quote to quote: only they change what the bytes between them mean.
  State scan(State state, std::string_view block, std::uint64_t) const noexcept {
    std::size_t at = 0;
    if (state == State::quote_seen && !block.empty()) state = step(state, block[at++]);
    while (at < block.size()) {
      const std::size_t quote = layout_.quote == 0 ? std::string_view::npos : block.find(layout_.quote, at);
      if (state == State::quoted) {
        if (quote == std::string_view::npos) return state;
        if (quote + 1 == block.size()) return State::quote_seen;
        state = step(State::quote_seen, block[quote + 1]);
        at = quote + 2;
        continue;
      }
      if (quote == std::string_view::npos) return step(State::plain, block.back());
      if (quote > at) state = step(State::plain, block[quote - 1]);
      state = step(state, layout_.quote);
      at = quote + 1;
    }
    return state;
  }

  std::size_t finish(State& state, std::string_view more) const noexcept {
    if (!more.empty() && state != State::quoted && state != State::quote_seen) {
      const std::size_t end = std::min(more.find('\n'), more.size() - 1);
      if (simple(more.substr(0, end + 1))) {
        state = step(State::plain, more[end]);
        return between_records(state) ? end + 1 : std::string_view::npos;
      }
    }
    for (std::size_t i = 0; i < more.size(); ++i) {
      if (state == State::quoted) i = std::min(more.find(layout_.quote, i), more.size() - 1);
      state = step(state, more[i]);
      if (between_records(state)) return i + 1;
    }
    return std::string_view::npos;
  }

  void parse(State in, const BlockText& text, Emitter& out) const {
    std::size_t at = 0;
    if (in == State::after_cr && text.size != 0 && text.data[0] == '\n') at = 1;
    if (!between_records(in)) {
      const std::size_t used = finish(in, {text.data, text.size});
      if (used == std::string_view::npos) return;
      at = used;
      if (in == State::after_cr && at < text.size && text.data[at] == '\n') ++at;
    }
    std::uint64_t line = text.line + lines_between(text.data, 0, at);
    if (regular({text.data, text.readable}) && !text.cut) return parse_regular(text, at, line, out);
    SplitRecord record;
    while (at < text.size) {
      line = one(text, at, line, record, out);
      at += record.next;
    }
  }

  // The records at these offsets only; the line is counted from the block's start.
  void parse_at(const BlockText& text, std::span<const std::uint64_t> offsets, Emitter& out) const {
    std::size_t counted = 0;
    std::uint64_t line = text.line;
    SplitRecord record;
    for (const std::uint64_t offset : offsets) {
      const auto at = static_cast<std::size_t>(offset - text.offset);
      line += lines_between(text.data, counted, at);
      counted = at;
      one(text, at, line, record, out);
    }
  }

 private:
  State step(State state, char byte) const noexcept {
    if (state == State::quoted) return byte == layout_.quote ? State::quote_seen : State::quoted;
    if (state == State::quote_seen && byte == layout_.quote) return State::quoted;
    if (byte == '\n') return State::record_start;
    if (byte == '\r') return State::after_cr;
    if (byte == layout_.separator) return State::field_start;
    const bool fresh = state == State::record_start || state == State::after_cr || state == State::field_start;
    return fresh && layout_.quote != 0 && byte == layout_.quote ? State::quoted : State::plain;
  }

  bool simple(std::string_view text) const noexcept {
    return text.find('\r') == std::string_view::npos &&
           (layout_.quote == 0 || text.find(layout_.quote) == std::string_view::npos);
  }

  // No quote, no NUL, and all of it text in the declared encoding that needs no decoding: rows can be cut at
  // separators.
  bool regular(std::string_view text) const noexcept {
    if (exact_ == 0 || std::memchr(text.data(), '\0', text.size()) != nullptr) return false;
    if (layout_.quote != 0 && std::memchr(text.data(), layout_.quote, text.size()) != nullptr) return false;
    return is_ascii(text) || (layout_.encoding == Encoding::utf8 && is_utf8(text));
  }

  // All ends of cells are found first; a row with the right number of them is built from there, any other goes the slow
  // way.
  void parse_regular(const BlockText& text, std::size_t at, std::uint64_t line, Emitter& out) const {
    thread_local std::vector<std::uint32_t> ends;
    const std::size_t size = text.readable - at;
    if (ends.size() < size + 128) ends.resize(size + 128);
    const char* base = text.data + at;
    const std::size_t count = find_ends(base, size, layout_.separator, ends.data());
    const std::size_t own = text.size - at;
    SplitRecord record;
    std::size_t row = 0;  // where the record starts, from base
    for (std::size_t end = 0; row < own; ++line) {
      const std::size_t last = end + exact_ - 1;
      if (last >= count || !shaped(base, ends.data() + end) || ends[last] - row > layout_.record_bytes_max) {
        one(text, at + row, line, record, out);
        row += record.next;
        while (end < count && ends[end] < row) ++end;
        continue;
      }
      build(base, row, ends.data() + end, text.offset + at + row, line, out);
      const std::size_t line_end = base[ends[last]] == '\r' ? 2 : 1;
      row = ends[last] + line_end;
      end = last + line_end;
    }
  }

  // As many separators as a row has, then an LF or CRLF.
  bool shaped(const char* base, const std::uint32_t* ends) const noexcept {
    for (std::size_t i = 0; i + 1 < exact_; ++i) {
      if (base[ends[i]] != layout_.separator) return false;
    }
    const char* last = base + ends[exact_ - 1];
    return *last == '\n' || (*last == '\r' && last[1] == '\n');
  }

  void build(const char* base, std::size_t row_at, const std::uint32_t* ends, std::uint64_t offset, std::uint64_t line,
             Emitter& out) const {
    Cells cells{};
    for (std::size_t i = 0; i < used_; ++i) {
      const std::uint32_t column = columns_[in_use_[i]];
      const std::size_t from = column == 1 ? row_at : ends[column - 2] + 1U;
      cells[in_use_[i]] = {base + from, ends[column - 1] - from};
    }
    const std::size_t length = ends[exact_ - 1] - row_at;
    if (length == 0) return;  // a blank line is not a row
    Row& row = out.next();
    row.offset_bytes = offset;
    row.line = line;
    row.length_bytes = static_cast<std::uint32_t>(length);
    row.date_days = row.booked_days = kNoDate;
    const auto verdict = rules_.build(cells, row, out.memo());
    if (verdict.outcome == RowRules::Outcome::row) return out.took_next();
    if (verdict.outcome == RowRules::Outcome::ignored) return out.ignored();
    const std::uint32_t column = columns_[static_cast<std::size_t>(verdict.field)];
    const std::string_view field = column != 0 ? std::string_view(names_[column - 1]) : std::string_view();
    out.reject(verdict.reason, offset, line, column, field, {base + row_at, length}, length);
  }

  std::uint64_t one(const BlockText& text, std::size_t at, std::uint64_t line, SplitRecord& record,
                    Emitter& out) const {
    const std::string_view rest(text.data + at, text.readable - at);
    splitter_.split(rest, record);
    const std::string_view raw = rest.substr(0, record.length);
    const std::uint64_t next_line = line + lines_between(rest.data(), 0, record.next);
    if (raw.empty()) return next_line;  // a blank line is not a row
    judge(raw, text.offset + at, line, record, text.cut && at + record.next >= text.readable, out);
    return next_line;
  }

  void judge(std::string_view raw, std::uint64_t offset, std::uint64_t line, const SplitRecord& record, bool cut,
             Emitter& out) const {
    const auto refuse = [&](RejectReason reason, std::size_t column) {
      const std::string_view field = column != 0 && column <= names_.size() ? names_[column - 1] : std::string_view();
      out.reject(reason, offset, line, column, field, raw, raw.size());
    };
    if (cut || raw.size() > layout_.record_bytes_max) return refuse(RejectReason::record_too_long, 0);
    if (raw.find('\0') != std::string_view::npos) return refuse(RejectReason::nul_byte, 0);
    if (record.unclosed) return refuse(RejectReason::quote_unclosed, record.cells.size());
    if (record.stray != 0) return refuse(RejectReason::quote_stray, record.stray);
    const bool ascii = is_ascii(raw);
    if (!ascii && layout_.encoding == Encoding::utf8 && !is_utf8(raw)) {
      const auto bad =
          std::find_if(record.cells.begin(), record.cells.end(), [](const Cell& cell) { return !is_utf8(cell.text); });
      return refuse(RejectReason::encoding_invalid, static_cast<std::size_t>(bad - record.cells.begin()) + 1);
    }
    if (record.cells.size() < least_ && !layout_.short_rows)
      return refuse(RejectReason::fields_missing, record.cells.size());
    if (exact_ != 0 && record.cells.size() > exact_) return refuse(RejectReason::fields_surplus, exact_ + 1);
    Cells cells{};
    for (std::size_t field = 0; field < kFieldCount; ++field) {
      if (columns_[field] == 0) continue;
      if (columns_[field] > record.cells.size()) {
        cells[field] = std::string_view("", 0);  // a row that ends early
        continue;
      }
      const Cell& cell = record.cells[columns_[field] - 1];
      std::string_view text = cell.escaped ? out.keep(unquoted(cell.text, layout_.quote)) : cell.text;
      if (!ascii && layout_.encoding != Encoding::utf8 && !is_ascii(text)) {
        auto decoded = decode_single_byte(text, layout_.encoding);
        if (!decoded) return refuse(RejectReason::encoding_invalid, columns_[field]);
        text = out.keep(std::move(*decoded));
      }
      cells[field] = text;
    }
    Row row{};
    row.offset_bytes = offset;
    row.line = line;
    row.length_bytes = static_cast<std::uint32_t>(raw.size());
    row.date_days = row.booked_days = kNoDate;
    const auto verdict = rules_.build(cells, row);
    if (verdict.outcome == RowRules::Outcome::row) return out.row(row);
    if (verdict.outcome == RowRules::Outcome::ignored) return out.ignored();
    refuse(verdict.reason, columns_[static_cast<std::size_t>(verdict.field)]);
  }

  void bind(const File& file) {
    DelimitedHead head = read_delimited_head(file, layout_);
    names_ = std::move(head.names);
    data_start_ = head.data_start;
    place_fields(file.path());
  }

  std::uint32_t column_of(const Place& place, const std::string& path) const {
    if (!place.given()) return 0;
    if (place.column.empty()) {
      if (layout_.header && place.index > names_.size() && !place.optional) {
        throw Error(ErrorCode::column_missing, "there is no column " + std::to_string(place.index), {path, 1, 0, -1});
      }
      return layout_.header && place.index > names_.size() ? 0 : place.index;
    }
    const auto found = std::find(names_.begin(), names_.end(), place.column);
    if (found != names_.end()) return static_cast<std::uint32_t>(found - names_.begin()) + 1;
    if (place.optional) return 0;
    std::string message = "there is no column \"" + printable(place.column) + "\"";
    message += closest_hint(names_, place.column);
    if (names_.size() == 1) message += ": is the separator right?";
    throw Error(ErrorCode::column_missing, std::move(message), {path, layout_.skip_rows + 1U, 0, -1});
  }

  void place_fields(const std::string& path) {
    for (std::size_t field = 0; field < kFieldCount; ++field) {
      columns_[field] = column_of(place_of(layout_, static_cast<Field>(field)), path);
      least_ = std::max<std::size_t>(least_, columns_[field]);
    }
    exact_ = layout_.header ? names_.size() : layout_.column_count;
    least_ = std::max(least_, exact_);
    names_.resize(std::max(names_.size(), least_));
    for (std::size_t field = 0; field < kFieldCount; ++field) {
      if (columns_[field] != 0) in_use_[used_++] = static_cast<std::uint8_t>(field);
    }
  }

  const Layout& layout_;
  RowRules rules_;
  Splitter splitter_;
  std::vector<std::string> names_;
  std::array<std::uint32_t, kFieldCount> columns_{};  // 1-based; 0: the layout has no such field
  std::array<std::uint8_t, kFieldCount> in_use_{};    // the fields that have one
  std::size_t used_ = 0;
  std::size_t least_ = 0;
  std::size_t exact_ = 0;
  std::uint64_t data_start_ = 0;
};

class DelimitedSource final : public Source {
 public:
  DelimitedSource(File file, const Layout& layout)
      : file_(std::move(file)), layout_(layout), format_(file_, layout_), reader_(file_, format_) {}

  const std::string& label() const noexcept override { return file_.path(); }
  std::uint64_t extent() const noexcept override { return file_.size(); }
  std::uint64_t rows_estimate() const noexcept override { return file_.size() / 48 + 1; }

  FileReport read(RowSink& sink, const ReadOptions& options) override {
    FileReport report;
    report.file = file_.path();
    report.size_bytes = file_.size();
    reader_.read(sink, options, report);
    file_.require_unchanged();
    return report;
  }

  void fetch(std::span<const std::uint64_t> offsets, RowSink& sink, const ReadOptions& options) override {
    reader_.fetch(offsets, sink, options,
                  [this](Delimited::State, const BlockText& text, std::span<const std::uint64_t> wanted, Emitter& out) {
                    format_.parse_at(text, wanted, out);
                  });
  }

 private:
  File file_;
  Layout layout_;
  Delimited format_;
  BlockReader<Delimited> reader_;
};

}  // namespace

std::unique_ptr<Source> open_delimited(File file, const Layout& layout) {
  return std::make_unique<DelimitedSource>(std::move(file), layout);
}

std::unique_ptr<Source> open_file(const std::string& path, const Layout& layout) {
  layout.validate();
  File file = File::open(path);
  switch (layout.kind) {
    case LayoutKind::delimited:
      return open_delimited(std::move(file), layout);
    case LayoutKind::fixed:
      return open_fixed(std::move(file), layout);
    case LayoutKind::json:
    case LayoutKind::json_lines:
      break;
  }
  return open_json(std::move(file), layout);
}

}  // namespace cuadre
