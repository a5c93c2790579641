// How JSON files are cut into records without parsing them: at line ends (json_lines), or at the commas of the
// outermost array (json). Both are Formats of the block machine in blocks.hpp.
#pragma once

#include <cstdint>
#include <cstring>
#include <string_view>

#include "settlement/blocks.hpp"
#include "settlement/formats/json_check.hpp"
#include "settlement/formats/json_record.hpp"

namespace cuadre {

// Line numbers of rising places in one block, each byte counted once.
class JsonLines {
 public:
  explicit JsonLines(const BlockText& text) : text_(text), line_(text.line) {}
  std::uint64_t at(std::size_t place) {
    if (place > counted_) {
      line_ += count_lines(text_.data + counted_, place - counted_, after_cr_);
      after_cr_ = text_.data[place - 1] == '\r';
      counted_ = place;
    }
    return line_ + (after_cr_ && text_.data[place] != '\n' ? 1 : 0);  // a lone CR is counted by the byte behind it
  }

 private:
  const BlockText& text_;
  std::uint64_t line_;
  std::size_t counted_ = 0;
  bool after_cr_ = false;
};

// What both kinds know.
struct JsonShared {
  const JsonFields& fields;
  const RowRules& rules;
  std::uint64_t start;  // where blocks begin: behind the mark, or at the opening bracket
};

class JsonLinesFormat {
 public:
  struct State {
    bool line_start = true;
    bool after_cr = false;
  };
  explicit JsonLinesFormat(const JsonShared& shared) : shared_(shared) {}

  State initial() const { return {}; }
  std::uint64_t data_start() const { return shared_.start; }
  const Layout& layout() const { return shared_.rules.layout(); }
  bool between_records(const State& state) const { return state.line_start; }
  State scan(State in, std::string_view block, std::uint64_t) const {
    return block.empty() ? in : State{block.back() == '\n', block.back() == '\r'};
  }
  std::size_t finish(State&, std::string_view more) const {
    const std::size_t end = more.find('\n');
    return end == std::string_view::npos ? end : end + 1;
  }
  void parse(const State& in, const BlockText& text, Emitter& out) const;
  void parse_at(const State& in, const BlockText& text, std::span<const std::uint64_t> wanted, Emitter& out) const;

 private:
  void line(JsonRecordReader& reader, JsonLines& lines, const BlockText& text, std::size_t from, std::size_t to) const;
  JsonShared shared_;
};

class JsonArrayFormat {
 public:
  enum class Phase : std::uint8_t { root, first, value, inside, after, end };
  struct State {
    Phase phase = Phase::root;
    bool scalar = false;   // inside a number or a word: it has no end mark of its own
    bool quoted = false;   // inside a string
    bool escaped = false;  // behind a backslash
    bool after_cr = false;
    std::uint64_t depth = 0;  // brackets open inside the element
  };
  explicit JsonArrayFormat(const JsonShared& shared) : shared_(shared) {}

  State initial() const { return {}; }
  std::uint64_t data_start() const { return shared_.start; }
  const Layout& layout() const { return shared_.rules.layout(); }
  bool between_records(const State& state) const { return state.phase != Phase::inside; }
  // Throws Error(json_malformed) with a byte at which the outer structure is certainly broken.
  State scan(State in, std::string_view block, std::uint64_t offset) const;
  std::size_t finish(State& state, std::string_view more) const { return element_end(state, more); }
  void parse(const State& in, const BlockText& text, Emitter& out) const;
  void parse_at(const State& in, const BlockText& text, std::span<const std::uint64_t> wanted, Emitter& out) const;

 private:
  static bool outer(State& state, char byte) noexcept;
  static std::size_t element_end(State& state, std::string_view text) noexcept;
  static std::size_t next_element(State& state, std::string_view text, std::size_t from, std::uint64_t offset);
  bool element(JsonRecordReader& reader, JsonLines& lines, const BlockText& text, std::size_t from,
               std::size_t& to) const;
  JsonShared shared_;
};

}  // namespace cuadre
