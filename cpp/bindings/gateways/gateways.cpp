// What is known of gateways, for Python: all of one, and each kind of row of all.
#include "cuadre/gateways.hpp"

#include <pybind11/pybind11.h>

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "signature/scheme_dict.hpp"

namespace py = pybind11;

namespace cuadre::bindings {
namespace {

py::list texts(const std::vector<std::string>& items) {
  py::list list;
  for (const std::string& item : items) list.append(item);
  return list;
}

py::list pieces_of(std::string_view text) {
  py::list list;
  for_each_piece(text, ' ', [&](std::string_view piece) { list.append(piece); });
  return list;
}

py::object text_or_none(std::string_view text) { return text.empty() ? py::object(py::none()) : py::cast(text); }

template <class Enum, std::size_t N>
std::string_view word(const std::array<std::string_view, N>& names, Enum value) {
  return names[static_cast<std::size_t>(value)];
}
constexpr std::array<std::string_view, 3> kPlaces = {"header", "field", "query"};
static_assert(static_cast<std::size_t>(Carrier::In::query) + 1 == kPlaces.size());
constexpr std::array<std::string_view, 2> kBodies = {"json", "form"};
static_assert(static_cast<std::size_t>(NotificationMap::Body::form) + 1 == kBodies.size());
constexpr std::array<std::string_view, 3> kWritten = {"number", "text", "either"};
static_assert(static_cast<std::size_t>(NotificationMap::Written::either) + 1 == kWritten.size());
constexpr std::array<std::string_view, 5> kTimes = {"text", "iso", "unix_s", "unix_ms", "utc"};
static_assert(static_cast<std::size_t>(NotificationMap::Time::utc) + 1 == kTimes.size());

// ---- one row each; every row has its gateway

py::dict row_of(const Gateway& gateway) {
  py::dict row;
  row["gateway"] = gateway.name;
  return row;
}

void add_schemes(const Gateway& gateway, py::list& list) {
  for (const Scheme& scheme : gateway.schemes) {
    py::dict row = row_of(gateway);
    row["message"] = scheme.message;
    row["version"] = scheme.version;
    row["incoming"] = scheme.incoming;
    row["signed_text"] = signed_text(scheme);
    row["algorithm"] = name(scheme.algorithm);
    row["key_form"] = name(scheme.key_form);
    row["encoding"] = name(scheme.encoding);
    row["carrier"] = word(kPlaces, scheme.carrier.in);
    row["carrier_names"] = texts(scheme.carrier.names);
    row["time_form"] = name(scheme.time_form);
    row["tolerance_s"] = scheme.tolerance_s;
    row["retries_s"] = scheme.retries_s;
    row["settings"] = texts(scheme.settings);
    row["covered"] = names_of(scheme.covered);
    row["status"] = scheme.status;
    row["vectors"] = scheme.vectors;
    row["source"] = scheme.source;
    row["note"] = scheme.note;
    list.append(row);
  }
}

void add_scheme_gaps(const Gateway& gateway, py::list& list) {
  for (const SchemeGap& gap : gateway.scheme_gaps) {
    py::dict row = row_of(gateway);
    row["message"] = gap.message;
    row["note"] = gap.note;
    row["source"] = gap.source;
    list.append(row);
  }
}

py::dict map_row(const Gateway& gateway, const NotificationMap& map, std::string_view message) {
  py::dict row = row_of(gateway);
  row["message"] = message;
  row["kind"] = map.kind ? text_or_none(name(*map.kind)) : py::object(py::none());
  row["body"] = word(kBodies, map.body);
  row["inner"] = map.inner;
  row["marker"] = map.marker;
  row["event_id"] = map.event_id;
  row["event_type"] = map.event_type;
  row["status"] = map.status;
  row["status_is_event"] = map.status_is_event;
  row["reference"] = map.reference;
  row["gateway_id"] = map.gateway_id;
  row["strip_zeros"] = map.strip_zeros;
  row["id_apart"] = map.id_apart;
  row["paid_more_than_once"] = map.paid_more_than_once;
  row["payment_id"] = map.payment_id;
  row["merchant"] = map.merchant;
  row["needed"] = pieces_of(map.needed);
  row["amount"] = map.amount;
  row["amount_written"] = word(kWritten, map.amount_written);
  row["currency"] = map.currency;
  row["currency_any_case"] = map.currency_any_case;
  row["currency_only"] = map.currency_only;
  row["time"] = map.time;
  row["time_written"] = word(kTimes, map.time_written);
  row["environment"] = map.environment;
  row["production_word"] = map.production_word;
  row["test_word"] = map.test_word;
  row["ids"] = pieces_of(map.ids);
  row["wire_message"] = text_or_none(map.amount.empty() ? "" : map.wire_message);
  row["unit"] = map.wire.unit == WireForm::Unit::scaled ? "scaled" : "major";
  const py::tuple decimals = py::make_tuple(map.wire.decimals_min, map.wire.decimals_max);
  row["decimals"] = decimals;
  row["decimals_cop"] = map.cop_whole ? py::make_tuple(0, 0) : decimals;
  return row;
}

void add_messages(const Gateway& gateway, py::list& list) {
  for (const NotificationMap& map : gateway.notification.messages)
    for_each_piece(map.messages, ' ', [&](std::string_view message) { list.append(map_row(gateway, map, message)); });
}

void add_message_gaps(const Gateway& gateway, py::list& list) {
  for (const NotificationGap& gap : gateway.notification.gaps) {
    py::dict row = row_of(gateway);
    row["message"] = gap.message;
    row["note"] = gap.note;
    list.append(row);
  }
}

void add_words(const Gateway& gateway, py::list& list) {
  for (const StatusWord& word : gateway.notification.words) {
    py::dict row = row_of(gateway);
    row["message"] = word.message;
    row["theirs"] = word.theirs;
    row["kind"] = name(word.kind);
    row["ours"] = word.ours ? text_or_none(name(*word.ours)) : py::object(py::none());
    row["status"] = word.status;
    row["source"] = word.source;
    row["note"] = word.note;
    list.append(row);
  }
}

void add_wire(const Gateway& gateway, py::list& list) {
  for (const WireRule& rule : gateway.wire) {
    for_each_piece(rule.currencies, ' ', [&](std::string_view currency) {
      py::dict row = row_of(gateway);
      row["message"] = rule.message;
      row["currency"] = currency;
      row["form"] = rule.form;
      row["status"] = rule.status;
      row["source"] = rule.source;
      row["note"] = rule.note;
      list.append(row);
    });
  }
}

// ---- of all, and of one

template <void (*add)(const Gateway&, py::list&)>
py::list of_all() {
  py::list list;
  for (const Gateway* gateway : gateways()) add(*gateway, list);
  return list;
}
template <void (*add)(const Gateway&, py::list&)>
py::list of_one(const Gateway& gateway) {
  py::list list;
  add(gateway, list);
  return list;
}

py::list all_names() {
  py::list list;
  for (const std::string_view name : gateway_names()) list.append(name);
  return list;
}

py::dict all_of_one(const std::string& name) {
  const Gateway* const gateway = find_gateway(name);
  if (gateway == nullptr) throw Error(ErrorCode::scheme_unknown, "no gateway \"" + name + "\" is in the core's table");
  py::dict row;
  row["name"] = gateway->name;
  row["title"] = gateway->title;
  row["schemes"] = of_one<add_schemes>(*gateway);
  row["gaps"] = of_one<add_scheme_gaps>(*gateway);
  row["messages"] = of_one<add_messages>(*gateway);
  row["message_gaps"] = of_one<add_message_gaps>(*gateway);
  row["words"] = of_one<add_words>(*gateway);
  row["wire"] = of_one<add_wire>(*gateway);
  return row;
}

constexpr const char* kGateway =
    "Everything the core knows of one gateway, as a dictionary: name, title, and lists of rows as the functions "
    "beside\n"
    "this one give them of all (schemes, gaps, messages, message_gaps, words, wire).\n\n"
    "Args:\n"
    "    name: one of gateway_names().\n\n"
    "Raises:\n"
    "    SchemeUnknownError: scheme_unknown";
constexpr const char* kTable =
    "The table of gateways: every signature scheme as people read it, as dictionaries.\n\n"
    "Several with one gateway and message are readings, tried in this order. `signed_text` reads like a gateway's own\n"
    "documentation (\"id.timestamp.body\"; \"+\" where nothing stands between two parts, brackets around what may be\n"
    "absent); `covered` says what a good signature vouches for; `vectors` whose published vectors verify "
    "(\"official\",\n"
    "\"community\" or \"none\"); times are in seconds.\n\n"
    "Raises:\n"
    "    Nothing.";
constexpr const char* kGaps =
    "Messages whose signature no public text describes, and what to do about them, as dictionaries.\n\n"
    "Raises:\n"
    "    Nothing.";

}  // namespace

void bind_gateways(py::module_& module) {
  module.def("gateway_names", &all_names, "The names of all gateways in the core's table, in order. Raises nothing.");
  module.def("gateway", &all_of_one, py::arg("name"), kGateway);
  module.def("gateway_table", &of_all<add_schemes>, kTable);
  module.def("scheme_gaps", &of_all<add_scheme_gaps>, kGaps);
  module.def("notification_tables", &of_all<add_messages>,
             "The messages that can be read: where each value stands, and how it is written. Raises nothing.");
  module.def("notification_gaps", &of_all<add_message_gaps>,
             "Messages that are verified and cannot be read, and what to do. Raises nothing.");
  module.def("status_words", &of_all<add_words>,
             "Every status word of every gateway, and ours for it. Raises nothing.");
  module.def("wire_forms", &of_all<add_wire>,
             "How amounts stand in messages, by gateway, message and currency: `form` is a WireForm. Raises nothing.");
}

}  // namespace cuadre::bindings
