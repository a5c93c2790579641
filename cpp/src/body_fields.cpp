#include "body_fields.hpp"

#include <algorithm>
#include <cstring>

#include "rows.hpp"

namespace cuadre {
namespace {

[[noreturn]] void malformed(const std::string& detail, bool repeated = false) { throw BodyRefused(detail, repeated); }

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

// Four hex digits at `at`, or -1.
int unit_at(std::string_view raw, std::size_t at) {
  if (at + 4 > raw.size()) return -1;
  int value = 0;
  for (std::size_t i = at; i < at + 4; ++i) {
    const int digit = hex_value(raw[i]);
    if (digit < 0) return -1;
    value = value * 16 + digit;
  }
  return value;
}

void append_utf8(std::string& out, std::uint32_t point) {
  if (point < 0x80) {
    out += static_cast<char>(point);
    return;
  }
  if (point < 0x800) {
    out += static_cast<char>(0xC0U | point >> 6U);
  } else {
    if (point < 0x10000) {
      out += static_cast<char>(0xE0U | point >> 12U);
    } else {
      out += static_cast<char>(0xF0U | point >> 18U);
      out += static_cast<char>(0x80U | (point >> 12U & 63U));
    }
    out += static_cast<char>(0x80U | (point >> 6U & 63U));
  }
  out += static_cast<char>(0x80U | (point & 63U));
}

// The escape behind the backslash at `at`; `at` moves to its last byte. False for what JSON does not have.
bool append_escape(std::string_view raw, std::size_t& at, std::string& out) {
  if (++at >= raw.size()) return false;
  constexpr std::string_view kFrom = "\"\\/bfnrt";
  constexpr std::string_view kTo = "\"\\/\b\f\n\r\t";
  if (raw[at] != 'u') {
    const std::size_t index = kFrom.find(raw[at]);
    if (index == std::string_view::npos) return false;
    out += kTo[index];
    return true;
  }
  const int unit = unit_at(raw, at + 1);
  if (unit < 0 || (unit >= 0xDC00 && unit <= 0xDFFF)) return false;
  at += 4;
  if (unit < 0xD800 || unit > 0xDBFF) {
    append_utf8(out, static_cast<std::uint32_t>(unit));
    return true;
  }
  if (raw.substr(std::min(raw.size(), at + 1), 2) != "\\u") return false;
  const int low = unit_at(raw, at + 3);
  if (low < 0xDC00 || low > 0xDFFF) return false;
  at += 6;
  append_utf8(out,
              0x10000U + (static_cast<std::uint32_t>(unit - 0xD800) << 10U) + static_cast<std::uint32_t>(low - 0xDC00));
  return true;
}

bool unescape(std::string_view raw, std::string& out) {
  out.clear();
  for (std::size_t i = 0; i < raw.size(); ++i) {
    if (raw[i] != '\\') {
      out += raw[i];
    } else if (!append_escape(raw, i, out)) {
      return false;
    }
  }
  return true;
}

}  // namespace

namespace {

// Eight bytes at once: no quote, no backslash and no control character among them.
bool all_plain(const char* bytes) {
  constexpr std::uint64_t kOnes = 0x0101010101010101;
  constexpr std::uint64_t kHighs = 0x8080808080808080;
  std::uint64_t word = 0;
  std::memcpy(&word, bytes, sizeof word);
  const auto any_zero = [](std::uint64_t value) { return (value - kOnes) & ~value & kHighs; };
  const std::uint64_t control = (word - kOnes * 0x20) & ~word & kHighs;
  return (control | any_zero(word ^ kOnes * '"') | any_zero(word ^ kOnes * '\\')) == 0;
}

}  // namespace

class JsonBodyReader {
 public:
  JsonBodyReader(std::string_view text, std::vector<JsonBody::Node>& nodes) : text_(text), nodes_(nodes) {}

  void document() {
    value({}, 0);
    blank();
    if (at_ != text_.size()) fail("bytes behind the document");
  }

 private:
  static constexpr int kDepthMax = 64;

