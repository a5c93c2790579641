// Source and reading for Python.
#include <pybind11/pybind11.h>
#include <pybind11/stl.h>

#include <algorithm>
#include <memory>
#include <string>
#include <utility>

#include "border/arrow_capsule.hpp"
#include "border/interruptible.hpp"
#include "border/terms.hpp"
#include "cuadre/settlement/tables.hpp"
#include "settlement/sources.hpp"

namespace py = pybind11;

namespace cuadre::bindings {

TakenSources take_sources(const py::list& handles) {
  TakenSources taken;
  for (const py::handle item : handles) {
    auto& handle = item.cast<SourceHandle&>();
    if (!handle.source) throw Error(ErrorCode::argument_invalid, "a source can be read once; open it again");
    taken.extent += handle.source->extent();
    taken.layouts.push_back(handle.layout);
    taken.sources.push_back(std::move(handle.source));
  }
  return taken;
}

namespace {

struct ReadResult {
  Reading reading;
  Sides sides() const { return {{"", &reading.files}}; }
};

std::unique_ptr<SourceHandle> open_path(const std::string& path, std::shared_ptr<const Layout> layout) {
  auto handle = std::make_unique<SourceHandle>();
  const py::gil_scoped_release released;
  handle->source = open_file(path, *layout);
  handle->layout = std::move(layout);
  return handle;
}

std::unique_ptr<SourceHandle> open_stream(const py::object& table, std::shared_ptr<const Layout> layout,
                                          std::string label) {
  ArrowArrayStream stream = take_stream(table);
  auto handle = std::make_unique<SourceHandle>();
  const py::gil_scoped_release released;  // the producer may run Python on threads of its own
  handle->source = open_arrow(&stream, *layout, std::move(label));
  handle->layout = std::move(layout);
  return handle;
}

std::unique_ptr<ReadResult> read(const py::list& sources, unsigned threads, std::uint64_t rejects_max,
                                 const py::object& progress) {
  TakenSources taken = take_sources(sources);
  return run_interruptible(
      [&](Progress& shared) {
        shared.total_bytes = taken.extent;
        ReadOptions options;
        options.threads = threads;
        options.rejects_max = rejects_max;
        options.progress = &shared;
        auto result = std::make_unique<ReadResult>();
        result->reading = read_all(std::move(taken.sources), options);
        return result;
      },
      progress);
}

constexpr const char* kReadDoc = R"(Reads opened sources, one after the other, each by several threads.

Args:
    sources: from open_file or open_stream; each can be read once.
    threads: 0 is one for each processor.
    rejects_max: more rejected rows than this in one file is an error.
    progress: None, or called with bytes done and bytes in all.

Raises:
    CuadreError: file_changed, layout_mismatch, column_missing, column_repeated, json_malformed, rejects_exceeded, ...
    KeyboardInterrupt: within a tenth of a second or so.)";

constexpr const char* kOpenFileDoc = R"(Opens a file under a layout; nothing is read yet.

Raises:
    CuadreError: file_missing, file_unreadable, file_empty.)";

constexpr const char* kOpenStreamDoc =
    R"(Takes all rows of a table that speaks Arrow. `label` stands where a path would.

Raises:
    CuadreError: arrow_unsupported, column_missing, column_repeated.)";

}  // namespace

void bind_settlement(py::module_& module) {
  py::class_<SourceHandle>(module, "Source", "An opened file or Arrow table, not read yet.")
      .def_property_readonly(
          "label", [](const SourceHandle& handle) { return handle.source ? handle.source->label() : std::string{}; });
  module.def("open_file", &open_path, py::arg("path"), py::arg("layout"), kOpenFileDoc);
  module.def("open_stream", &open_stream, py::arg("table"), py::arg("layout"), py::arg("label"), kOpenStreamDoc);

  py::class_<ReadResult>(module, "ReadResult", "What files gave, as tables; cuadre.settlement.Reading is the face.")
      .def_property_readonly("rows", [](const ReadResult& result) { return rows_table(result.reading); })
      .def_property_readonly("rejects", [](const ReadResult& result) { return rejects_table(result.sides()); })
      .def(
          "checks",
          [](const ReadResult& result, const std::string& language) {
            return checks_table(result.sides(), language_of(language));
          },
          py::arg("language") = "en",
          "What files declare about themselves, against what was found.\n\nRaises:\n    CuadreError: argument_invalid.")
      .def_property_readonly(
          "first_lot_only",
          [](const ReadResult& result) {
            const auto& files = result.reading.files;
            return std::any_of(files.begin(), files.end(),
                               [](const FileReport& file) { return covers_first_lot_only(file.checks); });
          },
          "Whether the control of a file declares what the first of its lots holds: the usual mistake.")
      .def_property_readonly("totals", [](const ReadResult& result) { return totals_table(result.sides()); })
      .def_property_readonly("files", [](const ReadResult& result) { return files_table(result.sides()); });
  module.def("read", &read, py::arg("sources"), py::kw_only(), py::arg("threads") = 0U,
             py::arg("rejects_max") = std::uint64_t{1'000'000}, py::arg("progress") = py::none(), kReadDoc);

  module.def(
      "check_kinds", [] { return term_list(check_kinds()); },
      "What files can declare about themselves: name, en, es; {0} is the lot, the record or the code. Raises nothing.");
  module.def(
      "reject_reasons", [] { return term_list(reject_reasons()); },
      "Why a row can be refused: name, en, es. Raises nothing.");
}

}  // namespace cuadre::bindings
