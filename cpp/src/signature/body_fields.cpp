#include "signature/body_fields.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>

#include "base/json_text.hpp"
#include "cuadre/base/text.hpp"

namespace cuadre {
namespace {

[[noreturn]] void malformed(const std::string& detail, bool repeated = false) { throw BodyRefused(detail, repeated); }

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

// How many of eight bytes stand before the first quote, backslash or control character; 8 where there is none.
std::size_t plain_bytes(const char* bytes) noexcept {
  constexpr std::uint64_t kOnes = 0x0101010101010101;
  constexpr std::uint64_t kHighs = 0x8080808080808080;
  static_assert(std::endian::native == std::endian::little);
  std::uint64_t word = 0;
  std::memcpy(&word, bytes, sizeof word);
  const auto zeros = [](std::uint64_t value) { return (value - kOnes) & ~value & kHighs; };
  const std::uint64_t control = (word - kOnes * 0x20) & ~word & kHighs;
  // A borrow may mark bytes that are none, but only behind the first that is.
  const std::uint64_t stops = control | zeros(word ^ kOnes * '"') | zeros(word ^ kOnes * '\\');
  return stops == 0 ? 8 : static_cast<std::size_t>(std::countr_zero(stops)) / 8;
}

}  // namespace

// Members return false where the text is refused; `refused` then says why. No exceptions: a signed body may be
// anything, and an id is looked for in all of them.
class JsonBodyReader {
 public:
  JsonBodyReader(std::string_view text, JsonBody& body) : text_(text), nodes_(body.nodes_), names_(body.names_) {}

  bool document() {
    if (!value({}, 0)) return false;
    blank();
    return at_ == text_.size() || fail("bytes behind the document");
  }
  BodyRefused refused() const {
    if (what_ == nullptr) return {"a name stands twice in one object", true};
    return {std::string("the body is not one strict JSON document: ") + what_ + ", at byte " + std::to_string(at_),
            false};
  }

 private:
  static constexpr int kDepthMax = 64;
  static constexpr std::size_t kValuesMax = 100'000;

