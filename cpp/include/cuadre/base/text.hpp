// Bytes and text: encodings, UTF-8, and what may be shown of what strangers write.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace cuadre {

// utf8 takes a byte order mark if there is one. Nothing is ever detected, replaced or repaired.
enum class Encoding : std::uint8_t { utf8, latin1, windows1252 };

bool is_ascii(std::string_view bytes) noexcept;
bool is_utf8(std::string_view bytes) noexcept;
void append_utf8(std::string& text, char32_t point);  // a Unicode scalar value

// Latin-1 or Windows-1252 to UTF-8; nullopt where a byte has no meaning (1252: 81 8D 8F 90 9D).
std::optional<std::string> decode_single_byte(std::string_view bytes, Encoding encoding);

// Text in that encoding as printable UTF-8 of at most so many bytes: invalid bytes and controls become \xNN; no
// character is cut in two.
std::string printable(std::string_view bytes, std::size_t most = std::string_view::npos,
                      Encoding encoding = Encoding::utf8);
// In quotes, for a message: the first 40 bytes, a question mark for all that is not printable ASCII.
std::string quoted(std::string_view text);
// An id, a voucher code or a person, known again by its end and no more: "…4321". Takes UTF-8 and counts characters.
std::string masked_end(std::string_view text);

}  // namespace cuadre
