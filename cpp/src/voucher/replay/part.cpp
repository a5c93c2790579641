// One part of a replay: its records found by reference, the events of each folded, the answers written where they
// belong. Everything it reads lies in the cache of one core.
#include <algorithm>
#include <limits>

#include "join/table.hpp"
#include "voucher/expiry.hpp"
#include "voucher/facts.hpp"
#include "voucher/replay/data.hpp"

namespace cuadre {

std::uint32_t states_open(Machine machine) {
  if (machine == Machine::refund) return 0;
  const auto expired = machine == Machine::voucher ? static_cast<std::uint8_t>(VoucherEvent::expired)
                                                   : static_cast<std::uint8_t>(PayoutEvent::expired);
  const MachineIndex& index = machine_index(machine);
  std::uint32_t open = 0;
  for (std::size_t state = 0; state < index.table().states.size(); ++state) {
    for (const std::uint16_t rule : index.rules(static_cast<std::uint8_t>(state), expired)) {
      if (index.table().rules[rule].outcome == StepOutcome::applied) open |= 1U << state;
    }
  }
  return open;
}

struct PartRunner::Impl {
  Impl(const ReplayOptions& of, RecordRow* to_rows, std::uint32_t* to_answers)
      : options(of),
        rows(to_rows),
        answers(to_answers),
        folder(machine_index(of.machine)),
        open(states_open(of.machine)),
        totals(Currency::count()) {}

  const ReplayOptions& options;
  RecordRow* rows;
  std::uint32_t* answers;
  Folder folder;
  std::uint32_t open;  // states
  TotalsByCurrency totals;

  // Of the part.
  KeyTable table;                             // of records, by reference
  std::vector<std::uint32_t> owners, places;  // of each event: its record, and its line
  std::vector<std::uint32_t> ends, order;     // of each record: where its share of `order` ends

  // Of the record.
  std::vector<EventView> views;
  std::vector<std::uint32_t> view_rows;
  std::vector<std::pair<std::uint32_t, StepReason>> refused;
  std::vector<EventAnswer> found;  // of each view
  std::vector<std::uint32_t> by_content;
  std::vector<std::int64_t> earliest_behind;

