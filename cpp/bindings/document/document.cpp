// Documents of people and firms. They come in as any object, because pybind11's own complaint about a wrong type would
// print the document.
#include "cuadre/document.hpp"

#include <pybind11/pybind11.h>

#include "border/method.hpp"
#include "cuadre/error.hpp"

namespace py = pybind11;

namespace cuadre::bindings {
namespace {

Document read(const std::string& country, const std::string& type, const py::object& text, const std::string& rule) {
  if (!py::isinstance<py::str>(text)) {
    throw Error(ErrorCode::argument_invalid, "a document is text, because a number loses its zeros in front, not " +
                                                 std::string(py::str(py::type::of(text).attr("__name__"))));
  }
  Py_ssize_t size = 0;
  const char* const bytes = PyUnicode_AsUTF8AndSize(text.ptr(), &size);
  if (bytes == nullptr) {  // half of a surrogate pair: a character that no document has
    PyErr_Clear();
    return read_document(country, type, "?", rule);
  }
  return read_document(country, type, {bytes, static_cast<std::size_t>(size)}, rule);
}

py::dict verdicts_of(const Document& document) {
  py::dict verdicts;
  for (const DocumentVerdict& verdict : document.verdicts) {
    verdicts[py::str(verdict.rule.data(), verdict.rule.size())] = name(verdict.reason);
  }
  return verdicts;
}

std::string shown(const Document& document) {
  return "<Document " + std::string(document.country) + " " + std::string(document.type) + " " + document.masked + " " +
         std::string(name(document.reason)) + ">";
}

py::list all_rules() {
  py::list list;
  for (const DocumentRule& rule : document_rules()) {
    py::dict item;
    item["country"] = rule.country;
    item["type"] = rule.type;
    item["rule"] = rule.rule;
    item["form"] = name(rule.form);
    item["length_min"] = int{rule.length_min};
    item["length_max"] = int{rule.length_max};
    item["prefixes"] = rule.prefixes;
    item["check"] = name(rule.check);
    item["leading_zero"] = rule.leading_zero;
    item["hyphen"] = rule.hyphen;
    item["status"] = rule.status;
    item["source"] = rule.source;
    item["note"] = rule.note;
    list.append(item);
  }
  return list;
}

py::list all_reasons() {
  py::list list;
  for (const DocumentReasonInfo& reason : document_reasons()) {
    py::dict item;
    item["name"] = reason.name;
    item["en"] = reason.en;
    item["es"] = reason.es;
    list.append(item);
  }
  return list;
}

constexpr const char* kReadDoc = R"(A document as it was typed, judged by every rule for its type.

Args:
    country: "CO" or "PE".
    type: "CC", "CE", "NIT", "PA" in Colombia; "DNI", "CUI", "CE", "PA", "RUC" in Peru.
    text: as typed. Blanks, points, commas and hyphens count for nothing, full-width signs for plain ones.
    rule: which rule decides: "register" (what is issued), "seeds", or a gateway that asks for it.

Raises:
    RuleUnknownError: rule_unknown, naming the closest country, type or rule.
    ArgumentInvalidError: argument_invalid where `text` is not text; a number would have lost its zeros.)";
constexpr const char* kRulesDoc =
    "The rules for documents, as dictionaries; rows of one country, type and rule are alternatives. Raises nothing.";
constexpr const char* kReasonsDoc =
    "Why a document is refused, by name, with the words in English and Spanish. Raises nothing.";

}  // namespace

void bind_voucher_document(py::module_& module) {
  py::class_<Document>(module, "Document",
                       "A document that was read. It shows itself masked; `text` is the whole of it, for the gateway "
                       "alone, and empty where the rule refuses it.",
                       py::is_final())
      .def_readonly("country", &Document::country)
      .def_readonly("type", &Document::type)
      .def_readonly("rule", &Document::rule)
      .def_property_readonly("valid", method(&Document::valid))
      .def_property_readonly("reason", [](const Document& document) { return name(document.reason); })
      .def_readonly("text", &Document::text)
      .def_readonly("masked", &Document::masked)
      .def_property_readonly("verdicts", &verdicts_of)
      .def_property_readonly("sentence_en", &sentence_en)
      .def_property_readonly("sentence_es", &sentence_es)
      .def("__repr__", &shown);
  module.def("read_document", &read, py::arg("country"), py::arg("type"), py::arg("text"), py::arg("rule") = "register",
             kReadDoc);
  module.def("document_rules", &all_rules, kRulesDoc);
  module.def("document_reasons", &all_reasons, kReasonsDoc);
}

}  // namespace cuadre::bindings
