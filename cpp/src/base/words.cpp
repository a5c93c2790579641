#include "cuadre/base/words.hpp"

namespace cuadre {

std::string filled(std::string_view pattern, std::initializer_list<std::string_view> parts) {
  std::string text;
  fill(text, pattern, [&](std::string_view place) { text.append(parts.begin()[place.front() - '0']); });
  return text;
}

}  // namespace cuadre
