// The tables of the three machines, and the words in them, from the data that the fold runs on.
#include <pybind11/pybind11.h>

#include <iterator>

#include "cuadre/voucher/notifications.hpp"
#include "cuadre/voucher/table.hpp"

namespace py = pybind11;

namespace cuadre::bindings {
namespace {

py::dict word(const NamedText& text) {
  py::dict item;
  item["name"] = text.name;
  item["en"] = text.en;
  if (!text.es.empty()) item["es"] = text.es;  // guards, bookings and accounts are read by developers
  return item;
}

// Every member of an enum of the tables, from 0 to the last.
template <class Enum>
py::list words(Enum last) {
  py::list list;
  for (unsigned i = 0; i <= static_cast<unsigned>(last); ++i) list.append(word(text_of(static_cast<Enum>(i))));
  return list;
}

py::list state_list(const MachineTable& table) {
  py::list list;
  for (const StateInfo& state : table.states) {
    py::dict item;
    item["name"] = state.name;
    item["review"] = state.review;
    item["en"] = state.en;
    item["es"] = state.es;
    list.append(item);
  }
  return list;
}

py::list event_list(const MachineTable& table) {
  py::list list;
  for (const EventInfo& event : table.events) {
    py::dict item;
    item["name"] = event.name;
    item["has_amount"] = event.has_amount;
    item["en"] = event.en;
    item["es"] = event.es;
    list.append(item);
  }
  return list;
}

py::dict rule_dict(const MachineTable& table, const MachineRule& rule) {
  py::list from;
  for (std::size_t state = 0; state < table.states.size(); ++state) {
    if ((rule.from >> state & 1) != 0) from.append(table.states[state].name);
  }
  py::dict item;
  item["from"] = from;
  item["event"] = table.events[rule.event].name;
  item["guard"] = text_of(rule.guard).name;
  item["guard_text"] = text_of(rule.guard).en;
  item["to"] = rule.to == kSameState ? py::object(py::none()) : py::cast(table.states[rule.to].name);
  item["outcome"] = text_of(rule.outcome).name;
  item["reason"] = text_of(rule.reason).name;
  item["reason_en"] = text_of(rule.reason).en;
  item["reason_es"] = text_of(rule.reason).es;
  item["booking"] = text_of(rule.booking).name;
  item["booking_text"] = text_of(rule.booking).en;
  item["waits"] = rule.waits;
  return item;
}

py::list machine_list() {
  py::list list;
  for (std::size_t i = 0; i < kMachines; ++i) {
    const MachineTable& table = machine_table(static_cast<Machine>(i));
    py::list rules;
    for (const MachineRule& rule : table.rules) rules.append(rule_dict(table, rule));
    py::dict item;
    item["name"] = table.name;
    item["states"] = state_list(table);
    item["events"] = event_list(table);
    item["rules"] = rules;
    list.append(item);
  }
  return list;
}

// The members of each list of the header, counted, so that none is left out when one is added.
#define CUADRE_X(name, ...) #name,
constexpr std::size_t kGuardCount = std::size({CUADRE_GUARDS(CUADRE_X)});
constexpr std::size_t kBookingCount = std::size({CUADRE_BOOKINGS(CUADRE_X)});
constexpr std::size_t kReasonCount = std::size({CUADRE_STEP_REASONS(CUADRE_X)});
#undef CUADRE_X

py::dict word_lists() {
  py::dict lists;
  lists["accounts"] = words(static_cast<Account>(kAccounts - 1));
  lists["guards"] = words(static_cast<Guard>(kGuardCount - 1));
  lists["bookings"] = words(static_cast<Booking>(kBookingCount - 1));
  lists["outcomes"] = words(StepOutcome::refused);
  lists["reasons"] = words(static_cast<StepReason>(kReasonCount - 1));
  return lists;
}

py::list notification_list() {
  py::list list;
  for (const NotificationRule& rule : notification_rules()) {
    const MachineTable& table = machine_table(rule.machine);
    py::dict item;
    item["machine"] = table.name;
    item["kind"] = name(rule.kind);
    item["status"] = name(rule.status);
    item["event"] = rule.event ? py::cast(table.events[*rule.event].name) : py::object(py::none());
    list.append(item);
  }
  return list;
}

constexpr const char* kNotificationsText =
    "How what a gateway says becomes an event of a machine, as dictionaries: machine, kind, status and event.\n\n"
    "`event` is None where it does not say whether the money was taken, and somebody has to ask. What has no row is "
    "not\n"
    "about that machine.\n\n"
    "Raises:\n"
    "    Nothing.";
constexpr const char* kMachinesText =
    "The tables of voucher, refund and payout, as dictionaries: states, events, and rules in the order they are "
    "tried.\n\n"
    "The first state is where a record starts. A rule stands for every state in `from`; `to` is None where the state\n"
    "stays; `waits` says that a rule which does not hold yet is tried again after each later step.\n\n"
    "Raises:\n"
    "    Nothing.";
constexpr const char* kWordsText =
    "What the words of the tables mean: accounts, guards, bookings, outcomes and reasons, in lists of dictionaries "
    "with\n"
    "`name` and `en`, and `es` where people who are not developers read them.\n\n"
    "Raises:\n"
    "    Nothing.";

}  // namespace

void bind_machines(py::module_& module) {
  module.def("machines", &machine_list, kMachinesText);
  module.def("machine_words", &word_lists, kWordsText);
  module.def("notification_events", &notification_list, kNotificationsText);
}

}  // namespace cuadre::bindings