  bool fail(const char* what) noexcept {
    what_ = what;
    return false;
  }
  void blank() noexcept {
    while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\n' || text_[at_] == '\r' || text_[at_] == '\t'))
      ++at_;
  }
  bool take(char c) noexcept {
    if (at_ >= text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }

  // `escaped`: the text without escapes stands in scratch_.
  bool string(std::string_view& raw, bool& escaped) {
    if (!take('"')) return fail("a name or string is missing");
    const std::size_t start = at_;
    escaped = false;
    for (;; ++at_) {
      while (text_.size() - at_ >= 8) {
        const std::size_t plain = plain_bytes(text_.data() + at_);
        at_ += plain;
        if (plain != 8) break;
      }
      if (at_ >= text_.size() || text_[at_] == '"') break;
      if (static_cast<unsigned char>(text_[at_]) < 0x20) return fail("a control character in a string");
      if (text_[at_] != '\\') continue;
      escaped = true;
      if (++at_ >= text_.size()) break;
    }
    if (at_ >= text_.size()) return fail("a string without an end");
    raw = text_.substr(start, at_ - start);
    scratch_.clear();
    if (escaped && append_unescaped(scratch_, raw) != JsonText::ok) return fail("an escape that JSON does not have");
    ++at_;
    return true;
  }

  std::size_t digits() noexcept {
    const std::size_t start = at_;
    while (at_ < text_.size() && text_[at_] >= '0' && text_[at_] <= '9') ++at_;
    return at_ - start;
  }

  bool number(std::string_view& raw) noexcept {
    const std::size_t start = at_;
    take('-');
    const bool zero = at_ < text_.size() && text_[at_] == '0';
    const std::size_t whole = digits();
    if (whole == 0) return fail("a digit is missing");
    if (whole > 1 && zero) return fail("a number with a leading zero");
    if (take('.') && digits() == 0) return fail("a digit is missing");
    if (take('e') || take('E')) {
      if (!take('+')) take('-');
      if (digits() == 0) return fail("a digit is missing");
    }
    raw = text_.substr(start, at_ - start);
    return true;
  }

  bool word(std::string_view expected, std::string_view& raw) noexcept {
    raw = text_.substr(at_, expected.size());
    if (raw != expected) return fail("a value is missing or unknown");
    at_ += expected.size();
    return true;
  }

  bool value(std::string_view name, int depth) {
    if (depth > kDepthMax) return fail("more than 64 levels");
    blank();
    const std::size_t index = nodes_.size();
    if (index == kValuesMax) return fail("more than 100,000 values");
    nodes_.emplace_back().name = name;
    std::string_view raw;
    const BodyKind kind = kind_at(at_ < text_.size() ? text_[at_] : '\0');
    if (!content(kind, index, depth, raw)) return false;
    nodes_[index].kind = kind;
    nodes_[index].raw = raw;
    nodes_[index].end = static_cast<std::uint32_t>(nodes_.size());
    return true;
  }

  static BodyKind kind_at(char first) noexcept {
    switch (first) {
      case '{':
        return BodyKind::object;
      case '[':
        return BodyKind::array;
      case '"':
        return BodyKind::string;
      case 't':
      case 'f':
        return BodyKind::boolean;
      case 'n':
        return BodyKind::null;
      default:
        return BodyKind::number;
    }
  }

  bool content(BodyKind kind, std::size_t index, int depth, std::string_view& raw) {
    bool escaped = false;
    switch (kind) {
      case BodyKind::object:
        return object(index, depth);
      case BodyKind::array:
        return array(depth);
      case BodyKind::string:
        return string(raw, escaped);
      case BodyKind::boolean:
        return word(text_[at_] == 't' ? "true" : "false", raw);
      case BodyKind::null:
        return word("null", raw);
      case BodyKind::number:
        break;
    }
    return number(raw);
  }

  bool object(std::size_t index, int depth) {
    constexpr std::size_t kMany = 64;
    std::size_t members = 0;
    take('{');
    blank();
    if (take('}')) return true;
    do {
      ++members;
      blank();
      std::string_view name;
      bool escaped = false;
      if (!string(name, escaped)) return false;
      if (escaped) name = names_.emplace_front(scratch_);
      blank();
      if (!take(':')) return fail("a colon is missing");
      if (!value(name, depth + 1)) return false;
      blank();
    } while (take(','));
    if (!take('}')) return fail("an object without an end");
    return !(members > kMany ? repeated_sorted(index) : repeated(index));
  }

  // A name is compared with those before it only where a small hash of it was seen: for most objects, never.
  bool repeated(std::size_t index) const noexcept {
    std::array<std::uint64_t, 16> seen{};
    for (std::size_t node = index + 1; node < nodes_.size(); node = nodes_[node].end) {
      const std::string_view name = nodes_[node].name;
      const std::size_t hash = small_hash(name);
      std::uint64_t& word = seen[hash / 64];
      const std::uint64_t bit = std::uint64_t{1} << hash % 64;
      if ((word & bit) != 0 && stands_before(name, index + 1, node)) return true;
      word |= bit;
    }
    return false;
  }
  // An object of very many names, for which that would be slow, is sorted.
  bool repeated_sorted(std::size_t index) const {
    std::vector<std::string_view> names;
    for (std::size_t node = index + 1; node < nodes_.size(); node = nodes_[node].end)
      names.push_back(nodes_[node].name);
    std::sort(names.begin(), names.end());
    return std::adjacent_find(names.begin(), names.end()) != names.end();
  }
  bool stands_before(std::string_view name, std::size_t from, std::size_t to) const noexcept {
    for (; from < to; from = nodes_[from].end) {
      if (nodes_[from].name == name) return true;
    }
    return false;
  }
  static std::size_t small_hash(std::string_view name) noexcept {  // below 1024
    std::uint64_t head = 0, tail = 0;
    if (name.size() >= 8) {
      std::memcpy(&head, name.data(), 8);
      std::memcpy(&tail, name.data() + name.size() - 8, 8);
    } else {
      for (const char c : name) head = head << 8U | static_cast<unsigned char>(c);
    }
    return static_cast<std::size_t>(((head ^ tail << 1U) + name.size()) * 0x9E3779B97F4A7C15U >> 54U);
  }

  bool array(int depth) {
    take('[');
    blank();
    if (take(']')) return true;
    do {
      if (!value({}, depth + 1)) return false;
      blank();
    } while (take(','));
    return take(']') || fail("an array without an end");
  }

  std::string_view text_;
  std::vector<JsonBody::Node>& nodes_;
  std::forward_list<std::string>& names_;
  std::size_t at_ = 0;
  const char* what_ = nullptr;  // null: a name that stands twice
  std::string scratch_;         // the last string that had escapes
};

JsonBody::JsonBody(std::string_view body) {
  if (const auto refused = read(body)) throw BodyRefused(*refused);
}

std::optional<BodyRefused> JsonBody::read(std::string_view body) {
  constexpr std::size_t kBytesMax = 1U << 30U;  // node numbers are 32 bits
  constexpr std::size_t kNodesFirst = 64;
  if (body.size() > kBytesMax) return BodyRefused("the body is over 1 GiB, which no gateway sends", false);
  if (!is_utf8(body)) return BodyRefused("the body is not UTF-8", false);
  nodes_.reserve(std::min(kNodesFirst, body.size() / 8 + 1));
  JsonBodyReader reader(body, *this);
  if (!reader.document()) return reader.refused();
  return std::nullopt;
}

const JsonBody::Node* JsonBody::at(std::string_view path) const {
  std::size_t index = 0;
  while (true) {
    const std::size_t dot = path.find('.');
    const std::string_view step = path.substr(0, dot);
    const Node& node = nodes_[index];
    if (node.kind == BodyKind::array && step == "0") {
      if (node.end == index + 1) return nullptr;
      if (nodes_[index + 1].end != node.end) malformed("a list of several elements where the gateway sends one");
      ++index;
    } else if (node.kind == BodyKind::object) {
      std::size_t member = index + 1;
      while (member < node.end && nodes_[member].name != step) member = nodes_[member].end;
      if (member >= node.end) return nullptr;
      index = member;
    } else {
      return nullptr;
    }
    if (dot == std::string_view::npos) return &nodes_[index];
    path.remove_prefix(dot + 1);
  }
}

BodyValue JsonBody::value(const Node& node) {
  BodyValue out{node.kind, {}};
  if (node.kind == BodyKind::string) {
    append_unescaped(out.text, node.raw);
  } else if (node.kind != BodyKind::null) {
    out.text = std::string(node.raw);
  }
  return out;
}

std::optional<BodyValue> JsonBody::find(std::string_view path) const {
  const Node* node = path.empty() ? &nodes_[0] : at(path);
  if (node == nullptr) return std::nullopt;
  return value(*node);
}

std::optional<std::vector<std::string>> JsonBody::list(std::string_view path) const {
  const Node* node = at(path);
  if (node == nullptr) return std::nullopt;
  if (node->kind != BodyKind::array) malformed("the list is not a list");
  std::vector<std::string> out;
  const auto index = static_cast<std::size_t>(node - nodes_.data());
  for (std::size_t i = index + 1; i < node->end; i = nodes_[i].end) {
    if (nodes_[i].kind != BodyKind::string) malformed("the list holds something that is not a name");
    out.push_back(value(nodes_[i]).text);
  }
  return out;
}

std::vector<std::pair<std::string, BodyValue>> JsonBody::members(std::string_view prefix) const {
  if (nodes_[0].kind != BodyKind::object) malformed("the body is not an object");
  std::vector<std::pair<std::string, BodyValue>> out;
  for (std::size_t i = 1; i < nodes_[0].end; i = nodes_[i].end) {
    if (nodes_[i].name.starts_with(prefix)) out.emplace_back(nodes_[i].name, value(nodes_[i]));
  }
  std::sort(out.begin(), out.end(), [](const auto& left, const auto& right) { return left.first < right.first; });
  return out;
}

namespace {

// What is wrong with it, or null.
const char* unescape_form(std::string_view text, std::string& out) {
  out.reserve(text.size());
  const char* doubt = nullptr;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '+') {
      out += ' ';
    } else if (text[i] != '%') {
      out += text[i];
    } else {
      const int high = text.size() - i > 2 ? hex_value(text[i + 1]) : -1;
      const int low = text.size() - i > 2 ? hex_value(text[i + 2]) : -1;
      if (high < 0 || low < 0) {
        doubt = "has a percent sign without two hex digits behind it";
        out += '%';  // as lenient readers have it, so that a name is still found
        continue;
      }
      out += static_cast<char>(high * 16 + low);
      i += 2;
    }
  }
  return doubt == nullptr && !is_utf8(out) ? "is not UTF-8" : doubt;
}

[[noreturn]] void doubtful(std::string_view name, const char* doubt, bool repeated) {
  malformed("the form or query field \"" + std::string(is_utf8(name) ? name : "?") + "\" " + doubt, repeated);
}

constexpr const char* kTwice = "stands twice";

}  // namespace

