// What a verified message says, for Python: read_notification and Notification.
#include "cuadre/notification.hpp"

#include <pybind11/pybind11.h>
#include <pybind11/stl.h>

#include <string>
#include <string_view>

#include "money/object.hpp"
#include "money/values.hpp"
#include "signature/scheme_dict.hpp"

namespace py = pybind11;

namespace cuadre::bindings {
namespace {

struct OrderCheck {
  std::vector<Mismatch> quarantine;
};

py::object text_or_none(std::string_view text) {
  if (text.empty()) return py::none();
  return py::str(text.data(), text.size());
}

Notification read(const std::string& gateway, const std::string& message, const py::bytes& body,
                  const std::string& signed_id, const py::object& covered) {
  const bool proven = !signed_id.empty() || !covered.is_none();
  const Proven parts{signed_id, covered.is_none() ? Covered{} : covered_of(covered)};
  return read_notification(gateway, message, std::string_view(body), proven ? &parts : nullptr);
}

py::list faults_of(const Notification& event) {
  py::list all;
  for (const Notification::Fault& fault : event.faults)
    all.append(py::make_tuple(name(fault.fault), fault.field, fault.detail));
  return all;
}
py::list unsigned_of(const Notification& event) {
  py::list all;
  for (const std::string_view field : event.unsigned_fields) all.append(field);
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

// For logs: the gateway's id may be a voucher code that pays whoever knows it, so it is not shown.
std::string repr_of(const Notification& event) {
  std::string text = "<Notification " + event.gateway + " " + std::string(name(event.kind)) + " ";
  text += event.status ? std::string(name(*event.status)) : "without a status";
  if (!event.reference.empty()) text += " " + event.reference;
  if (event.amount) text += " " + std::string(event.amount->currency().code()) + " " + event.amount->amount_text();
  for (const Notification::Fault& fault : event.faults)
    text += ", " + std::string(name(fault.fault)) + " " + fault.field;
  return text + ">";
}

// A value of the order by its name: the keyword, else what the order has under it. None where neither says it.
py::object said(const py::object& order, const py::object& keyword, const char* name) {
  if (!keyword.is_none() || order.is_none()) return keyword;
  if (py::isinstance(order, py::module_::import("collections.abc").attr("Mapping")))
    return order.attr("get")(name, py::none());
  return py::getattr(order, name, py::none());
}

std::string text_said(const py::object& order, const py::object& keyword, const char* name) {
  const py::object value = said(order, keyword, name);
  if (value.is_none()) return {};
  if (const py::object whole = whole_number(value)) return py::str(whole);  // a primary key, a CIP
  if (!py::isinstance<py::str>(value)) refuse_type(value, "the order's " + std::string(name) + " is text");
  return std::string(text_of(value, ErrorCode::argument_invalid));
}

// By keyword alone: an order has a kind and a status of its own, which mean something else.
template <class Enum>
std::optional<Enum> word_said(const py::object& keyword, const char* what, std::span<const std::string_view> known) {
  if (keyword.is_none()) return std::nullopt;
  if (!py::isinstance<py::str>(keyword)) refuse_type(keyword, std::string(what) + " is text");
  const std::string_view word = text_of(keyword, ErrorCode::argument_invalid);
  std::string all;
  for (std::size_t i = 0; i < known.size(); ++i) {
    if (known[i] == word) return static_cast<Enum>(i);
    all += (i == 0 ? "" : ", ") + std::string(known[i]);
  }
  throw Error(ErrorCode::argument_invalid,
              std::string(what) + " \"" + std::string(word) + "\" is not known; it is one of " + all);
}
#define CUADRE_X(name, ...) #name,
constexpr std::string_view kKinds[] = {CUADRE_EVENT_KINDS(CUADRE_X)};
constexpr std::string_view kStatuses[] = {CUADRE_EVENT_STATUSES(CUADRE_X)};
#undef CUADRE_X

OrderCheck compare(const Notification& event, const py::object& order, const py::object& gateway,
                   const py::object& merchant, const py::object& reference, const py::object& gateway_id,
                   const py::object& amount, const py::object& currency, const py::object& environment,
                   const py::object& kind, const py::object& status) {
  ExpectedOrder expected;
  expected.kind = word_said<EventKind>(kind, "kind", kKinds).value_or(EventKind::payment);
  expected.status = word_said<EventStatus>(status, "status", kStatuses);
  expected.gateway = text_said(order, gateway, "gateway");
  expected.merchant = text_said(order, merchant, "merchant");
  expected.reference = text_said(order, reference, "reference");
  expected.gateway_id = text_said(order, gateway_id, "gateway_id");
  expected.environment = text_said(order, environment, "environment");
  if (const py::object in = said(order, currency, "currency"); !in.is_none()) expected.currency = currency_of(in);
  if (const py::object of = said(order, amount, "amount"); py::isinstance<Money>(of)) {
    expected.amount = money_in(of.ptr());
  } else if (!of.is_none()) {
    if (!expected.currency)
      throw Error(ErrorCode::argument_invalid, "the order's amount is no Money and has no currency: give currency=");
    expected.amount = money_of(of, *expected.currency);
  }
  return {expect(event, expected)};
}

py::tuple quarantine_of(const OrderCheck& check) {
  py::tuple all(check.quarantine.size());
  for (std::size_t i = 0; i < check.quarantine.size(); ++i) all[i] = check.quarantine[i];
  return all;
}
std::string_view name_of(const Mismatch& mismatch) { return name(mismatch.what); }
std::string names_of(const OrderCheck& check) {
  std::string all;
  for (const Mismatch& each : check.quarantine) all += (all.empty() ? "" : ", ") + std::string(name(each.what));
  return all.empty() ? "accepted" : "quarantine: " + all;
}
std::string sentences_of(const OrderCheck& check) {
  std::string all;
  for (const Mismatch& each : check.quarantine)
    all += (all.empty() ? "" : "\n") + std::string(name(each.what)) + ": " + each.sentence_en;
  return all.empty() ? "accepted" : all;
}
bool no_bool(const OrderCheck& /*check*/) {
  throw py::type_error("the outcome of expect() is not true or false: ask for .accepted, or read .quarantine");
}

constexpr const char* kReadDoc = R"(What a verified body says, as a typed event. Verify first: this proves nothing.

Args:
    gateway: "pagoefectivo", "payu", ...
    message: as `cuadre gateways` names it: "notification", "confirmation", "event", ...; an object of the gateway's
        API by its noun: "payment", "refund".
    body: the bytes as they arrived.
    signed_id: the event id that was verified, for gateways that sign an id and not the body.
    covered: what the signature vouches for, as `Verified.covered`; a status, an amount or its currency outside it is a
        fault, "not_signed": the gateway has to be asked; other values outside it stand in `unsigned_fields`, by which
        no order is matched. None, or nothing covered: not compared.

Everything that is wrong with the body stands in `faults`, by name; nothing is guessed.

Raises:
    SchemeUnknownError: scheme_unknown for a gateway or message without a table, saying why.)";
constexpr const char* kExpectDoc =
    R"(Is the event what the order says? Signed is not yet right: compare before anything is booked.

