// Bytes to text: what can be shown, and the single-byte encodings.
#include "cuadre/base/text.hpp"

#include <simdjson.h>

#include <algorithm>
#include <array>
#include <cstring>

namespace cuadre {
namespace {

// Windows-1252 0x80-0x9F; 0 where the byte has no meaning. Source: Unicode's mapping table for CP1252.
constexpr std::array<char16_t, 32> kWindows1252 = {0x20AC, 0,      0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021,
                                                   0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0,      0x017D, 0,
                                                   0,      0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014,
                                                   0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0,      0x017E, 0x0178};

// 0 where the byte has no meaning.
char32_t point_of(unsigned char byte, Encoding encoding) noexcept {
  return encoding == Encoding::windows1252 && byte >= 0x80 && byte < 0xA0 ? kWindows1252[byte - 0x80U] : byte;
}

void append_hex(std::string& text, unsigned char byte) {
  constexpr char kDigits[] = "0123456789ABCDEF";
  text += "\\x";
  text += kDigits[byte >> 4U];
  text += kDigits[byte & 15U];
}

// Length of the valid UTF-8 sequence at the start, 0 if there is none.
std::size_t sequence(std::string_view bytes) noexcept {
  const auto lead = static_cast<unsigned char>(bytes[0]);
  if (lead < 0x80) return 1;
  const std::size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  return bytes.size() >= length && is_utf8(bytes.substr(0, length)) ? length : 0;
}

}  // namespace

bool is_ascii(std::string_view bytes) noexcept {
  const char* at = bytes.data();
  std::size_t left = bytes.size();
  std::uint64_t seen = 0;
  for (; left >= 8; left -= 8, at += 8) {
    std::uint64_t word;
    std::memcpy(&word, at, 8);
    seen |= word;
  }
  for (; left != 0; --left, ++at) seen |= static_cast<unsigned char>(*at);
  return (seen & 0x8080808080808080U) == 0;
}

bool is_utf8(std::string_view bytes) noexcept { return simdjson::validate_utf8(bytes.data(), bytes.size()); }

void append_utf8(std::string& text, char32_t point) {
  const auto tail = [&](unsigned shift) { text += static_cast<char>(0x80U | ((point >> shift) & 0x3FU)); };
  if (point < 0x80) {
    text += static_cast<char>(point);
  } else if (point < 0x800) {
    text += static_cast<char>(0xC0U | (point >> 6U)), tail(0);
  } else if (point < 0x10000) {
    text += static_cast<char>(0xE0U | (point >> 12U)), tail(6), tail(0);
  } else {
    text += static_cast<char>(0xF0U | (point >> 18U)), tail(12), tail(6), tail(0);
  }
}

std::string printable(std::string_view bytes, std::size_t most, Encoding encoding) {
  std::string text;
  text.reserve(std::min(bytes.size(), most));
  std::string piece;
  for (std::size_t length = 0; !bytes.empty(); bytes.remove_prefix(length)) {
    const auto byte = static_cast<unsigned char>(bytes[0]);
    length = encoding == Encoding::utf8 ? sequence(bytes) : 1;
    const char32_t point = length == 1 ? point_of(byte, encoding) : 0xFFFF;
    piece.clear();
    // C1 controls are no text either, though Latin-1 has them.
    if (length == 0 || (point < 0x20 && byte != '\t') || (point >= 0x7F && point < 0xA0)) {
      append_hex(piece, byte);
      length = 1;
    } else if (length == 1) {
      append_utf8(piece, point);
    } else {
      piece = bytes.substr(0, length);
    }
    if (piece.size() > most - text.size()) break;
    text += piece;
  }
  return text;
}

std::string quoted(std::string_view text) {
  constexpr std::size_t kShown = 40;
  std::string shown = "\"";
  for (const char c : text.substr(0, kShown)) shown += c >= ' ' && c <= '~' ? c : '?';
  return shown + (text.size() > kShown ? "...\"" : "\"");
}

std::string masked_end(std::string_view text) {
  const auto starts = [](char byte) { return (static_cast<unsigned char>(byte) & 0xC0U) != 0x80U; };
  const auto letters = std::count_if(text.begin(), text.end(), starts);
  auto left = letters >= 9 ? 4 : letters >= 5 ? 2 : 0;
  std::size_t from = text.size();
  while (left > 0) left -= starts(text[--from]) ? 1 : 0;
  return "…" + std::string(text.substr(from));
}

std::optional<std::string> decode_single_byte(std::string_view bytes, Encoding encoding) {
  std::string text;
  text.reserve(bytes.size() + bytes.size() / 8 + 4);
  for (const char at : bytes) {
    const char32_t point = point_of(static_cast<unsigned char>(at), encoding);
    if (point == 0 && at != 0) return std::nullopt;
    append_utf8(text, point);
  }
  return text;
}

}  // namespace cuadre