FormFields::FormFields(std::string_view text) {
  while (!text.empty()) {
    const std::size_t end = text.find('&');
    const std::string_view pair = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    if (pair.empty()) continue;
    if (fields_.size() == kFieldsMax)
      malformed("a form or query of over " + std::to_string(kFieldsMax) + " fields, which no gateway sends");
    const std::size_t equals = pair.find('=');
    Field& field = fields_.emplace_back();
    field.doubt = unescape_form(pair.substr(0, equals), field.name);
    if (equals == std::string_view::npos) {
      field.doubt = "has no =";
    } else if (const char* doubt = unescape_form(pair.substr(equals + 1), field.value)) {
      field.doubt = doubt;
    }
  }
}

const std::string* FormFields::find(std::string_view name) const {
  const Field* found = nullptr;
  for (const Field& field : fields_) {
    if (field.name != name) continue;
    if (found != nullptr) doubtful(name, kTwice, true);
    found = &field;
  }
  if (found == nullptr) return nullptr;
  if (found->doubt != nullptr) doubtful(name, found->doubt, false);
  return &found->value;
}

std::vector<std::pair<std::string, std::string>> FormFields::members(std::string_view prefix) const {
  std::vector<std::pair<std::string, std::string>> out;
  for (const Field& field : fields_) {
    if (!field.name.starts_with(prefix)) continue;
    if (field.doubt != nullptr) doubtful(field.name, field.doubt, false);
    out.emplace_back(field.name, field.value);
  }
  std::sort(out.begin(), out.end());
  for (std::size_t i = 1; i < out.size(); ++i) {
    if (out[i].first == out[i - 1].first) doubtful(out[i].first, kTwice, true);
  }
  return out;
}

}  // namespace cuadre