    check = event.expect(gateway="izipay", reference=order.id, amount=order.total, environment="production")
    if check.accepted: ...            # else put the event aside, with check.quarantine: the reasons

Args:
    order: a mapping or an object that has any of the following by these names; keywords come before it.
    gateway: text, as `cuadre gateways` names it. Needed.
    merchant: the account it must have been sent to, text or an int.
    reference: of the order, text or an int. This or gateway_id is needed.
    gateway_id: the gateway's id of the payment (a CIP with or without zeros in front), text or an int.
    amount: Money; or text, an int or a Decimal beside `currency`. Exact: a cent more or less is another amount.
    currency: a code or Currency; without an amount, any amount in it will do.
    environment: "production" or "test". An event that says it is a test is put aside unless this is "test".
    kind: what is expected: "payment", "refund", "payout", "chargeback", "report", "other".
    status: the status that is expected, of status_words(). None is the one that says that money moved: "paid" for a
        payment, "completed" for a refund or a payout; of other kinds none is compared. These two are taken from the
        keywords alone, never from `order`.

What is None is not compared, and what the order says and the event does not is a reason too ("amount_missing"). So is
what the signature does not cover ("not_signed"): Wompi signs no reference, so compare its gateway_id there. PayU, Wompi
and Adyen sign no environment: tell test from production by the secret, or ask the gateway.

Raises:
    ArgumentInvalidError: argument_invalid for an order that says too little to tell events apart.
    MoneyError: amount_invalid, currency_unknown, float_refused, for an amount or currency that is none.
    TypeError: for a name that is not text.)";

}  // namespace