  [[noreturn]] void fail(const char* what) const {
    malformed(std::string("the body is not one strict JSON document: ") + what + ", at byte " + std::to_string(at_));
  }
  void blank() {
    while (at_ < text_.size() && std::string_view(" \t\r\n").find(text_[at_]) != std::string_view::npos) ++at_;
  }
  bool take(char c) {
    if (at_ >= text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }

  std::string_view string() {
    if (!take('"')) fail("a name or string is missing");
    const std::size_t start = at_;
    for (;; ++at_) {
      while (text_.size() - at_ >= 8 && all_plain(text_.data() + at_)) at_ += 8;
      if (at_ >= text_.size() || text_[at_] == '"') break;
      if (static_cast<unsigned char>(text_[at_]) < 0x20) fail("a control character in a string");
      if (text_[at_] == '\\' && ++at_ >= text_.size()) break;
    }
    if (at_ >= text_.size()) fail("a string without an end");
    const std::string_view raw = text_.substr(start, at_ - start);
    if (raw.find('\\') != std::string_view::npos && !unescape(raw, scratch_)) fail("an escape that JSON does not have");
    ++at_;
    return raw;
  }

  std::size_t digits() {
    const std::size_t start = at_;
    while (at_ < text_.size() && text_[at_] >= '0' && text_[at_] <= '9') ++at_;
    if (at_ == start) fail("a digit is missing");
    return at_ - start;
  }

  std::string_view number() {
    const std::size_t start = at_;
    take('-');
    const bool zero = at_ < text_.size() && text_[at_] == '0';
    if (digits() > 1 && zero) fail("a number with a leading zero");
    if (take('.')) digits();
    if (take('e') || take('E')) {
      if (!take('+')) take('-');
      digits();
    }
    return text_.substr(start, at_ - start);
  }

  std::string_view word(std::string_view expected) {
    if (text_.substr(at_, expected.size()) != expected) fail("a value is missing or unknown");
    at_ += expected.size();
    return text_.substr(at_ - expected.size(), expected.size());
  }

  void value(std::string name, int depth) {
    if (depth > kDepthMax) fail("more than 64 levels");
    blank();
    const std::size_t index = nodes_.size();
    nodes_.emplace_back().name = std::move(name);
    const char first = at_ < text_.size() ? text_[at_] : '\0';
    BodyKind kind = BodyKind::number;
    std::string_view raw;
    if (first == '{') {
      kind = BodyKind::object;
      object(index, depth);
    } else if (first == '[') {
      kind = BodyKind::array;
      array(depth);
    } else if (first == '"') {
      kind = BodyKind::string;
      raw = string();
    } else if (first == 't' || first == 'f') {
      kind = BodyKind::boolean;
      raw = word(first == 't' ? "true" : "false");
    } else if (first == 'n') {
      kind = BodyKind::null;
      raw = word("null");
    } else {
      raw = number();
    }
    nodes_[index].kind = kind;
    nodes_[index].raw = raw;
    nodes_[index].end = static_cast<std::uint32_t>(nodes_.size());
  }

  void object(std::size_t index, int depth) {
    take('{');
    blank();
    if (take('}')) return;
    do {
      blank();
      const std::string_view raw = string();
      std::string name(raw);
      if (raw.find('\\') != std::string_view::npos) name = scratch_;
      blank();
      if (!take(':')) fail("a colon is missing");
      value(std::move(name), depth + 1);
      blank();
    } while (take(','));
    if (!take('}')) fail("an object without an end");
    refuse_repeated(index);
  }

  void refuse_repeated(std::size_t index) const {
    std::vector<std::string_view> names;
    for (std::size_t i = index + 1; i < nodes_.size(); i = nodes_[i].end) names.emplace_back(nodes_[i].name);
    std::sort(names.begin(), names.end());
    if (std::adjacent_find(names.begin(), names.end()) != names.end())
      malformed("a name stands twice in one object", true);
  }

  void array(int depth) {
    take('[');
    blank();
    if (take(']')) return;
    do {
      value({}, depth + 1);
      blank();
    } while (take(','));
    if (!take(']')) fail("an array without an end");
  }

  std::string_view text_;
  std::vector<JsonBody::Node>& nodes_;
  std::size_t at_ = 0;
  std::string scratch_;  // the last string that had escapes
};

JsonBody::JsonBody(std::string_view body) {
  constexpr std::size_t kBytesMax = 1U << 30U;  // node numbers are 32 bits
  if (body.size() > kBytesMax) malformed("the body is over 1 GiB, which no gateway sends");
  if (!is_utf8(body)) malformed("the body is not UTF-8");
  JsonBodyReader(body, nodes_).document();
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
    unescape(node.raw, out.text);
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

std::string unescape_form(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '+') {
      out += ' ';
    } else if (text[i] != '%') {
      out += text[i];
    } else {
      const int high = text.size() - i > 2 ? hex_value(text[i + 1]) : -1;
      const int low = text.size() - i > 2 ? hex_value(text[i + 2]) : -1;
      if (high < 0 || low < 0) malformed("a percent sign without two hex digits behind it");
      out += static_cast<char>(high * 16 + low);
      i += 2;
    }
  }
  if (!is_utf8(out)) malformed("a field that is not UTF-8");
  return out;
}

}  // namespace

FormFields read_form_fields(std::string_view text) {
  FormFields fields;
  if (text.empty()) return fields;
  while (true) {
    const std::size_t end = text.find('&');
    const std::string_view pair = text.substr(0, end);
    const std::size_t equals = pair.find('=');
    if (equals == std::string_view::npos || equals == 0) malformed("a form or query field without a name or without =");
    fields.emplace_back(unescape_form(pair.substr(0, equals)), unescape_form(pair.substr(equals + 1)));
    if (end == std::string_view::npos) break;
    text.remove_prefix(end + 1);
  }
  std::vector<std::string_view> names;
  names.reserve(fields.size());
  for (const auto& field : fields) names.emplace_back(field.first);
  std::sort(names.begin(), names.end());
  if (std::adjacent_find(names.begin(), names.end()) != names.end())
    malformed("a form or query field stands twice", true);
  return fields;
}

const std::string* find_form_field(const FormFields& fields, std::string_view name) noexcept {
  for (const auto& field : fields) {
    if (field.first == name) return &field.second;
  }
  return nullptr;
}

}  // namespace cuadre
