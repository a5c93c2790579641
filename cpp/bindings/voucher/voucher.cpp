// One record (voucher, refund or payout) for Python, and what an event did to it. The face is python/cuadre/voucher.
#include "cuadre/voucher.hpp"

#include <pybind11/pybind11.h>
#include <pybind11/stl.h>

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "border/method.hpp"
#include "border/moments.hpp"
#include "money/rate_values.hpp"
#include "money/values.hpp"
#include "voucher/event.hpp"

namespace py = pybind11;

namespace cuadre::bindings {
namespace {

// What came of one event, with what its numbers are in.
struct AppliedObject {
  Applied applied;
  Machine machine;
  Currency currency;
  std::optional<Money> amount;
  bool changed;  // state, totals or books
};

Money money_in_terms(const Record& record, std::int64_t minor) {
  return Money::from_minor(minor, record.terms().amount.currency());
}

py::dict entries_dict(const Entries& entries, Currency currency) {
  py::dict dict;
  for (std::size_t i = 0; i < kAccounts; ++i) {
    if (entries[i] == 0) continue;
    const std::string_view account = text_of(static_cast<Account>(i)).name;
    dict[py::str(account.data(), account.size())] = Money::from_minor(entries[i], currency);
  }
  return dict;
}

std::string_view state_name(Machine machine, std::uint8_t state) { return machine_table(machine).states[state].name; }
std::string_view event_name(Machine machine, std::uint8_t event) { return machine_table(machine).events[event].name; }

// ---- making

RefundRules rules_of(const py::tuple& rules) {
  if (rules.size() != 4)
    throw py::type_error("refund_rules is a tuple: offered, whole_only, after_settlement, window_s");
  RefundRules made{rules[0].cast<bool>(), rules[1].cast<bool>(), rules[2].cast<bool>(), -1};
  constexpr std::int64_t kCentury_s = 100LL * 366 * 86'400;
  if (!rules[3].is_none()) made.window_s = int64_of(rules[3], "the window for refunds in seconds");
  if (made.window_s < -1 || made.window_s > kCentury_s)
    throw Error(ErrorCode::argument_invalid,
                "the window for refunds is 0 seconds to 100 years, or -1 where none is known");
  return made;
}

Money terms_amount(const py::object& amount) {
  if (!py::isinstance<Money>(amount)) refuse_type(amount, "amount is Money");
  return amount.cast<Money>();
}

std::uint8_t approvals_of(const py::object& count) {
  const std::int64_t needed = int64_of(count, "approvals_needed");
  if (needed < 0 || needed > 255) throw Error(ErrorCode::argument_invalid, "approvals_needed is 0 to 255 persons");
  return static_cast<std::uint8_t>(needed);
}

Record make_record(const py::object& machine, const py::object& gateway, const py::object& reference,
                   const py::object& environment, const py::object& amount, const py::object& made_at,
                   const py::object& expires_at, const py::tuple& refund_rules, const py::object& reason_code,
                   const py::object& requested_by, const py::object& approvals_needed, const py::object& linked,
                   const py::iterable& events) {
  Terms terms;
  terms.machine = machine_named(text_argument(machine, "machine"));
  terms.gateway = text_argument(gateway, "gateway");
  terms.reference = text_argument(reference, "reference");
  terms.environment = text_argument(environment, "environment");
  terms.amount = terms_amount(amount);
  terms.made_at_us = moment_us(made_at, "the time of making");
  terms.expires_at_us = moment_or_no_time(expires_at, "expires_at");
  terms.refund_rules = rules_of(refund_rules);
  terms.reason_code = text_argument(reason_code, "reason_code");
  terms.requested_by = text_argument(requested_by, "requested_by");
  terms.approvals_needed = approvals_of(approvals_needed);
  terms.linked = text_argument(linked, "linked");
  std::vector<Event> all;
  for (const py::handle event : events) all.push_back(event.cast<const EventObject&>().of(terms.machine));
  return {std::move(terms), std::move(all)};
}

// ---- events

AppliedObject told(const Record& old, const Record& fresh, const Applied& applied, const Event& event) {
  const Terms& terms = old.terms();
  const bool changed =
      old.state() != fresh.state() || old.totals() != fresh.totals() || old.balances() != fresh.balances();
  return {applied, terms.machine, terms.amount.currency(), event.amount, changed};
}

std::pair<Record, AppliedObject> apply(const Record& record, const EventObject& made) {
  const Event event = made.of(record.terms().machine);
  auto [fresh, applied] = record.apply(event);
  AppliedObject outcome = told(record, fresh, applied, event);
  return {std::move(fresh), std::move(outcome)};
}

AppliedObject probe(const Record& record, const EventObject& made) { return apply(record, made).second; }

// ---- values out

py::tuple events_of(const Record& record) {
  py::tuple all(record.event_count());
  for (std::size_t i = 0; i < all.size(); ++i) all[i] = event_object(record.terms().machine, record.event(i));
  return all;
}

py::list steps_of(const Record& record) {
  py::list all;
  const Machine machine = record.terms().machine;
  const Currency currency = record.terms().amount.currency();
  for (const Step& step : record.steps()) {
    const py::object rule = step.rule == kNoRule ? py::object(py::none()) : py::int_(step.rule);
    all.append(py::make_tuple(step.index, event_name(machine, step.event), state_name(machine, step.from),
                              state_name(machine, step.to), text_of(step.outcome).name, text_of(step.reason).name, rule,
                              entries_dict(step.entries, currency)));
  }
  return all;
}

py::dict totals_of(const Record& record) {
  const Totals& totals = record.totals();
  py::dict dict;
  dict["due"] = money_in_terms(record, totals.due);
  dict["paid"] = money_in_terms(record, totals.paid);
  dict["reversed"] = money_in_terms(record, totals.reversed);
  dict["refunded"] = money_in_terms(record, totals.refunded);
  dict["reserved"] = money_in_terms(record, totals.reserved);
  dict["settled"] = money_in_terms(record, totals.settled);
  dict["held"] = money_in_terms(record, totals.held);
  dict["earned"] = money_in_terms(record, totals.earned);
  dict["first_paid_at"] = moment_or_none(totals.first_paid_at_us);
  dict["approvals"] = totals.approvals;
  dict["late"] = totals.late;
  dict["committed"] = totals.committed;
  dict["by_payout"] = totals.by_payout;
  return dict;
}

py::tuple rules_tuple(const Record& record) {
  const RefundRules& rules = record.terms().refund_rules;
  return py::make_tuple(rules.offered, rules.whole_only, rules.after_settlement, rules.window_s);
}

template <std::int64_t Totals::*member>
Money total(const Record& record) {
  return money_in_terms(record, record.totals().*member);
}

py::object equal_record(const Record& left, const py::object& right) {
  if (!py::isinstance<Record>(right)) return py::reinterpret_borrow<py::object>(Py_NotImplemented);
  return py::bool_(left == right.cast<const Record&>());
}

Py_ssize_t hash_record(const Record& record) {
  const Terms& terms = record.terms();
  return static_cast<Py_ssize_t>(
      py::hash(py::make_tuple(terms.gateway, terms.reference, terms.amount, record.state(), record.event_count())));
}

std::string_view state_at(const Record& record, const py::object& moment) {
  return state_name(record.terms().machine, record.state_at(moment_us(moment, "the moment")));
}

py::dict texts() {
  py::dict all;
  for (const Machine machine : {Machine::voucher, Machine::refund, Machine::payout}) {
    const MachineTable& table = machine_table(machine);
    py::dict states, events;
    for (const StateInfo& state : table.states)
      states[py::str(std::string(state.name))] = py::make_tuple(state.en, state.es);
    for (const EventInfo& event : table.events)
      events[py::str(std::string(event.name))] = py::make_tuple(event.en, event.es);
    all[py::str(std::string(table.name))] = py::dict(py::arg("states") = states, py::arg("events") = events);
  }
  py::dict reasons, outcomes;
#define CUADRE_X(name, en, es) reasons[#name] = py::make_tuple(en, es);
  CUADRE_STEP_REASONS(CUADRE_X)
#undef CUADRE_X
  for (const StepOutcome outcome : {StepOutcome::applied, StepOutcome::duplicate, StepOutcome::stale,
                                    StepOutcome::quarantined, StepOutcome::refused}) {
    const NamedText text = text_of(outcome);
    outcomes[py::str(std::string(text.name))] = py::make_tuple(text.en, text.es);
  }
  all["reasons"] = reasons;
  all["outcomes"] = outcomes;
  return all;
}

constexpr const char* kRecordDoc = R"(A voucher, a refund or a payout: its terms and its events. Never changes.

Raises:
    ArgumentInvalidError: argument_invalid, for terms that cannot be, or an event that cannot belong to it.)";
constexpr const char* kApplyDoc = R"(Give the record with this event, and what came of it.

Raises:
    ArgumentInvalidError: argument_invalid, for a kind that the machine does not have, or one event too many.)";
