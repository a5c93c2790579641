// The escapes of JSON text.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace cuadre {

enum class JsonText : std::uint8_t { ok, malformed, lone_surrogate };

// Appends the text between two quotes without its escapes. Not simdjson's: 3.0.1 lets a low surrogate stand alone and
// joins a high one with whatever \u follows.
JsonText append_unescaped(std::string& into, std::string_view raw);

}  // namespace cuadre
