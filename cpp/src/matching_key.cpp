// The normal form of a reference.
#include <algorithm>

#include "cuadre/matching.hpp"

namespace cuadre {

std::string_view name(Bucket bucket) noexcept {
  constexpr std::array<std::string_view, kBucketCount> kNames = {
      "matched",    "amount_differs",    "currency_differs", "only_in_ledger", "only_in_settlement",
      "paid_twice", "repeated_in_ledger"};
  return kNames[static_cast<std::size_t>(bucket)];
}

KeyRule KeyRule::compile(const std::vector<std::string>& steps) {
  KeyRule rule;
  for (const std::string& step : steps) {
    if (step == "trim")
      rule.trim = true;
    else if (step == "digits_only")
      rule.digits_only = true;
    else if (step == "upper")
      rule.upper = true;
    else if (step == "strip_left_zeros")
      rule.strip_left_zeros = true;
    else
      throw Error(ErrorCode::argument_invalid,
                  "\"" + step + "\" is not a step of a key; known are trim, digits_only, upper, strip_left_zeros");
  }
  return rule;
}

std::string KeyRule::apply(std::string_view reference) const {
  std::string_view text = reference;
  const auto blank = [](char byte) { return byte == ' ' || byte == '\t'; };
  while (trim && !text.empty() && blank(text.front())) text.remove_prefix(1);
  while (trim && !text.empty() && blank(text.back())) text.remove_suffix(1);
  std::string key(text);
  if (digits_only) std::erase_if(key, [](char byte) { return byte < '0' || byte > '9'; });
  if (upper)
    std::transform(key.begin(), key.end(), key.begin(),
                   [](char byte) { return byte >= 'a' && byte <= 'z' ? static_cast<char>(byte - 32) : byte; });
  if (strip_left_zeros) key.erase(0, std::min(key.find_first_not_of('0'), key.size()));
  return key;
}

std::vector<std::string> KeyRule::steps() const {
  std::vector<std::string> known;
  if (trim) known.emplace_back("trim");
  if (digits_only) known.emplace_back("digits_only");
  if (upper) known.emplace_back("upper");
  if (strip_left_zeros) known.emplace_back("strip_left_zeros");
  return known;
}

}  // namespace cuadre
