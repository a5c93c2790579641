#include "settlement/formats/delimited_head.hpp"

#include <algorithm>
#include <set>
#include <string_view>
#include <utility>

#include "settlement/formats/delimited_split.hpp"
#include "settlement/rows.hpp"

namespace cuadre {
namespace {

class Head {
 public:
  Head(const File& file, const Layout& layout) : file_(file), layout_(layout) {}

  DelimitedHead read() {
    std::uint64_t at = mark();
    if (layout_.skip_rows != 0) at = skip(at);
    if (layout_.header) at = header(at);
    return {std::move(names_), at};
  }

 private:
  [[noreturn]] void fail(ErrorCode code, const std::string& message, std::uint64_t at, std::uint64_t column = 0) const {
    throw Error(code, message, {file_.path(), layout_.skip_rows + 1ULL, column, static_cast<std::int64_t>(at)});
  }

  // Bytes of the mark; none is 0.
  std::uint64_t mark() const {
    char bytes[3] = {};
    const std::string_view text(bytes, file_.read_at(0, bytes, sizeof bytes));
    if (text.starts_with("\xFF\xFE") || text.starts_with("\xFE\xFF")) {
      throw Error(ErrorCode::encoding_unsupported, "the file begins with a UTF-16 mark; save it as UTF-8",
                  {file_.path(), 1, 1, 0});
    }
    if (!text.starts_with("\xEF\xBB\xBF")) return 0;
    if (layout_.encoding != Encoding::utf8) {
      throw Error(ErrorCode::encoding_unsupported, "the file begins with a UTF-8 mark but another encoding is declared",
                  {file_.path(), 1, 1, 0});
    }
    return 3;
  }

  // Behind the line end of the last line to pass over. Lines may be of any length; they are not kept.
  std::uint64_t skip(std::uint64_t at) const {
    std::vector<char> buffer(std::size_t{1} << 16);
    std::uint32_t skipped = 0;
    bool after_cr = false;
    while (const std::size_t got = file_.read_at(at, buffer.data(), buffer.size())) {
      for (std::size_t i = 0; i < got; ++i) {
        const bool second = after_cr && buffer[i] == '\n';  // of CRLF
        if (skipped == layout_.skip_rows && !second) return at + i;
        if (buffer[i] == '\r' || (buffer[i] == '\n' && !second)) ++skipped;
        after_cr = buffer[i] == '\r';
      }
      at += got;
    }
    if (skipped < layout_.skip_rows) {
      throw Error(ErrorCode::file_empty,
                  "the file ends within the " + std::to_string(layout_.skip_rows) + " lines above its rows",
                  {file_.path(), 0, 0, static_cast<std::int64_t>(at)});
    }
    return at;
  }

  std::uint64_t header(std::uint64_t at) {
    const std::uint64_t limit = layout_.record_bytes_max;
    std::vector<char> buffer(static_cast<std::size_t>(std::min(file_.size() - at, limit + 2)));  // and its line end
    const std::string_view text(buffer.data(), file_.read_at(at, buffer.data(), buffer.size()));
    if (text.empty()) fail(ErrorCode::file_empty, "the file ends before its header row", at);
    SplitRecord record;
    Splitter(layout_.separator, layout_.quote).split(text, record);
    if (record.length > limit) {
      fail(ErrorCode::layout_mismatch, "the header row is longer than " + std::to_string(limit) + " bytes", at);
    }
    if (record.length == 0) fail(ErrorCode::layout_mismatch, "the line of the header row is empty", at);
    if (text.substr(0, record.length).find('\0') != std::string_view::npos) {
      fail(ErrorCode::encoding_unsupported, "NUL bytes in the header row; if the file is UTF-16, save it as UTF-8", at);
    }
    if (record.unclosed) {
      fail(ErrorCode::layout_mismatch, "a quote in the header row never closes", at, record.cells.size());
    }
    if (record.stray != 0) {
      fail(ErrorCode::layout_mismatch, "text after a closing quote in the header row", at, record.stray);
    }
    name_columns(record, at);
    return at + record.next;
  }

  void name_columns(const SplitRecord& record, std::uint64_t at) {
    std::set<std::string> seen;
    for (const Cell& cell : record.cells) {
      std::string column = name_of(cell, at);
      if (!column.empty() && !seen.insert(column).second) {
        fail(ErrorCode::column_repeated,
             "the column \"" + printable(std::string_view(column).substr(0, 64)) + "\" stands twice in the header", at,
             names_.size() + 1);
      }
      names_.push_back(std::move(column));
    }
  }

  std::string name_of(const Cell& cell, std::uint64_t at) const {
    std::string column = cell.escaped ? unquoted(cell.text, layout_.quote) : std::string(cell.text);
    if (layout_.encoding != Encoding::utf8) {
      column = decode_single_byte(column, layout_.encoding).value_or(printable(column));
    }
    if (!is_utf8(column)) {
      fail(ErrorCode::encoding_unsupported, "the header is not UTF-8; declare its encoding", at, names_.size() + 1);
    }
    while (layout_.trim && !column.empty() && column.front() == ' ') column.erase(0, 1);
    while (layout_.trim && !column.empty() && column.back() == ' ') column.pop_back();
    return column;
  }

  const File& file_;
  const Layout& layout_;
  std::vector<std::string> names_;
};

}  // namespace

DelimitedHead read_delimited_head(const File& file, const Layout& layout) { return Head(file, layout).read(); }

}  // namespace cuadre
