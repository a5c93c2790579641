// One record: its terms, its events, and the fold over them.
#include <algorithm>
#include <string>
#include <utility>

#include "cuadre/error.hpp"
#include "cuadre/voucher.hpp"
#include "voucher/expiry.hpp"
#include "voucher/facts.hpp"

namespace cuadre {
namespace {

constexpr std::string_view kSources[] = {
#define CUADRE_X(name, text) #name,
    CUADRE_EVENT_SOURCES(CUADRE_X)
#undef CUADRE_X
};
constexpr std::string_view kOutcomes[] = {"applied", "merged", "duplicate", "stale", "quarantined", "refused"};
static_assert(std::size(kOutcomes) == static_cast<std::size_t>(Outcome::refused) + 1);

using Kept = std::shared_ptr<const Event>;

FoldTerms fold_terms(const Terms& terms) noexcept {
  return {terms.amount.amount_minor(), terms.expires_at_us,    terms.refund_rules,
          terms.requested_by,          terms.approvals_needed, !terms.linked.empty()};
}

Folder& folder(Machine machine) {
  thread_local Folder folders[kMachines] = {Folder(machine_index(Machine::voucher)),
                                            Folder(machine_index(Machine::refund)),
                                            Folder(machine_index(Machine::payout))};
  return folders[static_cast<std::size_t>(machine)];
}

[[noreturn]] void refuse(const std::string& message) { throw Error(ErrorCode::argument_invalid, message); }

void check_refund(const Terms& terms) {
  if (terms.reason_code.empty()) refuse("a refund needs a reason_code: why the money goes back");
  if (terms.linked.empty()) refuse("a refund needs the reference of its voucher");
  if (terms.approvals_needed > 0 && terms.requested_by.empty())
    refuse("a refund that needs approvals needs requested_by: who asked may not approve");
}

void check(const Terms& terms) {
  const std::string what(machine_table(terms.machine).name);
  if (terms.gateway.empty()) refuse("a " + what + " needs its gateway");
  if (terms.reference.empty()) refuse("a " + what + " needs a reference of its own");
  for (const std::string* text :
       {&terms.gateway, &terms.reference, &terms.linked, &terms.reason_code, &terms.requested_by})
    if (text->size() > kTextMax) refuse("a text of a " + what + " is longer than 255 bytes");
  if (terms.environment != "production" && terms.environment != "test")
    refuse("environment is \"production\" or \"test\", not \"" + terms.environment + "\"");
  const std::int64_t amount_minor = terms.amount.amount_minor();
  if (amount_minor <= 0 || amount_minor > kEventAmountMax)
    refuse("the amount of a " + what + " is above zero and at most 10^14 minor units, not " +
           terms.amount.amount_text());
  if (terms.expires_at_us != kNoTime && terms.expires_at_us <= terms.made_at_us)
    refuse("a " + what + " expires after it was made");
  if (terms.machine == Machine::refund) check_refund(terms);
}

// A text that is given and is not the record's own.
bool differs(const std::string& said, const std::string& own) { return !said.empty() && said != own; }

std::optional<StepReason> fault_of(const Terms& terms, const Event& event) noexcept {
  if (const auto fault = event_fault(terms.machine, event.view(), terms.made_at_us)) return fault;
  if (event.amount && event.amount->currency() != terms.amount.currency()) return StepReason::other_currency;
  if (differs(event.gateway, terms.gateway) || differs(event.reference, terms.reference) ||
      differs(event.environment, terms.environment))
    return StepReason::other_record;
  return std::nullopt;
}

bool in_order(const Kept& left, const Kept& right) noexcept { return compare_content(left->view(), right->view()) < 0; }

}  // namespace

std::string_view name(EventSource source) noexcept {
  return source == EventSource::operator_ ? "operator" : kSources[static_cast<std::size_t>(source)];
}

std::string_view name(Outcome outcome) noexcept { return kOutcomes[static_cast<std::size_t>(outcome)]; }

EventView Event::view() const noexcept {
  return {event,         source,    amount.has_value(), amount ? amount->amount_minor() : 0,
          fee_minor,     tax_minor, occurred_at_us,     received_at_us,
          expires_at_us, id,        operation_id,       person,
          code};
}

bool Event::same_content(const Event& other) const noexcept { return compare_content(view(), other.view()) == 0; }

namespace {

std::optional<StepReason> amount_fault(Machine machine, const EventView& event) noexcept {
  if (!event.has_amount) {
    // A refund or a payout that does not say its amount has the agreed one.
    const bool needed = machine == Machine::voucher && carries_amount(machine, event.event);
    return needed ? std::optional(StepReason::amount_missing) : std::nullopt;
  }
  if (event.amount_minor <= 0 || event.fee_minor < 0 || event.tax_minor < 0) return StepReason::amount_not_positive;
  if (std::max({event.amount_minor, event.fee_minor, event.tax_minor}) > kEventAmountMax)
    return StepReason::amount_too_large;
  return std::nullopt;
}

bool needs_person(Machine machine, std::uint8_t event) noexcept {
  if (machine == Machine::voucher) return event == static_cast<std::uint8_t>(VoucherEvent::accepted);
  return machine == Machine::refund && (event == static_cast<std::uint8_t>(RefundEvent::approved) ||
                                        event == static_cast<std::uint8_t>(RefundEvent::declined));
}

bool needs_id(Machine machine, const EventView& event) noexcept {
  const bool sent = (machine == Machine::refund && event.event == static_cast<std::uint8_t>(RefundEvent::sent)) ||
                    (machine == Machine::payout && event.event == static_cast<std::uint8_t>(PayoutEvent::sent));
  if (sent) return event.id.empty();
  if (identity(machine, event.event) == Identity::operation && !carries_amount(machine, event.event))
    return event.operation_id.empty() && event.id.empty();
  const bool by_itself =
      event.source == EventSource::poll || event.source == EventSource::clock || event.source == EventSource::operator_;
  const bool money = carries_amount(machine, event.event) && event.source == EventSource::operator_;
  return (!by_itself || money) && event.id.empty() && event.operation_id.empty();
}

}  // namespace

std::optional<StepReason> event_fault(Machine machine, const EventView& event, std::int64_t made_at_us) noexcept {
  if (const auto fault = amount_fault(machine, event)) return fault;
  for (const std::string_view text : {event.id, event.operation_id, event.person, event.code})
    if (text.size() > kTextMax) return StepReason::id_too_long;
  if (needs_id(machine, event)) return StepReason::id_missing;
  if (needs_person(machine, event.event) && event.person.empty()) return StepReason::person_missing;
  if (machine == Machine::voucher && event.event == static_cast<std::uint8_t>(VoucherEvent::extended) &&
      event.expires_at_us == kNoTime)
    return StepReason::expiry_missing;
  const auto far = [](std::int64_t earlier_us, std::int64_t later_us) {
    return static_cast<Int128>(earlier_us) - later_us > kClockSkew_us;
  };
  if (far(made_at_us, event.occurred_at_us) || far(event.occurred_at_us, event.received_at_us))
    return StepReason::time_impossible;
  return std::nullopt;
}

// ---- the record

struct Record::Data {
  std::shared_ptr<const Terms> terms;
  std::vector<Kept> events;  // in canonical order, each content once
  Fold fold{};

