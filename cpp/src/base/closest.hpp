// What was probably meant, for messages about names that are not there.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace cuadre {

// `; the closest is "name"`; where not even that is near, ` of "a", "b"` behind it (a dozen of them); nothing where
// there are no names. Looks at the first 64 bytes of a name, so that a hostile header costs little; of equals, the
// first in alphabetical order.
std::string closest_hint(std::span<const std::string> names, std::string_view wanted);

}  // namespace cuadre
