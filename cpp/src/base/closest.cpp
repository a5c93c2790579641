#include "cuadre/base/closest.hpp"

#include <algorithm>
#include <tuple>
#include <utility>
#include <vector>

#include "cuadre/base/text.hpp"

namespace cuadre {
namespace {

constexpr std::size_t kLooked = 64;  // bytes of a name: a hostile header costs little

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

std::optional<Closest> closest(std::span<const std::string> names, std::string_view wanted) {
  if (names.empty()) return std::nullopt;
  const std::string_view head = wanted.substr(0, kLooked);
  using Rank =
      std::tuple<bool, std::size_t, std::string_view, std::size_t>;  // far, changes, name, index: the least wins
  Rank best{true, SIZE_MAX, {}, 0};
  for (std::size_t i = 0; i < names.size(); ++i) {
    const std::string_view name = std::string_view(names[i]).substr(0, kLooked);
    const std::size_t changes = distance(name, head);
    const bool near = !name.empty() && !head.empty() &&
                      (head.starts_with(name) || name.starts_with(head) || changes <= wanted.size() / 2);
    best = std::min(best, Rank{!near, changes, name, i});
  }
  return Closest{std::get<3>(best), !std::get<0>(best)};
}

std::string closest_hint(std::span<const std::string> names, std::string_view wanted) {
  constexpr std::size_t kListed = 12;
  const std::optional<Closest> best = closest(names, wanted);
  if (!best) return "";
  const auto shown = [](std::string_view name) { return "\"" + printable(name.substr(0, kLooked)) + "\""; };
  std::string hint = "; the closest is " + shown(names[best->index]);
  if (best->near) return hint;
  hint += " of ";
  for (std::size_t i = 0; i < std::min(names.size(), kListed); ++i) hint += (i == 0 ? "" : ", ") + shown(names[i]);
  if (names.size() > kListed) hint += " and " + std::to_string(names.size() - kListed) + " more";
  if (names.size() == 1) hint += ", which is the only one";
  return hint;
}

}  // namespace cuadre
