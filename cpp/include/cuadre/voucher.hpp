// The life of a voucher, a refund or a payout. A record *is* its terms and the set of events it was told; its state and
// its books are a fold over their canonical order. So events may come in any order and any number of times: the state
// and every balance are the same in the end. No clock, no input, no output, no entry that is ever rewritten.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cuadre/money.hpp"
#include "cuadre/voucher/table.hpp"

namespace cuadre {

inline constexpr std::int64_t kNoTime = INT64_MIN;
inline constexpr std::int64_t kClockSkew_us = 86'400'000'000;         // how far clocks and date-only times may be off
inline constexpr std::int64_t kEventAmountMax = 100'000'000'000'000;  // minor units; sums of events cannot overflow
inline constexpr std::size_t kEventsMax = 4096;                       // of one record
inline constexpr std::size_t kTextMax = 255;                          // bytes of an id, person, code, reference

// Who says so. The order decides between equal times of receipt alone.
#define CUADRE_EVENT_SOURCES(X)                     \
  X(notification, "the gateway, unasked; verified") \
  X(poll, "the gateway, asked")                     \
  X(settlement, "a row of a settlement file")       \
  X(operator_, "a person of the merchant")          \
  X(request, "our own program")                     \
  X(clock, "time itself: an expiry that was reached")
enum class EventSource : std::uint8_t {
#define CUADRE_X(name, text) name,
  CUADRE_EVENT_SOURCES(CUADRE_X)
#undef CUADRE_X
};
std::string_view name(EventSource source) noexcept;  // "operator" for operator_
EventSource source_named(std::string_view word);     // throws Error(argument_invalid), with the nearest

// What can be given back, and when. Taken from the gateway's profile when the voucher is made; they stay with it.
struct RefundRules {
  bool offered = true;            // false: no cash goes back, a payout must take it over
  bool whole_only = false;        // only all that is there, or the amount of one whole payment
  bool after_settlement = false;  // not before everything paid is settled
  std::int64_t window_s = -1;     // from the first payment; -1: no limit known
  friend bool operator==(const RefundRules&, const RefundRules&) = default;
};

// What was agreed when the record was made. It never changes.
struct Terms {
  Machine machine = Machine::voucher;
  std::string gateway;
  std::string reference;    // ours, unique: of the voucher, the refund or the payout
  std::string environment;  // "production" or "test"
  Money amount = Money::from_minor(0, Currency::of("COP"));
  std::int64_t made_at_us = 0;
  std::int64_t expires_at_us = kNoTime;  // voucher, payout; the last moment that is in time
  RefundRules refund_rules;              // voucher
  std::string reason_code;               // refund: required
  std::string requested_by;              // refund
  std::uint8_t approvals_needed = 0;     // refund: persons, none of them who asked
  std::string linked;                    // refund: its voucher; payout: its refund, whose money it is
  friend bool operator==(const Terms&, const Terms&) = default;
};

// Views of the caller's memory. Times are UTC microseconds.
struct EventView {
  std::uint8_t event = 0;  // VoucherEvent, RefundEvent or PayoutEvent
  EventSource source = EventSource::notification;
  bool has_amount = false;
  std::int64_t amount_minor = 0, fee_minor = 0, tax_minor = 0;
  std::int64_t occurred_at_us = 0;  // where it happened; for `settled`: when the cash was paid, where the row says it
  std::int64_t received_at_us = 0;
  std::int64_t expires_at_us = kNoTime;  // extended, and where the gateway tells a new expiry
  std::string_view id;                   // of the event, by its source; of `sent`: the idempotency key
  std::string_view operation_id;         // of the payment, refund, line or payout it is about; empty: `id`
  std::string_view person;               // approved, declined, accepted
  std::string_view code;                 // the gateway's error or reason
};

// Owns its texts. Equal content is the same event, whenever it was received.
struct Event {
  std::uint8_t event = 0;
  EventSource source = EventSource::notification;
  std::optional<Money> amount;
  std::int64_t fee_minor = 0, tax_minor = 0;
  std::int64_t occurred_at_us = 0, received_at_us = 0, expires_at_us = kNoTime;
  std::string id, operation_id, person, code;
  std::string gateway, reference, environment;  // where the source says them; empty: not compared
  EventView view() const noexcept;
  bool same_content(const Event& other) const noexcept;  // everything but the time of receipt
};

using Entries = std::array<std::int64_t, kAccounts>;  // minor units by Account; the sum is zero

struct Step {
  std::uint32_t index;  // of the event among those given
  std::uint8_t event;   // `paid` too, for a settlement that is the first to show its payment
  std::uint8_t from, to;
  StepOutcome outcome;
  StepReason reason;
  std::uint16_t rule;  // of the table; kNoRule where the event was a repetition or in conflict
  Entries entries;
};
inline constexpr std::uint16_t kNoRule = 0xffff;

// In minor units of the terms' currency.
struct Totals {
  std::int64_t due = 0, paid = 0, reversed = 0, refunded = 0;
  std::int64_t reserved = 0;  // asked for as refunds, and neither given back nor failed
  std::int64_t settled = 0;
  std::int64_t held = 0, earned = 0;  // of what is there: undecided, and the merchant's
  std::int64_t first_paid_at_us = kNoTime, expires_at_us = kNoTime;
  std::uint32_t approvals = 0;
  bool late = false;       // a payment came late, and nobody accepted it
  bool committed = false;  // payout: its money is set aside
  bool by_payout = false;  // refund
  std::int64_t there() const noexcept { return paid - reversed - refunded; }
  friend bool operator==(const Totals&, const Totals&) = default;
};

// What the fold needs of the terms.
struct FoldTerms {
  std::int64_t amount_minor = 0;
  std::int64_t expires_at_us = kNoTime;
  RefundRules refund_rules;
  std::string_view requested_by;
  std::uint8_t approvals_needed = 0;
  bool linked = false;
};

struct Fold {
  std::uint8_t state = 0;
  Totals totals;
  Entries balances{};
  std::vector<Step> steps;  // in the order they took effect; those that never did stand at the end, in time's order
};

// Keeps its memory from one record to the next; one for each thread.
class Folder {
 public:
  explicit Folder(const MachineIndex& index);
  Folder(Folder&&) noexcept;
  ~Folder();
  // Events in any order, repetitions among them; every one gets one step (a settlement that shows its payment: two).
  // The events must have passed event_fault. At most kEventsMax of them.
  const Fold& fold(const FoldTerms& terms, std::span<const EventView> events);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

// Why an event can never belong to a record of this machine, whatever else happens; nullopt: it can.
std::optional<StepReason> event_fault(Machine machine, const EventView& event, std::int64_t made_at_us) noexcept;

// ---- one record

enum class Outcome : std::uint8_t { applied, merged, duplicate, stale, quarantined, refused };
std::string_view name(Outcome outcome) noexcept;

struct Applied {
  Outcome outcome;
  StepReason reason;
  std::uint8_t event, from, to;  // the record's states before and after
  Entries entries;               // what the books receive: new balances less the old
};

// Immutable; copies share. Safe to use from several threads.
class Record {
 public:
  // Throws Error(argument_invalid) for terms that cannot be: no reference or gateway, an amount not above zero or too
  // large, an expiry not after the making, an environment that is neither production nor test, a refund without a
  // reason code, or one that needs approvals and nobody who asked.
  explicit Record(Terms terms);
  // All at once, in any order; those that `apply` would refuse throw Error(argument_invalid).
  Record(Terms terms, std::span<const Event> events);

  // The record with this event, and what came of it. A refused event is not kept; every other one is.
  std::pair<Record, Applied> apply(const Event& event) const;
  // What `apply` would answer, without a new record.
  Applied probe(const Event& event) const;

  const Terms& terms() const noexcept;
  std::uint8_t state() const noexcept;
  const Totals& totals() const noexcept;
  const Entries& balances() const noexcept;
  const std::vector<Step>& steps() const noexcept;
  std::size_t event_count() const noexcept;
  const Event& event(std::size_t index) const noexcept;  // in canonical order
  // As things stood at that instant, by what is known today: events that occurred by then, and an expiry reached by
  // then.
  std::uint8_t state_at(std::int64_t at_us) const;
  friend bool operator==(const Record& left, const Record& right) noexcept;  // terms and events

 private:
  struct Data;
  explicit Record(std::shared_ptr<const Data> data) noexcept;
  std::shared_ptr<const Data> data_;
};

}  // namespace cuadre
