#include "voucher/facts.hpp"

#include <algorithm>
#include <tuple>

namespace cuadre {
namespace {

constexpr auto kPaid = static_cast<std::uint8_t>(VoucherEvent::paid);
constexpr auto kSettled = static_cast<std::uint8_t>(VoucherEvent::settled);

bool may_be_anonymous(EventSource source) noexcept {
  return source == EventSource::poll || source == EventSource::clock;
}

std::string_view operation(const EventView& event) noexcept {
  return event.operation_id.empty() ? event.id : event.operation_id;
}

// Sorting, where there are nearly always a few.
template <class Item, class Less>
void sort_few(std::vector<Item>& items, Less&& less) {
  constexpr std::size_t kFew = 12;
  if (items.size() > kFew) return std::sort(items.begin(), items.end(), less);
  for (std::size_t i = 1; i < items.size(); ++i) {
    const Item item = items[i];
    std::size_t at = i;
    for (; at > 0 && less(item, items[at - 1]); --at) items[at] = items[at - 1];
    items[at] = item;
  }
}

bool same_amounts(const EventView& left, const EventView& right) noexcept {
  return left.has_amount == right.has_amount && left.amount_minor == right.amount_minor &&
         left.fee_minor == right.fee_minor && left.tax_minor == right.tax_minor &&
         left.expires_at_us == right.expires_at_us;
}

}  // namespace

std::string_view fact_name(Machine machine, const EventView& event) noexcept {
  switch (identity(machine, event.event)) {
    case Identity::operation:
      return may_be_anonymous(event.source) && carries_amount(machine, event.event) ? event.operation_id
                                                                                    : operation(event);
    case Identity::person:
      return event.person;
    case Identity::instant:
      break;
  }
  return event.id;
}

std::strong_ordering compare_content(const EventView& left, const EventView& right) noexcept {
  const auto numbers = [](const EventView& e) {
    return std::tuple(e.occurred_at_us, e.event, e.source, e.has_amount, e.amount_minor, e.fee_minor, e.tax_minor,
                      e.expires_at_us);
  };
  if (const auto order = numbers(left) <=> numbers(right); order != 0) return order;
  const auto texts = [](const EventView& e) { return std::tuple(e.operation_id, e.id, e.person, e.code); };
  return texts(left) <=> texts(right);
}

bool Facts::same_fact(const EventView& left, const EventView& right) const noexcept {
  if (left.event != right.event) return false;
  const std::string_view name = fact_name(machine_, left);
  if (name != fact_name(machine_, right)) return false;
  switch (identity(machine_, left.event)) {
    case Identity::operation:
      return !name.empty() || left.amount_minor == right.amount_minor;
    case Identity::person:
      return true;
    case Identity::instant:
      break;
  }
  return left.occurred_at_us == right.occurred_at_us;
}

// Facts of one event kind stand together, those without a name first; within a fact the one that speaks for it.
std::strong_ordering Facts::compare_fact(std::uint32_t left, std::uint32_t right) const noexcept {
  const EventView& a = events_[left];
  const EventView& b = events_[right];
  if (const auto order = a.event <=> b.event; order != 0) return order;
  const std::string_view name = fact_name(machine_, a);
  if (const auto order = name <=> fact_name(machine_, b); order != 0) return order;
  const Identity what = identity(machine_, a.event);
  if (what == Identity::operation && name.empty()) {
    if (const auto order = a.amount_minor <=> b.amount_minor; order != 0) return order;
  } else if (what == Identity::instant) {
    if (const auto order = a.occurred_at_us <=> b.occurred_at_us; order != 0) return order;
  }
  if (const auto order = a.received_at_us <=> b.received_at_us; order != 0) return order;
  if (const auto order = a.source <=> b.source; order != 0) return order;
  if (const auto order = compare_content(a, b); order != 0) return order;
  return left <=> right;  // copies of one event: which of them speaks makes no difference
}

bool Facts::before(const Item& left, const Item& right) const noexcept {
  const EventView& a = events_[left.index];
  const EventView& b = events_[right.index];
  if (a.occurred_at_us != b.occurred_at_us) return a.occurred_at_us < b.occurred_at_us;
  if (left.event != right.event) return left.event < right.event;
  if (const auto order = operation(a) <=> operation(b); order != 0) return order < 0;
  return compare_content(a, b) < 0;
}

// The first of a fact speaks for it. Returns where the next fact begins.
std::size_t Facts::close_fact(std::size_t begin) {
  const EventView& first = events_[order_[begin]];
  items_.push_back({order_[begin], first.event, false});
  std::size_t end = begin + 1;
  for (; end < order_.size() && same_fact(first, events_[order_[end]]); ++end) {
    const bool same = same_amounts(first, events_[order_[end]]);
    asides_.push_back({order_[end], same ? StepOutcome::duplicate : StepOutcome::quarantined,
                       same ? StepReason::seen_before : StepReason::content_differs});
  }
  return end;
}

// The facts of one kind, from `begin` on: a report that names no operation is one of the named ones, or stands alone.
void Facts::merge_reports(std::size_t begin) {
  const auto anonymous = [&](const Item& item) { return fact_name(machine_, events_[item.index]).empty(); };
  const auto named = std::find_if_not(items_.begin() + static_cast<std::ptrdiff_t>(begin), items_.end(), anonymous);
  const std::size_t reports = static_cast<std::size_t>(named - items_.begin()) - begin;
  if (reports == 0 || (reports == 1 && named == items_.end())) return;
  if (identity(machine_, items_[begin].event) != Identity::operation) return;
  std::sort(items_.begin() + static_cast<std::ptrdiff_t>(begin), named,
            [&](const Item& left, const Item& right) { return before(left, right); });
  const bool alone = named == items_.end();
  std::size_t kept = begin;
  for (std::size_t i = begin; i < items_.size(); ++i) {
    if (i >= begin + reports || (alone && i == begin)) {
      items_[kept++] = items_[i];
      continue;
    }
    const std::int64_t amount_minor = events_[items_[i].index].amount_minor;
    const bool known = std::any_of(items_.begin() + static_cast<std::ptrdiff_t>(begin + reports), items_.end(),
                                   [&](const Item& item) { return events_[item.index].amount_minor == amount_minor; });
    asides_.push_back({items_[i].index, known ? StepOutcome::duplicate : StepOutcome::quarantined,
                       known ? StepReason::seen_before : StepReason::report_differs});
  }
  items_.resize(kept);
}

// A settlement hands on a payment that was told, or is the first to show it: by operation, then by amount in time's
// order, then as a part of what is left.
void Facts::pair_settlements() {
  settlements_.clear();
  payments_.clear();
  for (const Item& item : items_) {
    if (item.event == kSettled) settlements_.push_back({item.index, false});
    if (item.event == kPaid) payments_.push_back({item.index, false});
  }
  if (settlements_.empty()) return;
  if (settlements_.size() == 1 && payments_.size() == 1) {  // the usual case, without a look at the ids
    const EventView& settlement = events_[settlements_[0].index];
    const EventView& payment = events_[payments_[0].index];
    if (settlement.amount_minor <= payment.amount_minor) return;
  }
  const auto match = [&](auto&& fits) {
    for (Half& settlement : settlements_) {
      for (auto payment = payments_.begin(); payment != payments_.end() && !settlement.paired; ++payment) {
        if (payment->paired || !fits(events_[settlement.index], events_[payment->index])) continue;
        settlement.paired = payment->paired = true;
      }
    }
  };
  match([](const EventView& s, const EventView& p) { return operation(s) == operation(p) && !operation(s).empty(); });
  match([](const EventView& s, const EventView& p) { return s.amount_minor == p.amount_minor; });
  std::int64_t left_minor = 0;
  for (const Half& payment : payments_) left_minor += payment.paired ? 0 : events_[payment.index].amount_minor;
  for (const Half& settlement : settlements_) {
    if (settlement.paired) continue;
    const std::int64_t amount_minor = events_[settlement.index].amount_minor;
    if (amount_minor <= left_minor) {
      left_minor -= amount_minor;
    } else {
      items_.push_back({settlement.index, kPaid, true});
    }
  }
}

// Where every kind is told once, every telling is a fact of its own.
bool Facts::all_differ() const noexcept {
  std::uint32_t seen = 0;
  for (const EventView& event : events_) {
    const std::uint32_t bit = 1U << event.event;
    if ((seen & bit) != 0) return false;
    seen |= bit;
  }
  return true;
}

void Facts::sort_out(std::span<const EventView> events) {
  events_ = events;
  items_.clear();
  asides_.clear();
  if (all_differ()) {
    for (std::uint32_t i = 0; i < events.size(); ++i) items_.push_back({i, events[i].event, false});
  } else {
    find_facts();
  }
  const auto in_order = [&](const Item& left, const Item& right) { return before(left, right); };
  sort_few(items_, in_order);
  if (machine_ != Machine::voucher) return;
  const std::size_t told = items_.size();
  pair_settlements();
  if (items_.size() != told) sort_few(items_, in_order);
}

void Facts::find_facts() {
  order_.resize(events_.size());
  for (std::uint32_t i = 0; i < events_.size(); ++i) order_[i] = i;
  sort_few(order_, [&](std::uint32_t left, std::uint32_t right) { return compare_fact(left, right) < 0; });
  for (std::size_t at = 0; at < order_.size();) {
    const std::uint8_t kind = events_[order_[at]].event;
    const std::size_t begin = items_.size();
    while (at < order_.size() && events_[order_[at]].event == kind) at = close_fact(at);
    merge_reports(begin);
  }
}

}  // namespace cuadre
