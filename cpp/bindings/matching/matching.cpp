// Matching for Python: opened sources in, a result that gives tables out.
#include <pybind11/pybind11.h>
#include <pybind11/stl.h>

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "border/interruptible.hpp"
#include "border/moments.hpp"
#include "border/terms.hpp"
#include "cuadre/matching/sentence.hpp"
#include "cuadre/matching/tables.hpp"
#include "cuadre/settlement/tables.hpp"
#include "settlement/sources.hpp"

namespace py = pybind11;

namespace cuadre::bindings {
namespace {

// Keeps the layouts for as long as any table of the result lives, because the sources inside it may be read again.
struct Held {
  std::vector<std::shared_ptr<const Layout>> layouts;
  MatchResult result;
};

class Matched {
 public:
  explicit Matched(const std::shared_ptr<const Held>& held) : result_(held, &held->result) {}

  const MatchResult& operator*() const { return *result_; }
  const MatchResult* operator->() const { return result_.get(); }
  std::shared_ptr<const MatchResult> share() const { return result_; }
  Sides sides() const { return {{"ledger", &result_->ledger_files}, {"settlement", &result_->settlement_files}}; }

 private:
  std::shared_ptr<const MatchResult> result_;
};

std::unique_ptr<Matched> match_sources(const py::list& ledger, const py::list& settlement,
                                       const std::vector<std::string>& key, unsigned threads, std::uint64_t rejects_max,
                                       const py::object& progress) {
  MatchOptions options;
  options.key = KeyRule::compile(key);
  options.read.threads = threads;
  options.read.rejects_max = rejects_max;
  TakenSources ours = take_sources(ledger);
  TakenSources theirs = take_sources(settlement);
  return run_interruptible(
      [&](Progress& shared) {
        shared.total_bytes = ours.extent + theirs.extent;
        options.read.progress = &shared;
        MatchResult result = match(std::move(ours.sources), std::move(theirs.sources), options);
        auto layouts = std::move(ours.layouts);
        layouts.insert(layouts.end(), theirs.layouts.begin(), theirs.layouts.end());
        return std::make_unique<Matched>(std::make_shared<const Held>(Held{std::move(layouts), std::move(result)}));
      },
      progress);
}

// datetime.date to days since 1970-01-01.
std::optional<std::int32_t> days_of(const py::object& date) {
  if (date.is_none()) return std::nullopt;
  return date.attr("toordinal")().cast<std::int32_t>() - kEpochOrdinal;
}

py::list worth(const Matched& matched) {
  const py::object decimal = py::module_::import("decimal").attr("Decimal");
  py::list out;
  for (const CurrencyTotal& total : breaks_worth(*matched)) {
    const std::string text = decimal_text(total.amount_minor, total.currency.minor_units());
    out.append(py::make_tuple(std::string(total.currency.code()), decimal(text)));
  }
  return out;
}

// The forms of sentences, where all that is the same for every break is filled in.
py::list patterns(const Matched& matched) {
  const auto pattern = [&](std::string_view form, Language language) {
    std::string text;
    fill(text, form, [&](std::string_view place) {
      if (place == "compared") {
        append_compared(text, matched->key, language);
      } else {
        text.append("{").append(place).append("}");
      }
    });
    return text;
  };
  py::list out;
  for (const Term& form : sentence_forms()) {
    const std::string english = pattern(form.english, Language::english);
    const std::string spanish = pattern(form.spanish, Language::spanish);
    out.append(term_dict({form.name, english, spanish}));
  }
  return out;
}

constexpr const char* kMatchDoc = R"(Reads both sides and matches them.

Args:
    ledger, settlement: opened sources; each can be used once.
    key: steps of the normal form of references.
    threads: 0 is one for each processor.
    rejects_max: more rejected rows than this in one file is an error.
    progress: None, or called with bytes done and bytes in all.

Raises:
    CuadreError: argument_invalid for an unknown step, proof_failed, and what reading raises.
    KeyboardInterrupt: within a tenth of a second or so.)";

}  // namespace

void bind_matching(py::module_& module) {
  py::class_<Matched>(module, "MatchResult", "A reconciliation, as tables; cuadre.matching.Reconciliation is the face.")
      .def_property_readonly("balanced", [](const Matched& matched) { return matched->balanced(); })
      .def_property_readonly("matched", [](const Matched& matched) { return matched->matched(); })
      .def_property_readonly("key", [](const Matched& matched) { return matched->key.steps(); })
      .def("summary", [](const Matched& matched) { return summary_table(*matched); })
      .def("proof", [](const Matched& matched) { return proof_table(*matched); })
      .def("rejects", [](const Matched& matched) { return rejects_table(matched.sides()); })
      .def(
          "checks",
          [](const Matched& matched, const std::string& language) {
            return checks_table(matched.sides(), language_of(language));
          },
          py::arg("language") = "en",
          "What files declare about themselves, against what was found.\n\nRaises:\n    CuadreError: argument_invalid.")
      .def("files", [](const Matched& matched) { return files_table(matched.sides()); })
      .def("matches", [](const Matched& matched) { return matches_table(matched.share()); })
      .def(
          "breaks",
          [](const Matched& matched, const py::object& as_of) { return breaks_table(matched.share(), days_of(as_of)); },
          py::arg("as_of") = py::none(), "One row a break; ages are counted to the date `as_of`.")
      .def(
          "forms", [](const Matched& matched) { return forms_table(*matched); },
          "For each break, in order: the form of its sentence, and the amount of a row that it only names.")
      .def("patterns", &patterns,
           "The forms of sentences with how references were compared in its place: name, en, es. Raises nothing.")
      .def("worth", &worth, "What the breaks are worth: (currency, amount), by currency code.");
  module.def("match", &match_sources, py::arg("ledger"), py::arg("settlement"), py::kw_only(), py::arg("key"),
             py::arg("threads") = 0U, py::arg("rejects_max") = std::uint64_t{1'000'000},
             py::arg("progress") = py::none(), kMatchDoc);

  module.def(
      "buckets", [] { return term_list(buckets()); },
      "What comes of a row: name, en, es; all but matched are codes of breaks. Raises nothing.");
  module.def(
      "sentence_forms", [] { return term_list(sentence_forms()); },
      "What breaks say: name, en, es, with places such as {reference} and {stake}. Raises nothing.");
  module.def(
      "row_kinds", [] { return term_list(row_kinds()); }, "What a row is about: name, en, es. Raises nothing.");
  module.def(
      "key_steps", [] { return term_list(key_steps()); },
      "The steps of a normal form of references, in order: name, en, es. Raises nothing.");
}

}  // namespace cuadre::bindings