constexpr const char* kProbeDoc = R"(Tell what apply would answer.

Raises:
    ArgumentInvalidError: argument_invalid, as apply.)";
constexpr const char* kStateAtDoc = R"(Name the state as things stood at a moment, by what is known today.

Raises:
    ArgumentInvalidError: argument_invalid, for a moment that is not a datetime with its zone.)";

void bind_applied(py::module_& module) {
  py::class_<AppliedObject>(module, "Applied", "What came of one event. Never changes.", py::is_final())
      .def_property_readonly("name", [](const AppliedObject& o) { return name(o.applied.outcome); })
      .def_property_readonly("reason", [](const AppliedObject& o) { return text_of(o.applied.reason).name; })
      .def_property_readonly("machine", [](const AppliedObject& o) { return machine_table(o.machine).name; })
      .def_property_readonly("kind", [](const AppliedObject& o) { return event_name(o.machine, o.applied.event); })
      .def_readonly("amount", &AppliedObject::amount)
      .def_property_readonly("before", [](const AppliedObject& o) { return state_name(o.machine, o.applied.from); })
      .def_property_readonly("after", [](const AppliedObject& o) { return state_name(o.machine, o.applied.to); })
      .def_property_readonly("entries",
                             [](const AppliedObject& o) { return entries_dict(o.applied.entries, o.currency); })
      .def_readonly("changed", &AppliedObject::changed);
}