void bind_notification(py::module_& module) {
  py::class_<Mismatch>(module, "Mismatch", "One reason to put an event aside, by name and in a sentence.",
                       py::is_final())
      .def_property_readonly("name", &name_of)
      .def_readonly("expected", &Mismatch::expected)
      .def_readonly("found", &Mismatch::found)
      .def_readonly("sentence_en", &Mismatch::sentence_en)
      .def_readonly("sentence_es", &Mismatch::sentence_es)
      .def("__str__", [](const Mismatch& self) { return self.sentence_en; })
      .def("__repr__", [](const Mismatch& self) { return "<Mismatch " + std::string(name(self.what)) + ">"; });
  py::class_<OrderCheck>(module, "OrderCheck", "Whether an event is what an order says, and why not. Not a bool.",
                         py::is_final())
      .def_property_readonly("accepted", [](const OrderCheck& self) { return self.quarantine.empty(); })
      .def_property_readonly("quarantine", &quarantine_of)
      .def("__bool__", &no_bool)
      .def("__str__", &sentences_of)
      .def("__repr__", [](const OrderCheck& self) { return "<OrderCheck " + names_of(self) + ">"; });
  py::class_<Notification>(module, "Notification", "An event of a gateway. Fields it does not say are empty or None.",
                           py::is_final())
      .def_readonly("gateway", &Notification::gateway)
      .def_readonly("event_id", &Notification::event_id)
      .def_property_readonly("kind", &kind_of)
      .def_readonly("event_type", &Notification::event_type)
      .def_readonly("reference", &Notification::reference)
      .def_readonly("gateway_id", &Notification::gateway_id)
      .def_readonly("operation_id", &Notification::operation_id)
      .def_property_readonly("ids", &ids_of)
      .def_readonly("amount", &Notification::amount)
      .def_readonly("status_word", &Notification::status_word)
      .def_property_readonly("status", &status_of)
      .def_readonly("occurred_at", &Notification::occurred_at)
      .def_readonly("occurred_at_us", &Notification::occurred_at_us)
      .def_readonly("environment", &Notification::environment)
      .def_readonly("merchant", &Notification::merchant)
      .def_property_readonly("faults", &faults_of)
      .def_property_readonly("unsigned_fields", &unsigned_of)
      .def("__repr__", &repr_of)
      .def("expect", &compare, py::arg("order") = py::none(), py::kw_only(), py::arg("gateway") = py::none(),
           py::arg("merchant") = py::none(), py::arg("reference") = py::none(), py::arg("gateway_id") = py::none(),
           py::arg("amount") = py::none(), py::arg("currency") = py::none(), py::arg("environment") = py::none(),
           py::arg("kind") = "payment", py::arg("status") = py::none(), kExpectDoc);
  module.def("read_notification", &read, py::arg("gateway"), py::arg("message"), py::arg("body"),
             py::arg("signed_id") = "", py::arg("covered") = py::none(), kReadDoc);
}

}  // namespace cuadre::bindings
