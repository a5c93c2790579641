// Machines, events and sources by the words that people and programs write.
#include <algorithm>
#include <span>
#include <string>
#include <vector>

#include "cuadre/base/closest.hpp"
#include "cuadre/base/text.hpp"
#include "cuadre/error.hpp"
#include "cuadre/voucher.hpp"

namespace cuadre {
namespace {

[[noreturn]] void refuse(const std::string& what, std::string_view word, const std::vector<std::string>& names) {
  const std::string hint = closest_hint(names, word);
  // The nearest alone: there are few, and all of them follow.
  std::string message = what + " " + quoted(word) + hint.substr(0, hint.find(" of \"")) + "; there are ";
  for (const std::string& name : names) message += (&name == names.data() ? "" : ", ") + name;
  throw Error(ErrorCode::argument_invalid, message);
}

constexpr EventSource kSources[] = {
#define CUADRE_X(name, text) EventSource::name,
    CUADRE_EVENT_SOURCES(CUADRE_X)
#undef CUADRE_X
};

}  // namespace

Machine machine_named(std::string_view word) {
  std::vector<std::string> names;
  for (const Machine machine : {Machine::voucher, Machine::refund, Machine::payout}) {
    const std::string_view known = machine_table(machine).name;
    if (known == word) return machine;
    names.emplace_back(known);
  }
  refuse("no machine", word, names);
}

std::optional<std::uint8_t> find_event(Machine machine, std::string_view word) noexcept {
  const std::span<const EventInfo> events = machine_table(machine).events;
  const auto found = std::find_if(events.begin(), events.end(), [&](const EventInfo& e) { return e.name == word; });
  if (found == events.end()) return std::nullopt;
  return static_cast<std::uint8_t>(found - events.begin());
}

std::uint8_t event_named(Machine machine, std::string_view word) {
  if (const auto event = find_event(machine, word)) return *event;
  std::vector<std::string> names;
  for (const EventInfo& event : machine_table(machine).events) names.emplace_back(event.name);
  refuse("a " + std::string(machine_table(machine).name) + " knows no event", word, names);
}

EventSource source_named(std::string_view word) {
  std::vector<std::string> names;
  for (const EventSource source : kSources) {
    if (name(source) == word) return source;
    names.emplace_back(name(source));
  }
  refuse("no source of events", word, names);
}

}  // namespace cuadre
