// The table of gateways, from the data that the verifier runs on.
#include <pybind11/pybind11.h>

#include "cuadre/signature.hpp"
#include "signature/scheme_dict.hpp"

namespace py = pybind11;

namespace cuadre::bindings {
namespace {

py::list texts(const std::vector<std::string>& items) {
  py::list list;
  for (const std::string& item : items) list.append(item);
  return list;
}

std::string place(const Carrier& carrier) {
  switch (carrier.in) {
    case Carrier::In::header:
      return "header";
    case Carrier::In::field:
      return "field";
    case Carrier::In::query:
      return "query";
  }
  return {};
}

py::dict scheme_dict(const Scheme& scheme) {
  py::dict item;
  item["gateway"] = scheme.gateway;
  item["message"] = scheme.message;
  item["version"] = scheme.version;
  item["incoming"] = scheme.incoming;
  item["signed_text"] = signed_text(scheme);
  item["algorithm"] = name(scheme.algorithm);
  item["key_form"] = name(scheme.key_form);
  item["encoding"] = name(scheme.encoding);
  item["carrier"] = place(scheme.carrier);
  item["carrier_names"] = texts(scheme.carrier.names);
  item["time_form"] = name(scheme.time_form);
  item["tolerance_s"] = scheme.tolerance_s;
  item["retries_s"] = scheme.retries_s;
  item["settings"] = texts(scheme.settings);
  item["covered"] = names_of(scheme.covered);
  item["status"] = scheme.status;
  item["vectors"] = scheme.vectors;
  item["source"] = scheme.source;
  item["note"] = scheme.note;
  return item;
}

py::list table_rows() {
  py::list list;
  for (const Scheme& scheme : schemes()) list.append(scheme_dict(scheme));
  return list;
}

py::list all_gaps() {
  py::list list;
  for (const SchemeGap& gap : scheme_gaps()) {
    py::dict item;
    item["gateway"] = gap.gateway;
    item["message"] = gap.message;
    item["note"] = gap.note;
    item["source"] = gap.source;
    list.append(item);
  }
  return list;
}

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
  module.def("gateway_table", &table_rows, kTable);
  module.def("scheme_gaps", &all_gaps, kGaps);
}

}  // namespace cuadre::bindings
