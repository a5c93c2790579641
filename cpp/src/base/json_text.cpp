#include "base/json_text.hpp"

#include "cuadre/base/text.hpp"

namespace cuadre {
namespace {

// Four hexadecimal digits at `at`, or -1.
std::int32_t hex4(std::string_view text, std::size_t at) noexcept {
  if (at + 4 > text.size()) return -1;
  std::int32_t value = 0;
  for (const char byte : text.substr(at, 4)) {
    const char lower = static_cast<char>(byte | 0x20);
    if (byte >= '0' && byte <= '9')
      value = value * 16 + (byte - '0');
    else if (lower >= 'a' && lower <= 'f')
      value = value * 16 + (lower - 'a' + 10);
    else
      return -1;
  }
  return value;
}

}  // namespace

JsonText append_unescaped(std::string& into, std::string_view raw) {
  for (std::size_t at = 0; at < raw.size(); ++at) {
    if (raw[at] != '\\') {
      into += raw[at];
      continue;
    }
    if (++at == raw.size()) return JsonText::malformed;
    constexpr std::string_view kEscapes = "\"\\/bfnrt";
    constexpr std::string_view kMeanings = "\"\\/\b\f\n\r\t";
    if (raw[at] != 'u') {
      const std::size_t which = kEscapes.find(raw[at]);
      if (which == std::string_view::npos) return JsonText::malformed;
      into += kMeanings[which];
      continue;
    }
    const std::int32_t unit = hex4(raw, at + 1);
    if (unit < 0) return JsonText::malformed;
    at += 4;
    auto point = static_cast<char32_t>(unit);
    if (unit >= 0xDC00 && unit <= 0xDFFF) return JsonText::lone_surrogate;
    if (unit >= 0xD800 && unit <= 0xDBFF) {
      const std::int32_t low = raw.substr(at + 1, 2) == "\\u" ? hex4(raw, at + 3) : -1;
      if (low < 0xDC00 || low > 0xDFFF) return JsonText::lone_surrogate;
      point = 0x10000U + ((point - 0xD800U) << 10U) + (static_cast<char32_t>(low) - 0xDC00U);
      at += 6;
    }
    append_utf8(into, point);
  }
  return JsonText::ok;
}

}  // namespace cuadre
