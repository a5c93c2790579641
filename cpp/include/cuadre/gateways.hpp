// Everything the core knows of each gateway, one declaration each: src/gateways/<name>.cpp. Schemes, messages, words
// and amounts are read from here and stand nowhere else.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cuadre/document.hpp"
#include "cuadre/money/wire.hpp"
#include "cuadre/notification/table.hpp"
#include "cuadre/signature.hpp"

namespace cuadre {

// A message that a gateway signs, or should, in a way that no public text describes: why there is no scheme for it.
struct SchemeGap {
  std::string_view message, note, source;
};

// How amounts stand on the wire, by message and currency: there is no exponent of a currency alone. The minimum and
// maximum of a form hold for what is sent.
struct WireRule {
  std::string_view message;     // as its scheme is named; an object of the gateway's API by its noun: "payment"
  std::string_view currencies;  // "COP PEN"
  WireForm form{};
  // "official": the gateway says so; "community": code or pages of others that work with it; "unverified": inferred, or
  // from one weak source.
  std::string_view status{}, source{}, note{};
};
inline constexpr std::string_view kWireSourcesReadOn = "2026-11-21";

struct Gateway {
  std::string_view name{};        // "payu": that of its file, as everywhere
  std::string_view title{};       // as the owner writes it
  std::vector<Scheme> schemes{};  // several of one message are readings, tried in this order
  std::span<const SchemeGap> scheme_gaps{};
  NotificationTable notification{};
  std::span<const WireRule> wire{};
  std::span<const DocumentRule> documents{};  // what it asks of buyers' documents; the rule has the gateway's name
};

// All of them, by name. This builds every declaration.
std::span<const Gateway* const> gateways();
// Built when it is first asked for. Null where there is none of that name.
const Gateway* find_gateway(std::string_view name);

}  // namespace cuadre
