// One delimited record, cut into cells: the careful way, byte by byte.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace cuadre {

struct Cell {
  std::string_view text;  // between the quotes, where there are any
  bool escaped = false;   // holds doubled quotes
};

// One record, cut into cells. `next` is the first byte behind its line end.
struct SplitRecord {
  std::vector<Cell> cells;
  std::size_t length = 0;
  std::size_t next = 0;
  std::size_t stray = 0;  // 1-based cell with text behind its closing quote
  bool unclosed = false;
};

class Splitter {
 public:
  Splitter(char separator, char quote) noexcept : separator_(separator), quote_(quote) {}

  void split(std::string_view text, SplitRecord& record) const {
    record.cells.clear();
    record.stray = 0;
    record.unclosed = false;
    std::size_t at = 0;
    while (true) {
      at = quote_ != 0 && at < text.size() && text[at] == quote_ ? quoted(text, at, record) : plain(text, at, record);
      if (at < text.size() && text[at] == separator_) {
        ++at;
        continue;
      }
      record.length = at;
      if (at < text.size() && text[at] == '\r') ++at;
      if (at < text.size() && text[at] == '\n') ++at;
      record.next = at;
      return;
    }
  }

 private:
  bool ends(char byte) const noexcept { return byte == separator_ || byte == '\n' || byte == '\r'; }

  std::size_t plain(std::string_view text, std::size_t at, SplitRecord& record) const {
    const std::size_t from = at;
    while (at < text.size() && !ends(text[at])) ++at;
    record.cells.push_back({text.substr(from, at - from), false});
    return at;
  }

  std::size_t quoted(std::string_view text, std::size_t at, SplitRecord& record) const {
    const std::size_t from = ++at;
    bool escaped = false;
    while (true) {
      const std::size_t close = text.find(quote_, at);
      if (close == std::string_view::npos) {
        record.unclosed = true;
        record.cells.push_back({text.substr(from), escaped});
        return text.size();
      }
      if (close + 1 < text.size() && text[close + 1] == quote_) {
        escaped = true;
        at = close + 2;
        continue;
      }
      record.cells.push_back({text.substr(from, close - from), escaped});
      at = close + 1;
      break;
    }
    if (at < text.size() && !ends(text[at]) && record.stray == 0) record.stray = record.cells.size();
    while (at < text.size() && !ends(text[at])) ++at;
    return at;
  }

  char separator_;
  char quote_;
};

// The text of a cell with doubled quotes made single.
inline std::string unquoted(std::string_view text, char quote) {
  std::string plain;
  for (std::size_t i = 0; i < text.size(); ++i) {
    plain += text[i];
    if (text[i] == quote) ++i;
  }
  return plain;
}

}  // namespace cuadre
