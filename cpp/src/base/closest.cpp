#include "base/closest.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include "settlement/rows.hpp"

namespace cuadre {
namespace {

// How many bytes must change (Levenshtein).
std::size_t distance(std::string_view left, std::string_view right) {
  std::vector<std::size_t> row(right.size() + 1);
  for (std::size_t j = 0; j <= right.size(); ++j) row[j] = j;
  for (std::size_t i = 0; i < left.size(); ++i) {
    std::size_t diagonal = std::exchange(row[0], i + 1);
    for (std::size_t j = 0; j < right.size(); ++j) {
      const std::size_t changed = diagonal + (left[i] == right[j] ? 0U : 1U);
      diagonal = std::exchange(row[j + 1], std::min({row[j] + 1, row[j + 1] + 1, changed}));
    }
  }
  return row.back();
}

}  // namespace

std::string closest_hint(std::span<const std::string> names, std::string_view wanted) {
  constexpr std::size_t kLooked = 64;
  constexpr std::size_t kListed = 12;
  std::pair<std::size_t, std::string_view> best{SIZE_MAX, {}};
  for (const std::string& name : names) {
    const std::string_view head = std::string_view(name).substr(0, kLooked);
    best = std::min(best, std::pair(distance(head, wanted.substr(0, kLooked)), head));
  }
  if (best.first == SIZE_MAX) return "";
  std::string hint = "; the closest is \"" + printable(best.second) + "\"";
  const bool near =
      wanted.starts_with(best.second) || best.second.starts_with(wanted) || best.first <= wanted.size() / 2;
  if (near && !best.second.empty()) return hint;
  hint += " of ";
  for (std::size_t i = 0; i < std::min(names.size(), kListed); ++i) {
    hint += (i == 0 ? "\"" : ", \"") + printable(std::string_view(names[i]).substr(0, kLooked)) + "\"";
  }
  if (names.size() > kListed) hint += " and " + std::to_string(names.size() - kListed) + " more";
  if (names.size() == 1) hint += ", which is the only one";
  return hint;
}

}  // namespace cuadre
