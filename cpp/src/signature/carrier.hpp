// Where signatures stand: header lines, and what is written in them.
#pragma once

#include <array>
#include <optional>
#include <span>
#include <string_view>

#include "cuadre/signature.hpp"

namespace cuadre {

inline constexpr std::size_t kCandidatesMax = 10;
inline constexpr std::size_t kHeaderBytesMax = 4096;

// ASCII letters alone fold: no Unicode letter may stand for an ASCII one.
bool same_header(std::string_view left, std::string_view right) noexcept;
// Nothing where it is absent. Throws header_repeated, too_long.
std::optional<std::string_view> find_header(std::span<const HeaderLine> headers, std::string_view name);

struct Candidates {
  std::array<std::string_view, kCandidatesMax> text;  // as written, not decoded yet
  std::size_t count = 0;
  std::optional<std::string_view> time;
};

// Throws header_malformed, encoding_malformed (empty), too_long.
Candidates read_carrier(const Carrier& carrier, std::string_view value);
// The opposite, for what we send.
std::string write_carrier(const Carrier& carrier, std::string_view signature, std::string_view time);

}  // namespace cuadre
