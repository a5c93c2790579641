#include <algorithm>
#include <array>

#include "document/gateway_rules.hpp"
#include "gateways/declare.hpp"

namespace cuadre {
namespace {

Gateway named(std::string_view name, Gateway declared) {
  declared.name = name;
  for (Scheme& scheme : declared.schemes) scheme.gateway = name;
  return declared;
}

// Whoever asks for one gateway builds that one alone.
template <Gateway (*declare)()>
const Gateway& built(std::string_view name) {
  static const Gateway made = named(name, declare());
  return made;
}

#define CUADRE_X(name) std::string_view(#name),
constexpr std::array kNames = {CUADRE_GATEWAYS(CUADRE_X)};
#undef CUADRE_X
#define CUADRE_X(name) built<declared::name>,
constexpr const Gateway& (*kBuilt[])(std::string_view) = {CUADRE_GATEWAYS(CUADRE_X)};
#undef CUADRE_X
static_assert(std::ranges::is_sorted(kNames), "the list is searched by name");

}  // namespace

std::span<const Gateway* const> gateways() {
  static const auto all = [] {
    std::array<const Gateway*, kNames.size()> made{};
    for (std::size_t i = 0; i < made.size(); ++i) made[i] = &kBuilt[i](kNames[i]);
    return made;
  }();
  return all;
}

const Gateway* find_gateway(std::string_view name) {
  const auto* const found = std::ranges::lower_bound(kNames, name);
  return found == kNames.end() || *found != name ? nullptr : &kBuilt[found - kNames.begin()](*found);
}

// ---- what lower floors ask

std::span<const Scheme> schemes_of(std::string_view gateway) {
  const Gateway* const found = find_gateway(gateway);
  return found == nullptr ? std::span<const Scheme>() : found->schemes;
}

std::span<const std::string_view> gateway_names() noexcept { return kNames; }

std::vector<const Scheme*> schemes() {
  std::vector<const Scheme*> all;
  for (const Gateway* gateway : gateways()) {
    for (const Scheme& scheme : gateway->schemes) all.push_back(&scheme);
  }
  return all;
}

const NotificationTable& notification_table(std::string_view gateway) {
  static constexpr NotificationTable kEmpty;
  const Gateway* const found = find_gateway(gateway);
  return found == nullptr ? kEmpty : found->notification;
}

std::vector<DocumentRule> gateway_document_rules() {
  std::vector<DocumentRule> all;
  for (const Gateway* gateway : gateways()) {
    for (DocumentRule rule : gateway->documents) {
      rule.rule = gateway->name;
      all.push_back(rule);
    }
  }
  return all;
}

}  // namespace cuadre
