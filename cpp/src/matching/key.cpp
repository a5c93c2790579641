// How a reference becomes a key: the steps, by name.
#include <algorithm>
#include <array>

#include "cuadre/matching.hpp"

namespace cuadre {

std::string_view name(Bucket bucket) noexcept {
  constexpr std::array<std::string_view, kBucketCount> kNames = {
      "matched",    "amount_differs",    "currency_differs", "only_in_ledger", "only_in_settlement",
      "paid_twice", "repeated_in_ledger"};
  return kNames[static_cast<std::size_t>(bucket)];
}

namespace {

constexpr std::array<std::pair<std::string_view, bool KeyRule::*>, 4> kSteps = {
    {{"trim", &KeyRule::trim},
     {"digits_only", &KeyRule::digits_only},
     {"upper", &KeyRule::upper},
     {"strip_left_zeros", &KeyRule::strip_left_zeros}}};

}  // namespace

KeyRule KeyRule::compile(const std::vector<std::string>& steps) {
  KeyRule rule;
  for (const std::string& step : steps) {
    const auto* known =
        std::find_if(kSteps.begin(), kSteps.end(), [&](const auto& item) { return item.first == step; });
    if (known == kSteps.end()) {
      throw Error(ErrorCode::argument_invalid,
                  "\"" + step + "\" is not a step of a key; known are trim, digits_only, upper, strip_left_zeros");
    }
    rule.*(known->second) = true;
  }
  return rule;
}

std::vector<std::string> KeyRule::steps() const {
  std::vector<std::string> named;
  for (const auto& [step, member] : kSteps) {
    if (this->*member) named.emplace_back(step);
  }
  return named;
}

std::string_view KeyRule::apply(std::string_view reference, std::string& scratch) const {
  const auto blank = [](char byte) { return byte == ' ' || byte == '\t'; };
  while (trim && !reference.empty() && blank(reference.front())) reference.remove_prefix(1);
  while (trim && !reference.empty() && blank(reference.back())) reference.remove_suffix(1);
  if (digits_only || upper) {
    scratch = reference;
    if (digits_only) std::erase_if(scratch, [](char byte) { return byte < '0' || byte > '9'; });
    for (char& byte : scratch) {
      if (upper && byte >= 'a' && byte <= 'z') byte = static_cast<char>(byte - 'a' + 'A');
    }
    reference = scratch;
  }
  if (strip_left_zeros) reference.remove_prefix(std::min(reference.find_first_not_of('0'), reference.size()));
  return reference;
}

}  // namespace cuadre
