// Replays for Python: two tables in, tables out.
#include "cuadre/voucher/replay.hpp"

#include <pybind11/pybind11.h>
#include <pybind11/stl.h>

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "border/interruptible.hpp"
#include "border/method.hpp"
#include "money/column_input.hpp"

namespace py = pybind11;

namespace cuadre::bindings {
namespace {

// All of a table, before another is asked for: some libraries have one stream at a time.
HeldTable held(const py::object& table) {
  ArrowArrayStream stream = arrow_stream_of(table);
  return run_interruptible([&](Progress&) { return hold_table(&stream); }, py::none());
}

using Names = std::map<std::string, std::string>;

Replay replay(const py::object& vouchers, const py::object& events, const std::string& machine,
              std::optional<std::int64_t> at_us, std::optional<std::int64_t> known_at_us, unsigned threads,
              Names voucher_columns, Names event_columns) {
  ReplayOptions options;
  options.machine = machine_named(machine);
  options.at_us = at_us;
  options.known_at_us = known_at_us;
  options.threads = threads;
  options.voucher_columns = std::move(voucher_columns);
  options.event_columns = std::move(event_columns);
  HeldTable terms = held(vouchers);
  HeldTable told = held(events);
  return run_interruptible(
      [&](Progress& shared) {
        options.progress = &shared;
        Replay done = replay_events(std::move(terms), std::move(told), options);
        options.progress = nullptr;
        return done;
      },
      py::none());
}

constexpr const char* kReplayDoc = R"(Folds the events of many records at once; cuadre.voucher.replay is the face.

Args:
    vouchers, events: tables that speak Arrow.
    machine: voucher, refund or payout.
    at_us, known_at_us: as things stood then, by what was known then: microseconds in UTC, or None.
    threads: 0 is one for each processor.
    voucher_columns, event_columns: our column to theirs, where they differ.

Raises:
    CuadreError: arrow_unsupported, column_missing, column_repeated, float_refused, argument_invalid; proof_failed.
    KeyboardInterrupt: within a tenth of a second or so.)";

}  // namespace

void bind_voucher_column(py::module_& module) {
  py::class_<Replay>(module, "Replay", "What a replay gave, as tables; cuadre.voucher.Replay is the face.")
      .def("records", method(&Replay::records))
      .def("outcomes", method(&Replay::outcomes))
      .def("totals", method(&Replay::totals))
      .def("due", method(&Replay::due), py::arg("now_us"), py::call_guard<py::gil_scoped_release>(),
           "The clock events that are due at that instant, in microseconds of UTC.");
  module.def("replay", &replay, py::arg("vouchers"), py::arg("events"), py::kw_only(), py::arg("machine"),
             py::arg("at_us") = py::none(), py::arg("known_at_us") = py::none(), py::arg("threads") = 0U,
             py::arg("voucher_columns") = Names{}, py::arg("event_columns") = Names{}, kReplayDoc);
}

}  // namespace cuadre::bindings