  void find_records(std::span<Line> terms);
  void group(std::span<const Line> terms, std::span<const Line> events);
  void fold_record(const TermsLine& terms, std::span<const std::uint32_t> lines, std::span<const Line> events);
  void gather(const TermsLine& terms, std::span<const std::uint32_t> lines, std::span<const Line> events,
              ReplayTotals& into);
  void answer(std::uint32_t row, EventAnswer answer, ReplayTotals& into) const noexcept;
  std::size_t drop_copies();
  const Fold& fold(const FoldTerms& terms);
  void mark_overtaken();
  bool may_expire(const FoldTerms& terms, std::uint8_t state, std::int64_t expires_at_us);
  void faulty(const TermsLine& terms);
  void write_row(const TermsLine& terms, const Fold& fold, std::size_t events, ReplayTotals& into);
};

void PartRunner::Impl::find_records(std::span<Line> terms) {
  table.reset(terms.size());
  const auto key_of = [&](std::uint32_t at) -> const JoinKey& { return terms[at].terms.key; };
  for (std::uint32_t i = 0; i < terms.size(); ++i) {
    TermsLine& line = terms[i].terms;
    if (line.fault == static_cast<std::uint8_t>(TermFault::reference_missing)) continue;
    const std::uint32_t first = table.put(i, line.key, key_of);
    if (first == i) continue;
    terms[first].terms.fault = line.fault = static_cast<std::uint8_t>(TermFault::reference_repeated) & 0xFU;
  }
}

void PartRunner::Impl::answer(std::uint32_t row, EventAnswer answer, ReplayTotals& into) const noexcept {
  answers[row] = answer.word();
  ++into.events[answer.outcome];
}

// Events in the order of their records; those of nobody are answered at once.
void PartRunner::Impl::group(std::span<const Line> terms, std::span<const Line> events) {
  owners.clear();
  places.clear();
  ends.assign(terms.size() + 1, 0);
  const auto key_of = [&](std::uint32_t at) -> const JoinKey& { return terms[at].terms.key; };
  for (std::size_t at = 0; at < events.size(); at += events[at].event.has_more ? 2 : 1) {
    const EventLine& line = events[at].event;
    const std::uint32_t owner = table.find(line.key, key_of);
    if (owner == KeyTable::kNone || terms[owner].terms.fault != 0) {
      const bool later = line.later;
      answer(line.row,
             {later ? EventAnswer::kLater : static_cast<std::uint8_t>(Outcome::refused),
              static_cast<std::uint8_t>(StepReason::other_record), EventAnswer::kNoState, EventAnswer::kNoState},
             totals[0]);
      continue;
    }
    owners.push_back(owner);
    places.push_back(static_cast<std::uint32_t>(at));
    ++ends[owner + 1];
  }
  for (std::size_t i = 0; i + 1 < ends.size(); ++i) ends[i + 1] += ends[i];
  order.resize(owners.size());
  for (std::size_t i = 0; i < owners.size(); ++i) order[ends[owners[i]]++] = places[i];  // starts become ends
}

void PartRunner::Impl::gather(const TermsLine& terms, std::span<const std::uint32_t> lines,
                              std::span<const Line> events, ReplayTotals& into) {
  views.clear();
  view_rows.clear();
  refused.clear();
  for (const std::uint32_t at : lines) {
    const EventLine& line = events[at].event;
    if (line.later) {
      answer(line.row, {EventAnswer::kLater, 0, EventAnswer::kNoState, EventAnswer::kNoState}, into);
    } else if (line.refused) {
      refused.emplace_back(line.row, static_cast<StepReason>(line.amount_minor));
    } else if (static_cast<Int128>(terms.made_at_us) - line.occurred_at_us > kClockSkew_us) {
      refused.emplace_back(line.row, StepReason::time_impossible);
    } else if (line.currency != 0 && line.currency != terms.currency) {
      refused.emplace_back(line.row, StepReason::other_currency);
    } else {
      EventView& view = views.emplace_back();
      view_rows.push_back(line.row);
      view.event = line.event;
      view.source = static_cast<EventSource>(line.source);
      view.has_amount = line.has_amount;
      view.amount_minor = line.amount_minor;
      view.occurred_at_us = line.occurred_at_us;
      view.received_at_us = line.received_at_us;
      view.id = line.id.view();
      view.operation_id = line.operation_id.view();
      if (!line.has_more) continue;
      const MoreLine& more = events[at + 1].more;
      view.fee_minor = more.fee_minor;
      view.tax_minor = more.tax_minor;
      view.expires_at_us = more.expires_at_us;
      view.person = more.person.view();
      view.code = more.code.view();
    }
  }
}

// A record keeps each content once, the one received first; only who has very many needs to be told so. Returns how
// many are left, at the front.
std::size_t PartRunner::Impl::drop_copies() {
  by_content.resize(views.size());
  for (std::uint32_t i = 0; i < views.size(); ++i) by_content[i] = i;
  std::sort(by_content.begin(), by_content.end(), [&](std::uint32_t left, std::uint32_t right) {
    if (const auto content = compare_content(views[left], views[right]); content != 0) return content < 0;
    if (views[left].received_at_us != views[right].received_at_us)
      return views[left].received_at_us < views[right].received_at_us;
    return view_rows[left] < view_rows[right];
  });
  std::vector<EventView> kept;
  std::vector<EventView> copies;
  std::vector<std::uint32_t> kept_rows;
  std::vector<std::uint32_t> copy_rows;
  for (const std::uint32_t i : by_content) {
    const bool copy = !kept.empty() && compare_content(kept.back(), views[i]) == 0;
    (copy ? copies : kept).push_back(views[i]);
    (copy ? copy_rows : kept_rows).push_back(view_rows[i]);
  }
  const std::size_t left = kept.size();
  views = std::move(kept);
  view_rows = std::move(kept_rows);
  views.insert(views.end(), copies.begin(), copies.end());
  view_rows.insert(view_rows.end(), copy_rows.begin(), copy_rows.end());
  return left;
}

// Which of the steps that took effect were told after something that stands behind them in time's order.
void PartRunner::Impl::mark_overtaken() {
  constexpr std::size_t kFew = 24;
  const auto overtakes = [&](const EventView& later, const EventView& of) {
    return later.received_at_us < of.received_at_us && later.occurred_at_us >= of.occurred_at_us &&
           compare_content(later, of) > 0;
  };
  const auto mark = [](EventAnswer& answer) { answer.outcome = static_cast<std::uint8_t>(Outcome::merged); };
  const auto applied = [](const EventAnswer& answer) {
    return answer.outcome == static_cast<std::uint8_t>(Outcome::applied);
  };
  const std::size_t count = found.size();
  if (count <= kFew) {
    for (std::size_t i = 0; i < count; ++i) {
      if (!applied(found[i])) continue;
      for (std::size_t j = 0; j < count; ++j) {
        if (overtakes(views[j], views[i])) mark(found[i]);
      }
    }
    return;
  }
  by_content.resize(count);
  for (std::uint32_t i = 0; i < count; ++i) by_content[i] = i;
  std::sort(by_content.begin(), by_content.end(),
            [&](std::uint32_t left, std::uint32_t right) { return compare_content(views[left], views[right]) < 0; });
  std::int64_t earliest = std::numeric_limits<std::int64_t>::max();
  for (std::size_t i = count; i-- > 0;) {
    const std::uint32_t at = by_content[i];
    if (applied(found[at]) && earliest < views[at].received_at_us) mark(found[at]);
    earliest = std::min(earliest, views[at].received_at_us);
  }
}

// The fold of the views, each with its answer in `found`; at an instant, with the expiry that was reached by then.
const Fold& PartRunner::Impl::fold(const FoldTerms& terms) {
  const Fold* fold = &folder.fold(terms, views);
  if (options.at_us) {
    if (const auto expiry = expiry_by(options.machine, fold->totals, *options.at_us)) {
      views.push_back(*expiry);
      fold = &folder.fold(terms, views);
      views.pop_back();
    }
  }
  found.assign(views.size(), {EventAnswer::kLater, 0, EventAnswer::kNoState, EventAnswer::kNoState});
  for (const Step& step : fold->steps) {
    if (step.index >= views.size()) continue;  // the expiry
    EventAnswer& is = found[step.index];
    const bool first = is.from == EventAnswer::kNoState;
    if (first) is.from = step.from;
    if (first || is.reason == static_cast<std::uint8_t>(StepReason::none))
      is.reason = static_cast<std::uint8_t>(step.reason);
    is.to = step.to;
    is.outcome = static_cast<std::uint8_t>(outcome_of(step.outcome, false));
  }
  mark_overtaken();
  return *fold;
}

// Open, and ended by the expiry: it is tried, for guards may keep the record open, or something that stands behind the
// expiry open it again. What the last fold gave is gone then.
bool PartRunner::Impl::may_expire(const FoldTerms& terms, std::uint8_t state, std::int64_t expires_at_us) {
  if ((open >> state & 1U) == 0 || expires_at_us == kNoTime) return false;
  Totals reached;
  reached.expires_at_us = expires_at_us;
  views.push_back(*expiry_by(options.machine, reached, std::numeric_limits<std::int64_t>::max()));
  const bool over = (open >> folder.fold(terms, views).state & 1U) == 0;
  views.pop_back();
  return over;
}

void PartRunner::Impl::write_row(const TermsLine& terms, const Fold& fold, std::size_t events, ReplayTotals& into) {
  RecordRow& row = rows[terms.row];
  const Totals& is = fold.totals;
  row = {};
  row.due = is.due;
  row.paid = is.paid;
  row.reversed = is.reversed;
  row.refunded = is.refunded;
  row.reserved = is.reserved;
  row.settled = is.settled;
  row.held = is.held;
  row.earned = is.earned;
  row.expires_at_us = is.expires_at_us;
  std::int64_t sum = 0;
  for (std::size_t i = 0; i < kAccounts; ++i) sum += fold.balances[i];
  if (sum != 0) throw Error(ErrorCode::proof_failed, "the accounts of a record do not sum to zero");
  std::copy_n(fold.balances.begin(), kAccounts - 1, row.balances.begin());
  row.state = fold.state & 0xFU;
  row.currency = terms.currency & 0x3FFU;
  row.events = static_cast<std::uint32_t>(events);
  const auto quarantined = std::count_if(found.begin(), found.end(), [](const EventAnswer& answer) {
    return answer.outcome == static_cast<std::uint8_t>(Outcome::quarantined);
  });
  row.quarantined = static_cast<std::uint32_t>(quarantined) & 0x1FFFU;
  into.add(row, fold.balances);
}

void PartRunner::Impl::faulty(const TermsLine& terms) {
  RecordRow& row = rows[terms.row];
  row = {};
  row.expires_at_us = kNoTime;
  row.fault = terms.fault;
  row.currency = terms.currency & 0x3FFU;
  ++totals[0].records;
}

void PartRunner::Impl::fold_record(const TermsLine& terms, std::span<const std::uint32_t> lines,
                                   std::span<const Line> events) {
  ReplayTotals& into = totals[terms.currency];
  gather(terms, lines, events, into);
  const std::size_t told = views.size() + refused.size();
  std::size_t left = views.size();
  if (left > kEventsMax) left = drop_copies();
  std::vector<std::uint32_t> copies;
  if (left != views.size()) copies.assign(view_rows.begin() + static_cast<std::ptrdiff_t>(left), view_rows.end());
  if (left > kEventsMax) {
    for (const std::uint32_t row : view_rows) refused.emplace_back(row, StepReason::too_many);
    copies.clear();
    left = 0;
  }
  views.resize(left);
  const FoldTerms with{
      terms.amount_minor,
      terms.expires_at_us,
      {terms.refund_offered, terms.refund_whole_only, terms.refund_after_settlement, terms.refund_window_s},
      terms.requested_by.view(),
      terms.approvals_needed,
      terms.linked};
  const Fold& is = fold(with);
  for (std::size_t i = 0; i < left; ++i) answer(view_rows[i], found[i], into);
  const auto unmoved = [&](Outcome outcome, StepReason reason) {
    return EventAnswer{static_cast<std::uint8_t>(outcome), static_cast<std::uint8_t>(reason), is.state, is.state};
  };
  for (const std::uint32_t row : copies) answer(row, unmoved(Outcome::duplicate, StepReason::seen_before), into);
  for (const auto& [row, reason] : refused) answer(row, unmoved(Outcome::refused, reason), into);
  write_row(terms, is, told, into);
  rows[terms.row].may_expire = may_expire(with, is.state, is.totals.expires_at_us);
}

PartRunner::PartRunner(const ReplayOptions& options, RecordRow* rows, std::uint32_t* answers)
    : impl_(std::make_unique<Impl>(options, rows, answers)) {}
PartRunner::PartRunner(PartRunner&&) noexcept = default;
PartRunner::~PartRunner() = default;

void PartRunner::run(std::span<Line> terms, std::span<const Line> events) {
  impl_->find_records(terms);
  impl_->group(terms, events);
  std::size_t begin = 0;
  for (std::size_t i = 0; i < terms.size(); ++i) {
    const TermsLine& line = terms[i].terms;
    const std::size_t end = impl_->ends[i];
    if (line.fault != 0) {
      impl_->faulty(line);
    } else {
      impl_->fold_record(line, std::span(impl_->order).subspan(begin, end - begin), events);
    }
    begin = end;
  }
}

const TotalsByCurrency& PartRunner::totals() const noexcept { return impl_->totals; }

}  // namespace cuadre
