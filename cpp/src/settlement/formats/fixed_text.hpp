// Where positions of a fixed-width record stand in its bytes.
#pragma once

#include <cstddef>
#include <cstring>
#include <string_view>

#include "cuadre/settlement/layout.hpp"
#include "settlement/rows.hpp"

namespace cuadre {

inline std::string_view trim_blanks(std::string_view text) noexcept {
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);  // first, so that a blank field stays where it is
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  return text;
}

inline bool is_blank(std::string_view text) noexcept { return text.find_first_not_of(" \t") == std::string_view::npos; }

// One record whose positions are bytes or, where declared and where it matters, characters of UTF-8.
class FixedText {
 public:
  FixedText(std::string_view bytes, bool in_characters) noexcept
      : bytes_(bytes), wide_(in_characters && !is_ascii(bytes)) {}

  std::string_view bytes() const noexcept { return bytes_; }
  std::size_t length() const noexcept { return wide_ ? characters(bytes_) : bytes_.size(); }

  // The part of these positions that exists; never null.
  std::string_view slice(const Place& place) const noexcept {
    return between(place.start - 1, std::size_t{place.start} - 1 + place.length);
  }
  std::string_view from(std::size_t position) const noexcept { return bytes_.substr(byte_of(position)); }

  // Begins inside the record and ends outside: what is left of a number there is another number.
  bool cuts(const Place& place) const noexcept {
    const std::size_t have = length();
    return have >= place.start && have < std::size_t{place.start} - 1 + place.length;
  }

  // 1-based position of a byte of this record.
  std::size_t position_of(const char* at) const noexcept {
    const auto byte = static_cast<std::size_t>(at - bytes_.data());
    return 1 + (wide_ ? characters(bytes_.substr(0, byte)) : byte);
  }

 private:
  static bool leads(char byte) noexcept { return (static_cast<unsigned char>(byte) & 0xC0U) != 0x80U; }
  static std::size_t characters(std::string_view text) noexcept {
    std::size_t count = 0;
    for (const char byte : text) count += leads(byte) ? 1U : 0U;
    return count;
  }
  std::size_t byte_of(std::size_t position) const noexcept {
    if (!wide_) return position < bytes_.size() ? position : bytes_.size();
    std::size_t at = 0;
    for (; at < bytes_.size(); ++at) {
      if (leads(bytes_[at]) && position-- == 0) break;
    }
    return at;
  }
  std::string_view between(std::size_t first, std::size_t last) const noexcept {
    const std::size_t from = byte_of(first);
    return bytes_.substr(from, byte_of(last) - from);
  }

  std::string_view bytes_;
  bool wide_;
};

// Line ends of a text, found in rising order: LF, CRLF and a lone CR each end one line. Each search runs once over the
// text however rare its byte is.
class LineEnds {
 public:
  explicit LineEnds(std::string_view text) noexcept : text_(text) {}

  // Index of the first CR or LF at or behind `at`, or the text's size.
  std::size_t next(std::size_t at) noexcept {
    if (lf_ < at || lf_ == kUnknown) lf_ = find('\n', at);
    if (cr_ < at || cr_ == kUnknown) cr_ = find('\r', at);
    return lf_ < cr_ ? lf_ : cr_;
  }

 private:
  static constexpr std::size_t kUnknown = static_cast<std::size_t>(-1);
  std::size_t find(char byte, std::size_t at) const noexcept {
    if (at >= text_.size()) return text_.size();
    const void* found = std::memchr(text_.data() + at, byte, text_.size() - at);
    return found == nullptr ? text_.size() : static_cast<std::size_t>(static_cast<const char*>(found) - text_.data());
  }
  std::string_view text_;
  std::size_t lf_ = kUnknown, cr_ = kUnknown;
};

}  // namespace cuadre
