#include "settlement/formats/json_scan.hpp"

#include <algorithm>
#include <array>

namespace cuadre {
namespace {

constexpr auto npos = std::string_view::npos;

// Bytes that matter inside an object or array: quotes and brackets. Commas and colons are for the element's parser.
constexpr std::array<bool, 256> kStructure = [] {
  std::array<bool, 256> table{};
  for (const char byte : {'"', '{', '}', '[', ']'}) table[static_cast<unsigned char>(byte)] = true;
  return table;
}();

bool ends_scalar(char byte) noexcept { return json_blank(byte) || byte == ',' || byte == ']' || byte == '}'; }

[[noreturn]] void fail(std::uint64_t offset) {
  throw Error(ErrorCode::json_malformed, "this is not JSON", {{}, 0, 0, static_cast<std::int64_t>(offset)});
}

}  // namespace

void JsonLinesFormat::line(JsonRecordReader& reader, JsonLines& lines, const BlockText& text, std::size_t from,
                           std::size_t to) const {
  if (to - from > layout().record_bytes_max) {
    return reader.too_long({text.data + from, to - from}, text.offset + from, lines.at(from));
  }
  while (from < to && json_blank(text.data[from])) ++from;
  while (from < to && json_blank(text.data[to - 1])) --to;
  if (from < to) reader.read({text.data + from, to - from}, text.offset + from, lines.at(from));
}

void JsonLinesFormat::parse(const State& in, const BlockText& text, Emitter& out) const {
  JsonRecordReader reader(shared_.fields, shared_.rules, out, false);
  JsonLines lines(text);
  const std::string_view all(text.data, text.readable);
  std::size_t from = 0;
  if (!in.line_start) {
    from = all.find('\n');
    if (from == npos) return;  // the line that began before this block fills it
    ++from;
  }
  while (from < text.size) {
    const std::size_t to = std::min(all.find('\n', from), all.size());
    line(reader, lines, text, from, to);
    from = to + 1;
  }
}

void JsonLinesFormat::parse_at(const State&, const BlockText& text, std::span<const std::uint64_t> wanted,
                               Emitter& out) const {
  JsonRecordReader reader(shared_.fields, shared_.rules, out, false);
  JsonLines lines(text);
  const std::string_view all(text.data, text.readable);
  for (const std::uint64_t offset : wanted) {
    const auto from = static_cast<std::size_t>(offset - text.offset);
    if (from < all.size()) line(reader, lines, text, from, std::min(all.find('\n', from), all.size()));
  }
}

// One byte outside of elements; false when it may not stand there. An element's first byte sets the state inside.
bool JsonArrayFormat::outer(State& state, char byte) noexcept {
  if (json_blank(byte)) return true;
  switch (state.phase) {
    case Phase::root:
      state.phase = Phase::first;
      return byte == '[';
    case Phase::after:
      state.phase = byte == ',' ? Phase::value : Phase::end;
      return byte == ',' || byte == ']';
    case Phase::first:
      if (byte == ']') {
        state.phase = Phase::end;
        return true;
      }
      [[fallthrough]];
    case Phase::value:
      state.phase = Phase::inside;
      state.quoted = state.escaped = state.scalar = false;
      state.depth = 0;
      state.scalar = byte != '{' && byte != '[' && byte != '"';
      return !ends_scalar(byte);
    default:
      return false;
  }
}

// Goes on inside an element; the index behind its last byte, or npos when it is still open.
std::size_t JsonArrayFormat::element_end(State& state, std::string_view text) noexcept {
  std::size_t at = 0;
  if (state.scalar) {
    while (at < text.size() && !ends_scalar(text[at])) ++at;
    if (at == text.size()) return npos;
    state.phase = Phase::after;
    return at;
  }
  while (at < text.size()) {
    if (state.quoted) {
      if (state.escaped) {
        state.escaped = false;
        ++at;
        continue;
      }
      while (at < text.size() && text[at] != '"' && text[at] != '\\') ++at;
      if (at == text.size()) return npos;
      state.escaped = text[at] == '\\';
      state.quoted = state.escaped;
      ++at;
      if (state.quoted || state.depth != 0) continue;
      state.phase = Phase::after;  // the element is a string
      return at;
    }
    while (at < text.size() && !kStructure[static_cast<unsigned char>(text[at])]) ++at;
    if (at == text.size()) return npos;
    const char byte = text[at++];
    if (byte == '"') {
      state.quoted = true;
    } else if (byte == '{' || byte == '[') {
      ++state.depth;
    } else if (--state.depth == 0) {
      state.phase = Phase::after;
      return at;
    }
  }
  return npos;
}

// The next element's first byte at or behind `from`, with the state just inside; text.size() when there is none.
std::size_t JsonArrayFormat::next_element(State& state, std::string_view text, std::size_t from, std::uint64_t offset) {
  for (; from < text.size(); ++from) {
    if (!outer(state, text[from])) fail(offset + from);
    if (state.phase == Phase::inside) return from;
  }
  return from;
}

JsonArrayFormat::State JsonArrayFormat::scan(State in, std::string_view block, std::uint64_t offset) const {
  std::size_t at = 0;
  while (at < block.size()) {
    if (in.phase != Phase::inside) {
      at = next_element(in, block, at, offset);
      if (at == block.size()) break;
    }
    const std::size_t end = element_end(in, block.substr(at));
    at = end == npos ? block.size() : at + end;
  }
  if (!block.empty()) in.after_cr = block.back() == '\r';
  return in;
}

// False when the element does not end in the text: too long to be read, or the file ends inside it.
bool JsonArrayFormat::element(JsonRecordReader& reader, JsonLines& lines, const BlockText& text, std::size_t from,
                              std::size_t& to) const {
  State state;
  state.phase = Phase::value;
  outer(state, text.data[from]);
  const std::string_view rest(text.data + from, text.readable - from);
  std::size_t length = element_end(state, rest);
  // A scalar's end is known by the byte behind it, which may stand outside of the text.
  const bool whole = length != npos || (state.scalar && !text.cut);
  if (length == npos) length = rest.size();
  to = from + length;
  if (length > layout().record_bytes_max) {
    reader.too_long(rest.substr(0, length), text.offset + from, lines.at(from));
  } else if (whole) {
    reader.read(rest.substr(0, length), text.offset + from, lines.at(from));
  }
  return whole;
}

void JsonArrayFormat::parse(const State& in, const BlockText& text, Emitter& out) const {
  JsonRecordReader reader(shared_.fields, shared_.rules, out, true);
  JsonLines lines(text);
  State state = in;
  std::size_t at = 0;
  if (state.phase == Phase::inside) {
    at = element_end(state, {text.data, text.readable});
    if (at == npos) return;
  }
  const std::string_view own(text.data, text.size);
  while (at < text.size) {
    at = next_element(state, own, at, text.offset);
    if (at == text.size || !element(reader, lines, text, at, at)) return;
    state.phase = Phase::after;
  }
}

void JsonArrayFormat::parse_at(const State&, const BlockText& text, std::span<const std::uint64_t> wanted,
                               Emitter& out) const {
  JsonRecordReader reader(shared_.fields, shared_.rules, out, true);
  JsonLines lines(text);
  for (const std::uint64_t offset : wanted) {
    auto at = static_cast<std::size_t>(offset - text.offset);
    if (at < text.readable) element(reader, lines, text, at, at);
  }
}

}  // namespace cuadre
