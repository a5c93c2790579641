// Event for Python: a frozen value with datetimes and Money.
#include "voucher/event.hpp"

#include <pybind11/pybind11.h>
#include <pybind11/stl.h>

#include <optional>
#include <string>
#include <tuple>

#include "border/moments.hpp"
#include "cuadre/base/text.hpp"
#include "cuadre/voucher.hpp"
#include "money/rate_values.hpp"
#include "money/values.hpp"

namespace py = pybind11;

namespace cuadre::bindings {
namespace {

std::optional<Money> money_argument(const py::object& value, const char* what) {
  if (value.is_none()) return std::nullopt;
  if (!py::isinstance<Money>(value)) refuse_type(value, std::string(what) + " is Money or None");
  return value.cast<Money>();
}

std::int64_t part_minor(const py::object& value, const std::optional<Money>& amount, const char* what) {
  const std::optional<Money> part = money_argument(value, what);
  if (!part) return 0;
  if (!amount)
    throw Error(ErrorCode::argument_invalid, std::string("a ") + what + " is part of an amount: give amount");
  if (part->currency() != amount->currency()) {
    throw Error(ErrorCode::currency_mismatch, std::string("the ") + what + " is in " +
                                                  std::string(part->currency().code()) + ", the amount in " +
                                                  std::string(amount->currency().code()));
  }
  return part->amount_minor();
}

std::string environment_argument(const py::object& value) {
  std::string text = text_argument(value, "environment");
  if (!text.empty() && text != "production" && text != "test")
    throw Error(ErrorCode::argument_invalid,
                "environment is \"production\", \"test\" or empty where the source does not say");
  return text;
}

EventObject make_event(const py::object& kind, const py::object& id, const py::object& amount,
                       const py::object& occurred_at, const py::object& received_at, const py::object& source,
                       const py::object& operation_id, const py::object& fee, const py::object& tax,
                       const py::object& expires_at, const py::object& person, const py::object& code,
                       const py::object& gateway, const py::object& reference, const py::object& environment) {
  EventObject made{{}, text_argument(kind, "kind")};
  Event& event = made.event;
  event.source = source_named(text_argument(source, "source"));
  event.amount = money_argument(amount, "amount");
  event.fee_minor = part_minor(fee, event.amount, "fee");
  event.tax_minor = part_minor(tax, event.amount, "tax");
  event.occurred_at_us = moment_us(occurred_at, "occurred_at");
  event.received_at_us = received_at.is_none() ? event.occurred_at_us : moment_us(received_at, "received_at");
  event.expires_at_us = moment_or_no_time(expires_at, "expires_at");
  event.id = text_argument(id, "id");
  event.operation_id = text_argument(operation_id, "operation_id");
  event.person = text_argument(person, "person");
  event.code = text_argument(code, "code");
  event.gateway = text_argument(gateway, "gateway");
  event.reference = text_argument(reference, "reference");
  event.environment = environment_argument(environment);
  return made;
}

auto fields(const EventObject& made) {
  const Event& e = made.event;
  return std::tie(made.kind, e.source, e.amount, e.fee_minor, e.tax_minor, e.occurred_at_us, e.received_at_us,
                  e.expires_at_us, e.id, e.operation_id, e.person, e.code, e.gateway, e.reference, e.environment);
}

py::object equal(const EventObject& left, const py::object& right) {
  if (!py::isinstance<EventObject>(right)) return py::reinterpret_borrow<py::object>(Py_NotImplemented);
  return py::bool_(fields(left) == fields(right.cast<const EventObject&>()));
}

py::object part_of(const EventObject& made, std::int64_t minor) {
  if (!made.event.amount) return py::none();
  return py::cast(Money::from_minor(minor, made.event.amount->currency()));
}

py::object amount_of(const EventObject& made) {
  return made.event.amount ? py::cast(*made.event.amount) : py::object(py::none());
}

// What the constructor takes by name, less what says nothing.
py::dict named(const EventObject& made) {
  const Event& event = made.event;
  py::dict dict;
  const auto text = [&](const char* name, const std::string& value) {
    if (!value.empty()) dict[name] = value;
  };
  text("id", event.id);
  if (event.amount) dict["amount"] = *event.amount;
  dict["occurred_at"] = datetime_of(event.occurred_at_us);
  dict["received_at"] = datetime_of(event.received_at_us);
  dict["source"] = name(event.source);
  text("operation_id", event.operation_id);
  if (event.fee_minor != 0) dict["fee"] = part_of(made, event.fee_minor);
  if (event.tax_minor != 0) dict["tax"] = part_of(made, event.tax_minor);
  if (event.expires_at_us != kNoTime) dict["expires_at"] = datetime_of(event.expires_at_us);
  text("person", event.person);
  text("code", event.code);
  text("gateway", event.gateway);
  text("reference", event.reference);
  text("environment", event.environment);
  return dict;
}

Py_ssize_t hash_event(const EventObject& made) {
  const Event& event = made.event;
  return static_cast<Py_ssize_t>(py::hash(py::make_tuple(made.kind, event.id, event.operation_id, event.occurred_at_us,
                                                         event.received_at_us, amount_of(made))));
}

py::tuple reduce(const EventObject& made) {
  const py::object partial = py::module_::import("functools").attr("partial");
  const py::object make = partial(py::type::of<EventObject>(), made.kind, **named(made));
  return py::make_tuple(make, py::tuple());
}

// Ids and persons stay out of logs: an id is known again by its end.
py::str repr_event(const EventObject& made) {
  const Event& event = made.event;
  std::string text = "Event(" + py::repr(py::str(made.kind)).cast<std::string>();
  const auto add = [&](const char* name, const py::object& value) {
    text += std::string(", ") + name + "=" + py::repr(value).cast<std::string>();
  };
  const auto hidden = [&](const char* name, const std::string& value) {
    if (!value.empty()) add(name, py::str(masked_end(value)));
  };
  hidden("id", event.id);
  if (event.amount) add("amount", amount_of(made));
  text += ", occurred_at=" + datetime_of(event.occurred_at_us).attr("isoformat")().cast<std::string>();
  add("source", py::str(std::string(name(event.source))));
  hidden("operation_id", event.operation_id);
  hidden("person", event.person);
  if (!event.code.empty()) add("code", py::str(event.code));
  return py::str(text + ")");
}

constexpr const char* kEventDoc =
    R"(Something that happened to a voucher, a refund or a payout, and who says so. Frozen.

Args:
    kind: What happened, a word of the machine it is applied to: "paid", "approved", "collected" ...
    id: The event's own id, by its source; of "sent": the idempotency key.
    amount: Money above zero; None where the kind moves none.
    occurred_at: When it happened, a datetime with its zone.
    received_at: When it was told, a datetime with its zone; None: when it happened.
    source: Who says so: "notification", "poll", "settlement", "operator", "request" or "clock".
    operation_id: Of the payment, refund, settled line or payout it is about; empty: `id`.
    fee: Money kept by the gateway, part of `amount`; of "settled".
    tax: Money withheld, and taxes on fees, part of `amount`; of "settled".
    expires_at: The new last moment, of "extended" and where the gateway tells one.
    person: Who did it, of "approved", "declined" and "accepted". Never shown.
    code: The gateway's error or reason: "no_cash" ...
    gateway: Where the source says it: compared with the record's own, as the next two are.
    reference: The record's reference, where the source says it.
    environment: "production", "test", or empty.

Raises:
    ArgumentInvalidError: argument_invalid, for a time without its zone, another source or environment, or a fee or tax
        without an amount.
    FloatRefusedError: float_refused, for an amount, fee or tax that is not Money.
    CurrencyMismatchError: currency_mismatch, for a fee or tax in another currency.
    TypeError: for a text that is not a str.)";

using Text = std::string Event::*;
template <Text member>
const std::string& text(const EventObject& made) {
  return made.event.*member;
}
template <std::int64_t Event::*member>
py::object moment(const EventObject& made) {
  return moment_or_none(made.event.*member);
}
template <std::int64_t Event::*member>
py::object part(const EventObject& made) {
  return part_of(made, made.event.*member);
}

}  // namespace

