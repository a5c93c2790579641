// Text from outside in a message: cut short, and only what prints.
#pragma once

#include <string>
#include <string_view>

namespace cuadre {

inline std::string quoted(std::string_view text) {
  constexpr std::size_t kShown = 40;
  std::string shown = "\"";
  for (const char c : text.substr(0, kShown)) shown += c >= ' ' && c <= '~' ? c : '?';
  return shown + (text.size() > kShown ? "...\"" : "\"");
}

}  // namespace cuadre
