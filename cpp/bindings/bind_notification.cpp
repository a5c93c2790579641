// What a verified message says, for Python: read_notification, Notification, the table of status words.
#include <pybind11/pybind11.h>
#include <pybind11/stl.h>

#include <string>
#include <string_view>

#include "cuadre/notification.hpp"
#include "money_object.hpp"

namespace py = pybind11;

namespace cuadre::bindings {
namespace {

py::object text_or_none(std::string_view text) {
  if (text.empty()) return py::none();
  return py::str(text.data(), text.size());
}

Notification read(const std::string& gateway, const std::string& message, const py::bytes& body) {
  return read_notification(gateway, message, std::string_view(body));
}

py::list words() {
  py::list all;
  for (const StatusWord& word : status_words()) {
    py::dict row;
    row["gateway"] = word.gateway;
    row["message"] = word.message;
    row["theirs"] = word.theirs;
    row["kind"] = name(word.kind);
    row["ours"] = word.ours ? text_or_none(name(*word.ours)) : py::object(py::none());
    row["status"] = word.status;
    row["source"] = word.source;
    row["note"] = word.note;
    all.append(std::move(row));
  }
  return all;
}

const char* unit_of(const WireForm& form) { return form.unit == WireForm::Unit::scaled ? "scaled" : "major"; }

py::list tables() {
  py::list all;
  for (const NotificationTable& table : notification_tables()) {
    py::dict row;
    row["gateway"] = table.gateway;
    row["message"] = table.message;
    row["kind"] = table.kind ? text_or_none(name(*table.kind)) : py::object(py::none());
    row["wire_message"] = text_or_none(table.wire_message);
    row["unit"] = unit_of(table.wire);
    row["decimals"] = py::make_tuple(table.wire.decimals_min, table.wire.decimals_max);
    row["decimals_cop"] = py::make_tuple(table.wire_cop.decimals_min, table.wire_cop.decimals_max);
    all.append(std::move(row));
  }
  return all;
}

py::list gaps() {
  py::list all;
  for (const NotificationGap& gap : notification_gaps()) {
    py::dict row;
    row["gateway"] = gap.gateway;
    row["message"] = gap.message;
    row["note"] = gap.note;
    all.append(std::move(row));
  }
  return all;
}

py::list faults_of(const Notification& event) {
  py::list all;
  for (const Notification::Fault& fault : event.faults)
    all.append(py::make_tuple(name(fault.fault), fault.field, fault.detail));
  return all;
}
py::dict ids_of(const Notification& event) {
  py::dict all;
  for (const auto& [id, value] : event.ids) all[py::str(id)] = value;
  return all;
}
std::string_view kind_of(const Notification& event) { return name(event.kind); }
py::object status_of(const Notification& event) {
  return event.status ? text_or_none(name(*event.status)) : py::object(py::none());
}

std::vector<std::string> compare(const Notification& event, const std::string& gateway, const std::string& merchant,
                                 const std::string& reference, const std::string& gateway_id,
                                 const std::optional<Money>& amount, const std::string& environment) {
  std::vector<std::string> all;
  for (const EventMismatch mismatch :
       mismatches(event, {gateway, merchant, reference, gateway_id, amount, environment})) {
    all.emplace_back(name(mismatch));
  }
  return all;
}

constexpr const char* kReadDoc = R"(What a verified body says, as a typed event. Verify first: this proves nothing.

Args:
    gateway: "pagoefectivo", "payu", ...
    message: as `cuadre gateways` names it: "notification", "confirmation", "event", ...; an object of the gateway's
        API by its noun: "payment", "refund".
    body: the bytes as they arrived.

Everything that is wrong with the body stands in `faults`, by name; nothing is guessed.

Raises:
    SchemeUnknownError: scheme_unknown for a gateway or message without a table, saying why.)";
constexpr const char* kMismatchesDoc = R"(Why the event is not what the order says, by name; empty when it agrees.

Args:
    gateway: of the order; needed.
    merchant, reference, gateway_id: as text; what is empty is not compared.
    amount: Money, exact; None is not compared.
    environment: "live", "test", or empty.

What the order says and the event does not is a mismatch too ("amount_missing").

Raises:
    ArgumentInvalidError: argument_invalid for an order without a gateway, or another environment.)";

}  // namespace

void bind_notification(py::module_& module) {
  py::class_<Notification>(module, "Notification", "An event of a gateway. Fields it does not say are empty or None.",
                           py::is_final())
      .def_readonly("gateway", &Notification::gateway)
      .def_readonly("event_id", &Notification::event_id)
      .def_property_readonly("kind", &kind_of)
      .def_readonly("event_type", &Notification::event_type)
      .def_readonly("reference", &Notification::reference)
      .def_readonly("gateway_id", &Notification::gateway_id)
      .def_property_readonly("ids", &ids_of)
      .def_readonly("amount", &Notification::amount)
      .def_readonly("status_word", &Notification::status_word)
      .def_property_readonly("status", &status_of)
      .def_readonly("occurred_at", &Notification::occurred_at)
      .def_readonly("occurred_at_us", &Notification::occurred_at_us)
      .def_readonly("environment", &Notification::environment)
      .def_readonly("merchant", &Notification::merchant)
      .def_property_readonly("faults", &faults_of)
      .def("mismatches", &compare, py::kw_only(), py::arg("gateway"), py::arg("merchant") = "",
           py::arg("reference") = "", py::arg("gateway_id") = "", py::arg("amount") = py::none(),
           py::arg("environment") = "", kMismatchesDoc);
  module.def("read_notification", &read, py::arg("gateway"), py::arg("message"), py::arg("body"), kReadDoc);
  module.def("status_words", &words, "Every status word of every gateway, and ours for it. Raises nothing.");
  module.def("notification_tables", &tables,
             "The messages that can be read, and how their amounts are written. Raises nothing.");
  module.def("notification_gaps", &gaps,
             "Messages that are verified and cannot be read, and what to do. Raises nothing.");
}

}  // namespace cuadre::bindings
