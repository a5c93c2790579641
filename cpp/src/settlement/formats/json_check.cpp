#include "settlement/formats/json_check.hpp"

#include <algorithm>

namespace cuadre {
namespace {

constexpr bool digit(char byte) noexcept { return byte >= '0' && byte <= '9'; }

std::size_t digits(std::string_view text, std::size_t at) noexcept {
  while (at < text.size() && digit(text[at])) ++at;
  return at;
}

}  // namespace

bool is_json_number(std::string_view text) noexcept {
  std::size_t at = !text.empty() && text[0] == '-' ? 1 : 0;
  const std::size_t first = at;
  at = digits(text, at);
  if (at == first || (text[first] == '0' && at != first + 1)) return false;
  if (at < text.size() && text[at] == '.') {
    const std::size_t end = digits(text, at + 1);
    if (end == at + 1) return false;
    at = end;
  }
  if (at < text.size() && (text[at] == 'e' || text[at] == 'E')) {
    ++at;
    if (at < text.size() && (text[at] == '+' || text[at] == '-')) ++at;
    const std::size_t end = digits(text, at);
    if (end == at) return false;
    at = end;
  }
  return at == text.size();
}

bool JsonCheck::feed(std::string_view bytes) {
  for (const char byte : bytes) {
    if (!step(byte)) return false;
    ++taken_;
  }
  return true;
}

bool JsonCheck::finish() noexcept {
  switch (phase_) {
    case Phase::zero:
    case Phase::integer:
    case Phase::fraction:
    case Phase::exponent:
      return nest_.empty();
    default:
      return phase_ == Phase::done;
  }
}

bool JsonCheck::open(bool object) {
  if (nest_.size() == kDepthMax) return false;
  nest_.push_back(object);
  phase_ = object ? Phase::key_or_close : Phase::value_or_close;
  return true;
}

bool JsonCheck::close(bool object) noexcept {
  if (nest_.empty() || nest_.back() != object) return false;
  nest_.pop_back();
  end_value();
  return true;
}

bool JsonCheck::begin_value(char byte) {
  switch (byte) {
    case '{':
      return open(true);
    case '[':
      return open(false);
    case '"':
      phase_ = Phase::text;
      is_key_ = false;
      return true;
    case '-':
      phase_ = Phase::minus;
      return true;
    case '0':
      phase_ = Phase::zero;
      return true;
    case 't':
      phase_ = Phase::literal;
      literal_ = "rue";
      return true;
    case 'f':
      phase_ = Phase::literal;
      literal_ = "alse";
      return true;
    case 'n':
      phase_ = Phase::literal;
      literal_ = "ull";
      return true;
    default:
      phase_ = Phase::integer;
      return digit(byte);
  }
}

bool JsonCheck::in_text(char byte) noexcept {
  if (phase_ == Phase::hex) {
    const char lower = static_cast<char>(byte | 0x20);
    if (!digit(byte) && (lower < 'a' || lower > 'f')) return false;
    if (--hex_left_ == 0) phase_ = Phase::text;
    return true;
  }
  if (phase_ == Phase::escape) {
    phase_ = byte == 'u' ? Phase::hex : Phase::text;
    hex_left_ = 4;
    return byte != 0 && std::string_view("\"\\/bfnrtu").find(byte) != std::string_view::npos;
  }
  if (static_cast<unsigned char>(byte) < 0x20) return false;
  if (byte == '\\') {
    phase_ = Phase::escape;
  } else if (byte == '"') {
    if (is_key_)
      phase_ = Phase::colon;
    else
      end_value();
  }
  return true;
}

bool JsonCheck::in_number(char byte) {
  const bool mark = byte == 'e' || byte == 'E';
  switch (phase_) {
    case Phase::minus:
      phase_ = byte == '0' ? Phase::zero : Phase::integer;
      return digit(byte);
    case Phase::point:
      phase_ = Phase::fraction;
      return digit(byte);
    case Phase::mark:
      phase_ = digit(byte) ? Phase::exponent : Phase::mark_sign;
      return digit(byte) || byte == '+' || byte == '-';
    case Phase::mark_sign:
      phase_ = Phase::exponent;
      return digit(byte);
    default:
      break;
  }
  if (digit(byte) && phase_ != Phase::zero) return true;
  if (mark && phase_ != Phase::exponent) {
    phase_ = Phase::mark;
    return true;
  }
  if (byte == '.' && (phase_ == Phase::zero || phase_ == Phase::integer)) {
    phase_ = Phase::point;
    return true;
  }
  end_value();
  return step(byte);  // the number ended before this byte; what follows is judged at once
}

bool JsonCheck::step(char byte) {
  switch (phase_) {
    case Phase::text:
    case Phase::escape:
    case Phase::hex:
      return in_text(byte);
    case Phase::literal:
      if (byte != literal_.front()) return false;
      literal_.remove_prefix(1);
      if (literal_.empty()) end_value();
      return true;
    case Phase::value:
    case Phase::value_or_close:
      if (json_blank(byte)) return true;
      return byte == ']' && phase_ == Phase::value_or_close ? close(false) : begin_value(byte);
    case Phase::key:
    case Phase::key_or_close:
      if (json_blank(byte)) return true;
      if (byte == '}' && phase_ == Phase::key_or_close) return close(true);
      phase_ = Phase::text;
      is_key_ = true;
      return byte == '"';
    case Phase::colon:
      if (json_blank(byte)) return true;
      phase_ = Phase::value;
      return byte == ':';
    case Phase::comma_or_close:
      if (json_blank(byte)) return true;
      if (byte == ']' || byte == '}') return close(byte == '}');
      phase_ = nest_.back() ? Phase::key : Phase::value;
      return byte == ',';
    case Phase::done:
      return json_blank(byte);
    default:
      return in_number(byte);
  }
}

}  // namespace cuadre
