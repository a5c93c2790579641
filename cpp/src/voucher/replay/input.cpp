// Rows as lines: what they say, or why they cannot be.
#include "voucher/replay/input.hpp"

#include <limits>
#include <utility>

#include "cuadre/base/text.hpp"

namespace cuadre {
namespace {

constexpr std::int64_t kWindowMax_s = 1'000'000'000'000;

namespace event_field {
enum Name : std::size_t {
  reference,
  kind,
  source,
  amount,
  currency,
  fee,
  tax,
  occurred_at,
  received_at,
  expires_at,
  id,
  operation_id,
  person,
  code
};
}
constexpr InputField kEventFields[] = {
    {"reference", CellKind::text, true},   {"kind", CellKind::text, true},
    {"source", CellKind::text, true},      {"amount", CellKind::amount, false},
    {"currency", CellKind::text, false},   {"fee", CellKind::amount, false},
    {"tax", CellKind::amount, false},      {"occurred_at", CellKind::time, true},
    {"received_at", CellKind::time, true}, {"expires_at", CellKind::time, false},
    {"id", CellKind::text, false},         {"operation_id", CellKind::text, false},
    {"person", CellKind::text, false},     {"code", CellKind::text, false},
};
static_assert(std::size(kEventFields) <= InputTable::kFieldsMax);

namespace terms_field {
enum Name : std::size_t {
  reference,
  amount,
  currency,
  issued_at,
  expires_at,
  refund_offered,
  refund_whole_only,
  refund_after_settlement,
  refund_window_s,
  approvals_needed,
  requested_by,
  linked
};
}
constexpr InputField kTermsFields[] = {
    {"reference", CellKind::text, true},
    {"amount", CellKind::amount, true},
    {"currency", CellKind::text, true},
    {"issued_at", CellKind::time, true},
    {"expires_at", CellKind::time, false},
    {"refund_offered", CellKind::truth, false},
    {"refund_whole_only", CellKind::truth, false},
    {"refund_after_settlement", CellKind::truth, false},
    {"refund_window_s", CellKind::whole, false},
    {"approvals_needed", CellKind::whole, false},
    {"requested_by", CellKind::text, false},
    {"linked", CellKind::text, false},
};
static_assert(std::size(kTermsFields) <= InputTable::kFieldsMax);

std::string_view reference_of(const InputTable::Part& part, std::size_t row) {
  const std::string_view text = part.text_or_empty(0, row);
  return text.size() > kTextMax ? std::string_view("", 0) : text;
}

// A currency that has amounts; 0: none.
std::uint16_t currency_id(std::string_view code) noexcept {
  const auto found = Currency::find(code);
  return found && found->minor_units() >= 0 ? found->id() : std::uint16_t{0};
}

}  // namespace

void WordTable::add(std::string_view word, std::uint8_t code) {
  const SixteenBytes bytes = load_up_to_16(word);
  std::size_t at = slot(bytes, word.size());
  while (slots_[at].code != kNone) at = (at + 1) % kSlots;
  slots_[at] = {bytes, static_cast<std::uint8_t>(word.size()), code};
}

// ---- events

EventInput::EventInput(std::shared_ptr<const HeldStream> stream, const ReplayOptions& options)
    : machine_(options.machine),
      at_us_(options.at_us.value_or(std::numeric_limits<std::int64_t>::max())),
      known_at_us_(options.known_at_us.value_or(std::numeric_limits<std::int64_t>::max())),
      table_(std::move(stream), "events", kEventFields, options.event_columns) {
  using namespace event_field;
  for (const Name field : {amount, fee, tax}) {
    if (table_.bound(field) && !table_.in_minor(field) && !table_.bound(currency))
      throw Error(ErrorCode::column_missing,
                  "the table of events has no column \"currency\", which amounts in major units need");
  }
  const MachineTable& machine = machine_table(machine_);
  for (std::size_t i = 0; i < machine.events.size(); ++i)
    kinds_.add(machine.events[i].name, static_cast<std::uint8_t>(i));
  for (const EventSource word : {EventSource::notification, EventSource::poll, EventSource::settlement,
                                 EventSource::operator_, EventSource::request, EventSource::clock})
    sources_.add(cuadre::name(word), static_cast<std::uint8_t>(word));
}

std::string_view EventInput::reference(const InputTable::Part& part, std::size_t row) const {
  return reference_of(part, row);
}

bool EventInput::has_more(const InputTable::Part& part, std::size_t row) const {
  using namespace event_field;
  for (const Name field : {fee, tax, expires_at, person, code}) {
    if (!part.missing(field, row)) return true;
  }
  return false;
}

std::optional<StepReason> EventInput::read_amounts(const InputTable::Part& part, std::size_t row, EventView& view,
                                                   std::uint16_t& unit) const {
  using namespace event_field;
  view.has_amount = !part.missing(amount, row);
  const bool any = view.has_amount || !part.missing(fee, row) || !part.missing(tax, row);
  if (!any) return std::nullopt;
  int minor_units = 0;
  if (table_.bound(currency)) {
    unit = currency_id(part.text_or_empty(currency, row));
    if (unit == 0) return StepReason::other_currency;
    minor_units = Currency::from_id(unit).minor_units();
  }
  const auto read = [&](Name field, std::int64_t& minor) {
    return part.missing(field, row) ? AmountStatus::ok : table_.amount(part, field, row, minor_units, minor);
  };
  for (const AmountStatus status :
       {read(amount, view.amount_minor), read(fee, view.fee_minor), read(tax, view.tax_minor)}) {
    if (status == AmountStatus::overflow) return StepReason::amount_too_large;
    if (status != AmountStatus::ok) return StepReason::amount_unreadable;
  }
  return std::nullopt;
}

std::optional<StepReason> EventInput::read_numbers(const InputTable::Part& part, std::size_t row, EventView& view,
                                                   std::uint16_t& unit) const {
  using namespace event_field;
  const std::uint8_t event = kinds_.find(part.text_or_empty(kind, row));
  const std::uint8_t from = sources_.find(part.text_or_empty(source, row));
  const bool words = event != WordTable::kNone && from != WordTable::kNone;
  if (words) view.event = event, view.source = static_cast<EventSource>(from);
  const bool times = !part.missing(occurred_at, row) && !part.missing(received_at, row) &&
                     table_.time(part, occurred_at, row, view.occurred_at_us) &&
                     table_.time(part, received_at, row, view.received_at_us) &&
                     (part.missing(expires_at, row) || table_.time(part, expires_at, row, view.expires_at_us));
  if (!times) {
    view.occurred_at_us = view.received_at_us = kNoTime;
    return words ? StepReason::time_missing : StepReason::word_unknown;
  }
  if (!words) return StepReason::word_unknown;
  return read_amounts(part, row, view, unit);
}

void EventInput::write(const InputTable::Part& part, std::size_t row, std::size_t number, const JoinKey& key, bool more,
                       Line* out) const {
  using namespace event_field;
  EventView view;
  std::uint16_t unit = 0;
  std::optional<StepReason> fault = read_numbers(part, row, view, unit);
  view.id = part.text_or_empty(id, row);
  view.operation_id = part.text_or_empty(operation_id, row);
  if (more) {
    view.person = part.text_or_empty(person, row);
    view.code = part.text_or_empty(code, row);
  }
  if (!fault) fault = event_fault(machine_, view, view.occurred_at_us);  // its record's time is looked at later
  EventLine line{};
  line.key = key;
  line.occurred_at_us = view.occurred_at_us;
  line.received_at_us = view.received_at_us;
  line.row = static_cast<std::uint32_t>(number);
  line.has_more = more;
  line.later = view.occurred_at_us > at_us_ || view.received_at_us > known_at_us_;
  line.event = view.event & 0xFU;
  line.source = static_cast<std::uint8_t>(view.source) & 0xFU;
  if (fault) {
    line.refused = true;
    line.amount_minor = static_cast<std::int64_t>(*fault);
  } else {
    line.amount_minor = view.amount_minor;
    line.has_amount = view.has_amount;
    line.currency = unit;
    line.id = ShortText(view.id);
    line.operation_id = ShortText(view.operation_id);
  }
  out[0].event = line;
  if (!more) return;
  MoreLine rest{view.fee_minor, view.tax_minor, view.expires_at_us, {}, {}, {}};
  if (!fault) rest.person = ShortText(view.person), rest.code = ShortText(view.code);
  out[1].more = rest;
}

// ---- terms

TermsInput::TermsInput(std::shared_ptr<const HeldStream> stream, const ReplayOptions& options)
    : table_(std::move(stream), "vouchers", kTermsFields, options.voucher_columns) {}

// What leaves as text must be text, whatever the producer called it.
std::string_view TermsInput::reference(const InputTable::Part& part, std::size_t row) const {
  const std::string_view text = reference_of(part, row);
  return is_ascii(text) || is_utf8(text) ? text : std::string_view("", 0);
}

TermFault TermsInput::read_amount(const InputTable::Part& part, std::size_t row, TermsLine& line) const {
  using namespace terms_field;
  const std::uint16_t unit = currency_id(part.text_or_empty(currency, row));
  if (unit == 0) return TermFault::currency_unknown;
  line.currency = unit & 0xFFFU;
  if (part.missing(amount, row)) return TermFault::amount_unreadable;
  const int minor_units = Currency::from_id(unit).minor_units();
  const AmountStatus status = table_.amount(part, amount, row, minor_units, line.amount_minor);
  if (status == AmountStatus::overflow) return TermFault::amount_impossible;
  if (status != AmountStatus::ok) return TermFault::amount_unreadable;
  const bool possible = line.amount_minor > 0 && line.amount_minor <= kEventAmountMax;
  return possible ? TermFault::none : TermFault::amount_impossible;
}

TermFault TermsInput::read_times(const InputTable::Part& part, std::size_t row, TermsLine& line) const {
  using namespace terms_field;
  if (part.missing(issued_at, row) || !table_.time(part, issued_at, row, line.made_at_us))
    return TermFault::time_missing;
  line.expires_at_us = kNoTime;
  if (part.missing(expires_at, row)) return TermFault::none;
  if (!table_.time(part, expires_at, row, line.expires_at_us)) return TermFault::time_missing;
  return line.expires_at_us > line.made_at_us ? TermFault::none : TermFault::expiry_impossible;
}

TermFault TermsInput::read_rules(const InputTable::Part& part, std::size_t row, TermsLine& line) const {
  using namespace terms_field;
  const auto truth = [&](Name field, bool otherwise) {
    if (part.missing(field, row)) return otherwise;
    return part.cells[field].column.truth(static_cast<std::int64_t>(row));
  };
  line.refund_offered = truth(refund_offered, true);
  line.refund_whole_only = truth(refund_whole_only, false);
  line.refund_after_settlement = truth(refund_after_settlement, false);
  line.linked = !part.text_or_empty(linked, row).empty();
  line.refund_window_s = -1;
  if (!part.missing(refund_window_s, row)) {
    if (!table_.whole(part, refund_window_s, row, line.refund_window_s)) return TermFault::rule_impossible;
    if (line.refund_window_s < 0 || line.refund_window_s > kWindowMax_s) return TermFault::rule_impossible;
  }
  std::int64_t approvals = 0;
  if (!part.missing(approvals_needed, row)) {
    if (!table_.whole(part, approvals_needed, row, approvals)) return TermFault::rule_impossible;
    if (approvals < 0 || approvals > 255) return TermFault::rule_impossible;
  }
  line.approvals_needed = static_cast<std::uint8_t>(approvals);
  const std::string_view who = part.text_or_empty(requested_by, row);
  if (who.size() > kTextMax) return TermFault::rule_impossible;
  line.requested_by = ShortText(who);
  return approvals > 0 && who.empty() ? TermFault::person_missing : TermFault::none;
}

void TermsInput::write(const InputTable::Part& part, std::size_t row, std::size_t number, const JoinKey& key,
                       bool /*more*/, Line* out) const {
  TermsLine line{};
  line.key = key;
  line.row = static_cast<std::uint32_t>(number);
  TermFault fault = key.empty() ? TermFault::reference_missing : TermFault::none;
  if (fault == TermFault::none) fault = read_amount(part, row, line);
  if (fault == TermFault::none) fault = read_times(part, row, line);
  if (fault == TermFault::none) fault = read_rules(part, row, line);
  line.fault = static_cast<std::uint8_t>(fault) & 0xFU;
  out[0].terms = line;
}

}  // namespace cuadre
