#include "cuadre/money/rounding.hpp"

#include <limits>
#include <string>

#include "money/rounding_step.hpp"

namespace cuadre {
namespace {

struct ModeName {
  RoundingMode mode;
  std::string_view name;
};

constexpr ModeName kModes[] = {
#define CUADRE_X(name, text) {RoundingMode::name, #name},
    CUADRE_ROUNDING_MODES(CUADRE_X)
#undef CUADRE_X
};

constexpr std::size_t kNameShown = 40;

bool fits_64(Int128 value) noexcept {
  return value >= std::numeric_limits<std::int64_t>::min() && value <= std::numeric_limits<std::int64_t>::max();
}

}  // namespace

std::string_view name(RoundingMode mode) noexcept {
  for (const ModeName& entry : kModes) {
    if (entry.mode == mode) return entry.name;
  }
  return "";
}

std::optional<RoundingMode> find_rounding_mode(std::string_view name) noexcept {
  for (const ModeName& entry : kModes) {
    if (entry.name == name) return entry.mode;
  }
  return std::nullopt;
}

RoundingMode rounding_mode_of(std::string_view name) {
  if (const auto found = find_rounding_mode(name)) return *found;
  std::string message = "rounding is one of ";
  for (const ModeName& entry : kModes)
    message += std::string(entry.name) + (&entry == std::end(kModes) - 1 ? "" : ", ");
  if (name.empty()) throw Error(ErrorCode::argument_invalid, "no rounding is named: " + message);
  throw Error(ErrorCode::argument_invalid, message + "; not '" + std::string(name.substr(0, kNameShown)) + "'");
}

Int128 divide_rounded(Int128 numerator, Int128 denominator, RoundingMode mode) noexcept {
  // Half as wide is several times as fast, and nearly always enough. The smallest of 64 bits over 1 has no surprise:
  // only -1 would overflow, and denominators are positive.
  if (fits_64(numerator) && fits_64(denominator)) {
    return divide_rounded_as(static_cast<std::int64_t>(numerator), static_cast<std::int64_t>(denominator), mode);
  }
  return divide_rounded_as(numerator, denominator, mode);
}

std::int64_t round_to_step(std::int64_t amount_minor, std::int64_t step_minor, RoundingMode mode) {
  if (step_minor <= 0) {
    throw Error(ErrorCode::argument_invalid, "a step is a positive amount, not " + std::to_string(step_minor));
  }
  std::int64_t rounded = 0;
  if (__builtin_mul_overflow(divide_rounded_as(amount_minor, step_minor, mode), step_minor, &rounded)) {
    throw Error(ErrorCode::amount_overflow, "the rounded amount does not fit 64 bits of minor units");
  }
  return rounded;
}

}  // namespace cuadre
