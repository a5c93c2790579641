// Millions of events over millions of records at once: back-fill, replay, audit, expiry sweep. The same fold as one
// Record's, fed from Arrow columns, and the answer as Arrow tables.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "cuadre/base/progress.hpp"
#include "cuadre/table.hpp"
#include "cuadre/voucher.hpp"

namespace cuadre {

// Why the terms of a record cannot be; it then has no state, and its events are refused as those of another record.
#define CUADRE_TERM_FAULTS(X)                                                             \
  X(none, "the terms are sound")                                                          \
  X(reference_missing, "no reference, or none that is text of at most 255 bytes")         \
  X(reference_repeated, "another row has the same reference; which of them is meant?")    \
  X(currency_unknown, "no currency, or none of ISO 4217 that has amounts")                \
  X(amount_unreadable, "no amount, or one with more decimals than its currency has")      \
  X(amount_impossible, "the amount is not above zero, or above 10^14 minor units")        \
  X(time_missing, "when it was issued is not said, or beyond what microseconds can hold") \
  X(expiry_impossible, "it expires before it is issued, or at that very moment")          \
  X(person_missing, "approvals are needed, and nobody has asked")                         \
  X(rule_impossible, "a window, a number of approvals or a person's id that cannot be")
enum class TermFault : std::uint8_t {
#define CUADRE_X(name, text) name,
  CUADRE_TERM_FAULTS(CUADRE_X)
#undef CUADRE_X
};

struct ReplayOptions {
  Machine machine = Machine::voucher;
  std::optional<std::int64_t> at_us;        // as things stood then: what had occurred, and an expiry reached by then
  std::optional<std::int64_t> known_at_us;  // by what was known then: what had been received
  unsigned threads = 0;                     // 0: as many as the machine has; the result is the same
  std::map<std::string, std::string> voucher_columns, event_columns;  // our name to the table's, where they differ
  Progress* progress = nullptr;                                       // counts rows, not bytes
};

// What came out. Immutable; copies share. Tables are made batch by batch when somebody asks, from 136 bytes a record
// and 4 bytes an event; the references stay in the input, which is held.
class Replay {
 public:
  // One row a record, in the order of the input: reference, currency, state, needs_review, due, paid, reversed,
  // refunded, reserved, settled, held, earned, balance_<account> for each account, expires_at, events (those that are
  // kept), quarantined, fault (null: none; otherwise state and amounts are null).
  Table records() const;
  // One row an event, in the order of the input: outcome (applied, merged, duplicate, stale, quarantined, refused; null
  // for what had not occurred at `at` or was not known at `known_at`), reason, from_state, to_state.
  Table outcomes() const;
  // One row a currency, and one without for events that are of no record: records, events, applied, merged, duplicate,
  // stale, quarantined, refused, later, the amounts of `records` summed, holds.
  Table totals() const;
  // The clock events that are due: of the records that are still open, past their expiry, and ended by it. reference,
  // kind, source, occurred_at, received_at; rows in the order of the records.
  Table due(std::int64_t now_us) const;

  struct Data;
  explicit Replay(std::shared_ptr<const Data> data) noexcept;

 private:
  std::shared_ptr<const Data> data_;
};

// A stream taken over, with all its batches. One after the other: some producers have one stream at a time.
class HeldStream;
using HeldTable = std::shared_ptr<const HeldStream>;
HeldTable hold_table(ArrowArrayStream* stream);

// Columns (the order does not matter, others are passed over):
//   vouchers  reference, amount or amount_minor, currency, issued_at, expires_at*; and for the rules
//             refund_offered*, refund_whole_only*, refund_after_settlement*, refund_window_s*, approvals_needed*,
//             requested_by*, linked*
//   events    reference, kind, source, amount* or amount_minor*, currency*, fee* or fee_minor*, tax* or tax_minor*,
//             occurred_at, received_at, expires_at*, id*, operation_id*, person*, code*
// (* may be absent, and its cells may be null.) Text is utf8, large_utf8, utf8_view or a dictionary of one of them;
// amounts are decimals or text, amount_minor and the like whole numbers; times are timestamps with a zone. A currency
// column may be absent beside events in minor units: they are then in their record's.
//
// A row that cannot be is never an error and never dropped: events are refused with a reason, records have a fault.
// Throws Error(arrow_unsupported | column_missing | column_repeated | float_refused | argument_invalid | cancelled);
// proof_failed where the result does not add up.
Replay replay_events(HeldTable vouchers, HeldTable events, const ReplayOptions& options);

}  // namespace cuadre