void bind_record_terms(py::class_<Record>& record) {
  record.def_property_readonly("machine", [](const Record& r) { return machine_table(r.terms().machine).name; })
      .def_property_readonly("gateway", [](const Record& r) { return r.terms().gateway; })
      .def_property_readonly("reference", [](const Record& r) { return r.terms().reference; })
      .def_property_readonly("environment", [](const Record& r) { return r.terms().environment; })
      .def_property_readonly("amount", [](const Record& r) { return r.terms().amount; })
      .def_property_readonly("made_at", [](const Record& r) { return datetime_of(r.terms().made_at_us); })
      .def_property_readonly("agreed_expires_at",
                             [](const Record& r) { return moment_or_none(r.terms().expires_at_us); })
      .def_property_readonly("refund_rules", &rules_tuple)
      .def_property_readonly("reason_code", [](const Record& r) { return r.terms().reason_code; })
      .def_property_readonly("requested_by", [](const Record& r) { return r.terms().requested_by; })
      .def_property_readonly("approvals_needed", [](const Record& r) { return r.terms().approvals_needed; })
      .def_property_readonly("linked", [](const Record& r) { return r.terms().linked; });
}

}  // namespace

void bind_voucher(py::module_& module) {
  bind_voucher_event(module);
  bind_applied(module);
  py::class_<Record> record(module, "Record", kRecordDoc, py::is_final());
  record
      .def(py::init(&make_record), py::kw_only(), py::arg("machine"), py::arg("gateway"), py::arg("reference"),
           py::arg("environment"), py::arg("amount"), py::arg("made_at"), py::arg("expires_at") = py::none(),
           py::arg("refund_rules") = py::make_tuple(true, false, false, -1), py::arg("reason_code") = "",
           py::arg("requested_by") = "", py::arg("approvals_needed") = 0, py::arg("linked") = "",
           py::arg("events") = py::tuple())
      .def("apply", &apply, py::arg("event"), kApplyDoc)
      .def("probe", &probe, py::arg("event"), kProbeDoc)
      .def("state_at", &state_at, py::arg("moment"), kStateAtDoc)
      .def_property_readonly("state", [](const Record& r) { return state_name(r.terms().machine, r.state()); })
      .def_property_readonly("needs_review",
                             [](const Record& r) { return machine_table(r.terms().machine).states[r.state()].review; })
      .def_property_readonly("due", &total<&Totals::due>)
      .def_property_readonly("paid", &total<&Totals::paid>)
      .def_property_readonly("reversed", &total<&Totals::reversed>)
      .def_property_readonly("refunded", &total<&Totals::refunded>)
      .def_property_readonly("reserved", &total<&Totals::reserved>)
      .def_property_readonly("settled", &total<&Totals::settled>)
      .def_property_readonly("totals", &totals_of)
      .def_property_readonly("expires_at", [](const Record& r) { return moment_or_none(r.totals().expires_at_us); })
      .def_property_readonly("balances",
                             [](const Record& r) { return entries_dict(r.balances(), r.terms().amount.currency()); })
      .def_property_readonly("event_count", method(&Record::event_count))
      .def_property_readonly("events", &events_of)
      .def_property_readonly("steps", &steps_of)
      .def("__eq__", &equal_record, py::arg("other"))
      .def("__hash__", &hash_record);
  bind_record_terms(record);
  module.def("voucher_texts", &texts,
             "Name every state, event, reason and outcome with its English and Spanish text. Raises nothing.");
}

}  // namespace cuadre::bindings
