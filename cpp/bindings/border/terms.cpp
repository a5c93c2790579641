#include "border/terms.hpp"

#include <string>

#include "cuadre/base/text.hpp"
#include "cuadre/error.hpp"

namespace py = pybind11;

namespace cuadre::bindings {

py::dict term_dict(const Term& term) {
  py::dict row;
  row["name"] = term.name;
  row["en"] = term.english;
  row["es"] = term.spanish;
  return row;
}

py::list term_list(std::span<const Term> terms) {
  py::list out;
  for (const Term& term : terms) out.append(term_dict(term));
  return out;
}

Language language_of(std::string_view name) {
  if (name == "en") return Language::english;
  if (name == "es") return Language::spanish;
  throw Error(ErrorCode::argument_invalid, "a language is en or es, not " + quoted(name));
}

}  // namespace cuadre::bindings
