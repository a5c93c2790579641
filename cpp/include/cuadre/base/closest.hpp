// What was probably meant, for messages about names that are not there.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace cuadre {

// The near name that the fewest changed bytes make of the wanted one, else of all names; of equals, the first in
// alphabetical order. Near is a name of which the wanted one is the beginning, or the other way round, or of which half
// of it stands in the wanted one. Looks at the first 64 bytes of a name.
struct Closest {
  std::size_t index;
  bool near;
};
std::optional<Closest> closest(std::span<const std::string> names, std::string_view wanted);  // nullopt of no names

// `; the closest is "name"`; where not even that is near, ` of "a", "b"` behind it (a dozen of them); nothing where
// there are no names.
std::string closest_hint(std::span<const std::string> names, std::string_view wanted);

}  // namespace cuadre