  bool keep(const Event& event);
  void refold();
  Applied judge(const Event& event, const Data& old) const;
};

// False where the same event is there and was received no later.
bool Record::Data::keep(const Event& event) {
  Event own = event;
  own.gateway = own.reference = own.environment = {};  // compared before, and said by the terms: not a second time
  const Kept fresh = std::make_shared<const Event>(std::move(own));
  const auto at = std::lower_bound(events.begin(), events.end(), fresh, in_order);
  if (at == events.end() || !(*at)->same_content(event)) {
    events.insert(at, fresh);
    return true;
  }
  if ((*at)->received_at_us <= event.received_at_us) return false;
  *at = fresh;
  return true;
}

void Record::Data::refold() {
  thread_local std::vector<EventView> views;
  views.clear();
  for (const Kept& event : events) views.push_back(event->view());
  fold = folder(terms->machine).fold(fold_terms(*terms), views);
}

std::ptrdiff_t facts(const Fold& fold) {
  return std::count_if(fold.steps.begin(), fold.steps.end(), [](const Step& step) { return step.rule != kNoRule; });
}

// What the event did, told by its own steps and by what changed.
Applied Record::Data::judge(const Event& event, const Data& old) const {
  Applied applied{Outcome::duplicate, StepReason::seen_before, event.event, old.fold.state, fold.state, {}};
  bool changed = fold.state != old.fold.state || fold.totals != old.fold.totals;
  for (std::size_t i = 0; i < kAccounts; ++i) {
    applied.entries[i] = fold.balances[i] - old.fold.balances[i];
    changed |= applied.entries[i] != 0;
  }
  if (events.size() == old.events.size()) return applied;  // only received earlier than thought
  const auto at = static_cast<std::uint32_t>(
      std::find_if(events.begin(), events.end(), [&](const Kept& kept) { return kept->same_content(event); }) -
      events.begin());
  bool found = false;
  for (const Step& step : fold.steps) {
    if (step.index != at) continue;
    if (!found || applied.reason == StepReason::none || step.outcome != StepOutcome::applied)
      applied.reason = step.reason;
    found = true;
    const bool moved = step.from != step.to || step.entries != Entries{};
    // It speaks now for what another had told: nothing else moved, and there are as many facts as before.
    if (step.outcome == StepOutcome::applied && moved && !changed && facts(fold) == facts(old.fold))
      return {Outcome::duplicate, StepReason::seen_before, event.event, old.fold.state, fold.state, {}};
    applied.outcome = outcome_of(step.outcome, at + 1 != events.size());
  }
  return applied;
}

Record::Record(std::shared_ptr<const Data> data) noexcept : data_(std::move(data)) {}

Record::Record(Terms terms) : Record(std::move(terms), std::span<const Event>{}) {}

Record::Record(Terms terms, std::span<const Event> events) {
  check(terms);
  Data data{std::make_shared<const Terms>(std::move(terms)), {}};
  for (const Event& event : events) {
    if (const auto fault = fault_of(*data.terms, event))
      refuse("an event \"" + std::string(machine_table(data.terms->machine).events[event.event].name) +
             "\" that cannot belong to " + data.terms->reference + ": " + std::string(text_of(*fault).en));
    data.keep(event);
  }
  if (data.events.size() > kEventsMax) refuse("a record has at most 4096 events");
  data.refold();
  data_ = std::make_shared<const Data>(std::move(data));
}

std::pair<Record, Applied> Record::apply(const Event& event) const {
  const Data& old = *data_;
  const std::uint8_t state = old.fold.state;
  if (const auto fault = fault_of(*old.terms, event))
    return {*this, {Outcome::refused, *fault, event.event, state, state, {}}};
  Data data{old.terms, old.events};
  if (!data.keep(event)) return {*this, {Outcome::duplicate, StepReason::seen_before, event.event, state, state, {}}};
  if (data.events.size() > kEventsMax)
    return {*this, {Outcome::refused, StepReason::too_many, event.event, state, state, {}}};
  data.refold();
  const Applied applied = data.judge(event, old);
  return {Record(std::make_shared<const Data>(std::move(data))), applied};
}

Applied Record::probe(const Event& event) const { return apply(event).second; }

const Terms& Record::terms() const noexcept { return *data_->terms; }
std::uint8_t Record::state() const noexcept { return data_->fold.state; }
const Totals& Record::totals() const noexcept { return data_->fold.totals; }
const Entries& Record::balances() const noexcept { return data_->fold.balances; }
const std::vector<Step>& Record::steps() const noexcept { return data_->fold.steps; }
std::size_t Record::event_count() const noexcept { return data_->events.size(); }
const Event& Record::event(std::size_t index) const noexcept { return *data_->events[index]; }

std::uint8_t Record::state_at(std::int64_t at_us) const {
  const Terms& terms = *data_->terms;
  std::vector<EventView> views;
  for (const Kept& event : data_->events) {
    if (event->occurred_at_us <= at_us) views.push_back(event->view());
  }
  const Fold& then = folder(terms.machine).fold(fold_terms(terms), views);
  const auto expiry = expiry_by(terms.machine, then.totals, at_us);
  if (!expiry) return then.state;
  views.push_back(*expiry);
  return folder(terms.machine).fold(fold_terms(terms), views).state;
}

bool operator==(const Record& left, const Record& right) noexcept {
  if (left.data_ == right.data_) return true;
  if (!(left.terms() == right.terms()) || left.event_count() != right.event_count()) return false;
  for (std::size_t i = 0; i < left.event_count(); ++i) {
    const Event& a = left.event(i);
    const Event& b = right.event(i);
    if (!a.same_content(b) || a.received_at_us != b.received_at_us) return false;
  }
  return true;
}

}  // namespace cuadre
