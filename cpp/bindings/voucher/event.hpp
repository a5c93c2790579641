// The event that Python holds: its kind is a word, and which of a machine's events that is, is asked when it is
// applied.
#pragma once

#include <pybind11/pybind11.h>

#include <string>

#include "cuadre/voucher.hpp"

namespace cuadre::bindings {

struct EventObject {
  Event event;  // `event.event` stands for nothing until a machine is known
  std::string kind;
  Event of(Machine machine) const;  // throws Error(argument_invalid) for a word that the machine does not have
};

EventObject event_object(Machine machine, const Event& event);
std::string text_argument(pybind11::handle value, const char* what);  // a str, else TypeError; nothing of it is shown
pybind11::object moment_or_none(std::int64_t at_us);                  // None for kNoTime
std::int64_t moment_or_no_time(const pybind11::object& value, const char* what);

void bind_voucher_event(pybind11::module_& module);

}  // namespace cuadre::bindings
