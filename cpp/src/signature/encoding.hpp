// Signatures and keys as text. One spelling only: strict alphabets, full padding, zero trailing bits, no white space.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "cuadre/signature.hpp"

namespace cuadre {

enum class HexCase : std::uint8_t { lower, upper, either };

// False for anything that is not the canonical text; `out` is then unspecified. Times do not depend on the bytes more
// than on the length: what is decoded here is either public or a key read once.
bool hex_decode(std::string_view text, HexCase letters, std::string& out);
bool base64_decode(std::string_view text, std::string& out);
std::string hex_encode(std::string_view bytes, bool upper = false);
std::string base64_encode(std::string_view bytes);

bool decode(SignatureEncoding encoding, std::string_view text, std::string& out);
std::string encode(SignatureEncoding encoding, std::string_view bytes);

}  // namespace cuadre
