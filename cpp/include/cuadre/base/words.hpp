// What a person reads, in both languages: words of a code, and patterns that are filled at the very end.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

namespace cuadre {

enum class Language : std::uint8_t { english, spanish };

// A code of ours and what it is called; or a pattern, where the words have places in braces to fill.
struct Term {
  std::string_view name, english, spanish;
  constexpr std::string_view in(Language language) const noexcept {
    return language == Language::english ? english : spanish;
  }
};

// Appends the pattern; put(place) appends what stands in a place, and that is not looked into again.
template <class Put>
void fill(std::string& out, std::string_view pattern, Put&& put) {
  for (std::size_t open = pattern.find('{'); open != std::string_view::npos; open = pattern.find('{')) {
    const std::size_t close = pattern.find('}', open);
    out.append(pattern.substr(0, open));
    put(pattern.substr(open + 1, close - open - 1));
    pattern.remove_prefix(close + 1);
  }
  out.append(pattern);
}

// The pattern with parts in its places {0}, {1} ...
std::string filled(std::string_view pattern, std::initializer_list<std::string_view> parts);

}  // namespace cuadre
