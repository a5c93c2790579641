// How a reference becomes a key: the steps, by name.
#include <algorithm>
#include <array>

#include "cuadre/matching.hpp"

namespace cuadre {

KeyRule KeyRule::compile(const std::vector<std::string>& steps) {
  KeyRule rule;
  for (const std::string& step : steps) {
    const auto* known = std::find(kKeySteps.begin(), kKeySteps.end(), step);
    if (known == kKeySteps.end()) {
      std::string message = "\"" + step + "\" is not a step of a key; known are ";
      for (const std::string_view name : kKeySteps) message.append(name == kKeySteps[0] ? "" : ", ").append(name);
      throw Error(ErrorCode::argument_invalid, message);
    }
    rule.*kKeyStepMembers[static_cast<std::size_t>(known - kKeySteps.begin())] = true;
  }
  return rule;
}

std::vector<std::string> KeyRule::steps() const {
  std::vector<std::string> named;
  for (std::size_t i = 0; i < kKeySteps.size(); ++i) {
    if (this->*kKeyStepMembers[i]) named.emplace_back(kKeySteps[i]);
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