Event EventObject::of(Machine machine) const {
  Event copy = event;
  copy.event = event_named(machine, kind);
  return copy;
}

EventObject event_object(Machine machine, const Event& event) {
  return {event, std::string(machine_table(machine).events[event.event].name)};
}

std::string text_argument(py::handle value, const char* what) {
  if (!PyUnicode_Check(value.ptr()))
    throw py::type_error(std::string(what) + " is text, not " + Py_TYPE(value.ptr())->tp_name);
  return std::string(text_of(value, ErrorCode::argument_invalid));
}

py::object moment_or_none(std::int64_t at_us) { return at_us == kNoTime ? py::object(py::none()) : datetime_of(at_us); }

std::int64_t moment_or_no_time(const py::object& value, const char* what) {
  return value.is_none() ? kNoTime : moment_us(value, what);
}

void bind_voucher_event(py::module_& module) {
  py::class_<EventObject>(module, "Event", kEventDoc, py::is_final())
      .def(py::init(&make_event), py::arg("kind"), py::kw_only(), py::arg("id") = "", py::arg("amount") = py::none(),
           py::arg("occurred_at"), py::arg("received_at") = py::none(), py::arg("source") = "notification",
           py::arg("operation_id") = "", py::arg("fee") = py::none(), py::arg("tax") = py::none(),
           py::arg("expires_at") = py::none(), py::arg("person") = "", py::arg("code") = "", py::arg("gateway") = "",
           py::arg("reference") = "", py::arg("environment") = "")
      .def_readonly("kind", &EventObject::kind, "What happened.")
      .def_property_readonly("id", &text<&Event::id>, "The event's own id.")
      .def_property_readonly("amount", &amount_of, "Money, or None.")
      .def_property_readonly("occurred_at", &moment<&Event::occurred_at_us>, "When it happened, in UTC.")
      .def_property_readonly("received_at", &moment<&Event::received_at_us>, "When it was told, in UTC.")
      .def_property_readonly(
          "source", [](const EventObject& made) { return name(made.event.source); }, "Who says so.")
      .def_property_readonly("operation_id", &text<&Event::operation_id>, "Of what it is about; empty: the id.")
      .def_property_readonly("fee", &part<&Event::fee_minor>, "Money, or None where there is no amount.")
      .def_property_readonly("tax", &part<&Event::tax_minor>, "Money, or None where there is no amount.")
      .def_property_readonly("expires_at", &moment<&Event::expires_at_us>, "The new last moment in UTC, or None.")
      .def_property_readonly("person", &text<&Event::person>, "Who did it.")
      .def_property_readonly("code", &text<&Event::code>, "The gateway's error or reason.")
      .def_property_readonly("gateway", &text<&Event::gateway>, "Of the source, where it says it.")
      .def_property_readonly("reference", &text<&Event::reference>, "Of the record, where the source says it.")
      .def_property_readonly("environment", &text<&Event::environment>, "\"production\", \"test\" or empty.")
      .def("__eq__", &equal, py::arg("other"))
      .def("__hash__", &hash_event)
      .def("__repr__", &repr_event)
      .def("__copy__", &same<EventObject>)
      .def("__deepcopy__", &same_deep<EventObject>, py::arg("memo"))
      .def("__reduce__", &reduce)
      .attr("__module__") = "cuadre.voucher";
}

}  // namespace cuadre::bindings
