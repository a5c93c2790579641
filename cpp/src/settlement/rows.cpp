#include "settlement/rows.hpp"

#include <algorithm>
#include <cstring>

namespace cuadre {
namespace {

using Verdict = RowRules::Verdict;

constexpr Verdict kRow{RowRules::Outcome::row, {}, {}, 0};
constexpr Verdict kIgnored{RowRules::Outcome::ignored, {}, {}, 0};

constexpr Verdict fault(RejectReason reason, Field field, std::size_t at = 0) noexcept {
  return {RowRules::Outcome::fault, reason, field, static_cast<std::uint32_t>(at)};
}

constexpr std::size_t kRejectFieldMax =
    128;  // a header may name a column with a megabyte, and a million rejects may stand in it

constexpr bool blank(char byte) noexcept { return byte == ' ' || byte == '\t'; }

std::string_view trimmed(std::string_view text) noexcept {
  while (!text.empty() && blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && blank(text.back())) text.remove_suffix(1);
  return text;
}

bool among(const std::vector<std::string>& tokens, std::string_view text) noexcept {
  return std::any_of(tokens.begin(), tokens.end(), [&](const std::string& token) { return token == text; });
}

// The entry for this token, or the catch-all "*", or null.
template <class T>
const T* listed(const std::vector<std::pair<std::string, T>>& values, std::string_view token) noexcept {
  const T* any = nullptr;
  for (const auto& [key, value] : values) {
    if (key == token) return &value;
    if (key == "*") any = &value;
  }
  return any;
}

RejectReason reason_of(AmountStatus status) noexcept {
  switch (status) {
    case AmountStatus::empty:
      return RejectReason::amount_missing;
    case AmountStatus::inexact:
      return RejectReason::amount_inexact;
    case AmountStatus::overflow:
      return RejectReason::amount_overflow;
    case AmountStatus::ok:
    case AmountStatus::invalid:
      break;
  }
  return RejectReason::amount_invalid;
}

}  // namespace

std::span<const Term> reject_reasons() noexcept {
  static constexpr Term kReasons[] = {
#define CUADRE_X(name, en, es) {#name, en, es},
      CUADRE_REJECT_REASONS(CUADRE_X)
#undef CUADRE_X
  };
  return kReasons;
}

RowRules::RowRules(const Layout& layout) : layout_(&layout) {
  if (!layout.default_currency.empty()) default_currency_ = Currency::of(layout.default_currency);
  for (const auto& [token, kind] : layout.kind_of_row.values) {
    const auto known = row_kind(kind);
    if (!known) throw Error(ErrorCode::layout_invalid, "\"" + kind + "\" is not a kind of row");
    kinds_.emplace_back(token, *known);
  }
  for (const auto& [token, code] : layout.currency.values) currency_values_.emplace_back(token, Currency::of(code));
  plain_ = !layout.trim && layout.empty_tokens.empty();
  quick_ = plain_ && layout.amount.amount.given() && !layout.amount.direction.given() &&
           layout.amount.symbols.empty() && !layout.amount.negate && currency_values_.empty();
}

// A cell that means "nothing here" becomes an empty one.
std::string_view RowRules::present(std::string_view cell) const noexcept {
  if (plain_) return cell;
  if (layout_->trim) cell = trimmed(cell);
  return among(layout_->empty_tokens, cell) ? cell.substr(0, 0) : cell;
}

Verdict RowRules::currency(std::string_view cell, Row& row) const noexcept {
  row.currency = default_currency_;
  if (cell.data() == nullptr) return row.currency ? kRow : fault(RejectReason::currency_missing, Field::currency);
  cell = present(cell);
  if (!currency_values_.empty()) {
    const Currency* value = listed(currency_values_, cell);
    if (value == nullptr) {
      return fault(cell.empty() ? RejectReason::currency_missing : RejectReason::currency_unknown, Field::currency);
    }
    row.currency = *value;
    return kRow;
  }
  if (cell.empty()) return row.currency ? kRow : fault(RejectReason::currency_missing, Field::currency);
  const auto found = Currency::find(cell);
  if (!found) return fault(RejectReason::currency_unknown, Field::currency);
  row.currency = *found;
  return kRow;
}

// The number of an amount cell without the declared marks, which stand in front of it or behind it, inside or outside
// of the sign; and with no-break blanks as the blanks that a layout groups by. Longer than the room: as it is, and so
// no amount.
std::string_view RowRules::bare(std::string_view cell, std::array<char, kAmountMax>& room) const noexcept {
  const bool blanks = layout_->amount.form.grouping == ' ' && !is_ascii(cell);
  if ((layout_->amount.symbols.empty() && !blanks) || cell.size() > room.size()) return cell;
  const auto loose = [](std::string_view text) {
    for (bool more = true; more;) {
      const std::size_t before = text.size();
      text = trimmed(text);
      if (text.starts_with("\xC2\xA0")) text.remove_prefix(2);
      if (text.ends_with("\xC2\xA0")) text.remove_suffix(2);
      more = text.size() != before;
    }
    return text;
  };
  char* end = room.data();
  const auto put = [&](std::string_view text) { end = std::copy(text.begin(), text.end(), end); };
  constexpr std::string_view kOpening = "-+(", kClosing = "-+)";
  std::string_view head, tail;
  for (const std::string& symbol : layout_->amount.symbols) {
    const std::size_t sign = !cell.empty() && kOpening.find(cell.front()) != std::string_view::npos ? 1 : 0;
    const std::size_t last = !cell.empty() && kClosing.find(cell.back()) != std::string_view::npos ? 1 : 0;
    if (cell.substr(sign).starts_with(symbol)) {
      head = cell.substr(0, sign);
      cell = loose(cell.substr(sign + symbol.size()));
    } else if (cell.size() > last && cell.substr(0, cell.size() - last).ends_with(symbol)) {
      tail = cell.substr(cell.size() - last);
      cell = loose(cell.substr(0, cell.size() - last - symbol.size()));
    } else {
      continue;
    }
    break;
  }
  put(head);
  for (std::size_t at = 0; at < cell.size(); ++at) {
    const std::string_view rest = cell.substr(at);
    const std::size_t no_break = !blanks                            ? 0
                                 : rest.starts_with("\xC2\xA0")     ? 2
                                 : rest.starts_with("\xE2\x80\xAF") ? 3
                                                                    : 0;
    *end++ = no_break != 0 ? ' ' : cell[at];
    if (no_break != 0) at += no_break - 1;
  }
  put(tail);
  return {room.data(), static_cast<std::size_t>(end - room.data())};
}

Verdict RowRules::scan(std::string_view cell, Field field, int minor_units, std::int64_t& minor) const noexcept {
  std::array<char, kAmountMax> room;
  const AmountScan scanned = scan_amount(bare(cell, room), layout_->amount.form, minor_units);
  if (scanned.status != AmountStatus::ok) return fault(reason_of(scanned.status), field, scanned.fault);
  minor = scanned.minor;
  return kRow;
}

Verdict RowRules::amount(const Cells& cells, Row& row) const noexcept {
  const int minor_units = row.currency.minor_units();
  if (minor_units < 0) return fault(RejectReason::currency_unknown, Field::currency);
  const auto cell = [&](Field field) { return present(cells[static_cast<std::size_t>(field)]); };
  if (!layout_->amount.amount.given()) {
    const std::string_view debit = cell(Field::debit);
    const std::string_view credit = cell(Field::credit);
    std::int64_t in = 0;
    std::int64_t out = 0;
    if (debit.empty() && credit.empty()) return fault(RejectReason::amount_missing, Field::credit);
    if (!credit.empty()) {
      if (const auto verdict = scan(credit, Field::credit, minor_units, in); verdict.outcome != Outcome::row)
        return verdict;
    }
    if (!debit.empty()) {
      if (const auto verdict = scan(debit, Field::debit, minor_units, out); verdict.outcome != Outcome::row)
        return verdict;
    }
    // A minus in a column of debits: taken off twice it would come in. Only the layout can say what is meant.
    if (out < 0 && !layout_->amount.signed_columns) return fault(RejectReason::sign_invalid, Field::debit);
    const bool overflow = layout_->amount.signed_columns ? __builtin_add_overflow(in, out, &row.amount_minor)
                                                         : __builtin_sub_overflow(in, out, &row.amount_minor);
    if (overflow) return fault(RejectReason::amount_overflow, Field::credit);
  } else {
    const auto verdict = scan(cell(Field::amount), Field::amount, minor_units, row.amount_minor);
    if (verdict.outcome != Outcome::row) return verdict;
  }
  bool negate = layout_->amount.negate;
  if (layout_->amount.direction.given()) {
    const std::string_view direction = cell(Field::direction);
    if (among(layout_->amount.debit_tokens, direction)) {
      negate = !negate;
    } else if (!among(layout_->amount.credit_tokens, direction)) {
      return fault(RejectReason::sign_invalid, Field::direction);
    }
  }
  if (negate && __builtin_sub_overflow(std::int64_t{0}, row.amount_minor, &row.amount_minor)) {
    return fault(RejectReason::amount_overflow, Field::amount);
  }
  return kRow;
}

Verdict RowRules::date(std::string_view cell, const DateField& rule, Field field, std::int32_t& days) const noexcept {
  if (cell.data() == nullptr) return kRow;  // what a file header said stays
  cell = present(cell);
  days = kNoDate;
  if (cell.empty()) return kRow;
  const auto scanned = rule.form.scan(cell);
  if (!scanned) return fault(RejectReason::date_invalid, field);
  days = *scanned;
  return kRow;
}

// A date of ten bytes that the memo has is as it was; only dates that exist get there, and only for the field's own
// form.
bool RowRules::quick_date(std::string_view cell, const DateField& rule, Field field, std::int32_t& days,
                          RowMemo& memo) const noexcept {
  if (cell.size() != 10) return date(cell, rule, field, days).outcome == Outcome::row;
  std::uint64_t head = 0;
  std::uint16_t tail = 0;
  std::memcpy(&head, cell.data(), 8);
  std::memcpy(&tail, cell.data() + 8, 2);
  RowMemo::Day& known = memo.day(head, tail);
  if (known.head == head && known.tail == tail && known.days != kNoDate && field == Field::date) {
    days = known.days;
    return true;
  }
  if (date(cell, rule, field, days).outcome != Outcome::row) return false;
  if (field == Field::date) known = {head, tail, days};
  return true;
}

// The row that most rows are. Says false where anything is unusual; then the long way finds out what.
bool RowRules::quick(const Cells& cells, Row& row, RowMemo& memo) const noexcept {
  const auto cell = [&](Field field) { return cells[static_cast<std::size_t>(field)]; };
  if (!quick_ || cell(Field::type).data() != nullptr || cell(Field::kind).data() != nullptr) return false;
  row.reference = cell(Field::reference);
  if (row.reference.empty()) return false;
  row.currency = default_currency_;
  int minor_units = 0;
  if (const std::string_view code = cell(Field::currency); code.data() != nullptr) {
    if (code.size() != 3) return false;
    const auto letter = [&](std::size_t i) { return std::uint32_t{static_cast<unsigned char>(code[i])} << (8 * i); };
    const std::uint32_t bytes = letter(0) | letter(1) | letter(2);
    RowMemo::Money& known = memo.money(bytes);
    if (known.code != bytes) {
      const auto found = Currency::find(code);
      if (!found) return false;
      known = {bytes, *found, found->minor_units()};
    }
    row.currency = known.currency;
    minor_units = known.minor_units;
  } else {
    minor_units = row.currency.minor_units();
  }
  const AmountScan scanned = scan_amount(cell(Field::amount), layout_->amount.form, minor_units);
  if (scanned.status != AmountStatus::ok) return false;
  row.amount_minor = scanned.minor;
  row.kind = layout_->default_kind;
  return quick_date(cell(Field::date), layout_->date, Field::date, row.date_days, memo) &&
         quick_date(cell(Field::booked_date), layout_->booked_date, Field::booked_date, row.booked_days, memo);
}

Verdict RowRules::build(const Cells& cells, Row& row, RowMemo& memo) const noexcept {
  return quick(cells, row, memo) ? kRow : build(cells, row);
}

Verdict RowRules::build(const Cells& cells, Row& row) const noexcept {
  const auto cell = [&](Field field) { return cells[static_cast<std::size_t>(field)]; };
  if (cell(Field::type).data() != nullptr) {
    const std::string_view type = present(cell(Field::type));
    if (among(layout_->type_ignored, type)) return kIgnored;
    if (!layout_->type_rows.empty() && !among(layout_->type_rows, type)) {
      return fault(RejectReason::record_unknown, Field::type);
    }
  }
  row.reference = present(cell(Field::reference));
  if (row.reference.empty()) return fault(RejectReason::reference_missing, Field::reference);
  if (const auto verdict = currency(cell(Field::currency), row); verdict.outcome != Outcome::row) return verdict;
  if (const auto verdict = amount(cells, row); verdict.outcome != Outcome::row) return verdict;
  if (const auto verdict = date(cell(Field::date), layout_->date, Field::date, row.date_days);
      verdict.outcome != Outcome::row) {
    return verdict;
  }
  if (const auto verdict = date(cell(Field::booked_date), layout_->booked_date, Field::booked_date, row.booked_days);
      verdict.outcome != Outcome::row) {
    return verdict;
  }
  row.kind = layout_->default_kind;
  if (cell(Field::kind).data() != nullptr && !kinds_.empty()) {
    const RowKind* kind = listed(kinds_, present(cell(Field::kind)));
    if (kind == nullptr) return fault(RejectReason::kind_unknown, Field::kind);
    row.kind = *kind;
  } else if (cell(Field::kind).data() != nullptr) {
    const std::string_view text = present(cell(Field::kind));
    const auto kind = text.empty() ? std::optional(layout_->default_kind) : row_kind(text);
    if (!kind) return fault(RejectReason::kind_unknown, Field::kind);
    row.kind = *kind;
  }
  return kRow;
}

void RejectBudget::first(const Reject& item) {
  const std::scoped_lock lock(mutex_);
  if (!first_ || item.offset_bytes < first_->offset_bytes) first_ = item;
}

void RejectBudget::spend(const std::string& file) {
  if (spent_.fetch_add(1) < most_) return;
  const std::scoped_lock lock(mutex_);
  throw Error(ErrorCode::rejects_exceeded,
              "more than " + std::to_string(most_) + " rows are rejected, this one first: " +
                  std::string(reject_reasons()[static_cast<std::size_t>(first_->reason)].english) +
                  "; probably the file is not of this layout",
              {file, first_->line, first_->column, static_cast<std::int64_t>(first_->offset_bytes)});
}

Emitter::Emitter(RowSink& sink, unsigned worker, RejectBudget& budget, const std::string& file, Encoding encoding)
    : sink_(sink), worker_(worker), budget_(budget), file_(file), encoding_(encoding) {}

void Emitter::reject(RejectReason reason, std::uint64_t offset_bytes, std::uint64_t line, std::uint64_t column,
                     std::string_view field, std::string_view text, std::uint64_t length_bytes) {
  ++records_;
  Reject item;
  item.offset_bytes = offset_bytes;
  item.line = line;
  item.column = column;
  item.length_bytes = length_bytes;
  item.reason = reason;
  item.field = printable(field, kRejectFieldMax);
  item.raw_text = printable(text, kRejectTextMax, encoding_);
  if (rejects_.empty()) budget_.first(item);
  budget_.spend(file_);
  rejects_.push_back(std::move(item));
}

std::string_view Emitter::keep(std::string text) {
  kept_.push_back(std::move(text));
  return kept_.back();
}

void Emitter::flush() {
  if (count_ != 0) {
    if (totals_.empty()) totals_.resize(Currency::count() + 1);
    for (std::size_t i = 0; i < count_; ++i) {
      CurrencyTotal& total = totals_[batch_[i].currency.id()];
      ++total.rows;
      total.amount_minor += batch_[i].amount_minor;
    }
    sink_.rows(worker_, block_, {batch_.data(), count_});
    rows_ += count_;
    count_ = 0;
  }
  kept_.clear();
}

void Emitter::report(FileReport& into) {
  into.records += records_;
  into.rows += rows_;
  into.ignored += ignored_;
  into.rejects.insert(into.rejects.end(), std::make_move_iterator(rejects_.begin()),
                      std::make_move_iterator(rejects_.end()));
  std::sort(into.rejects.begin(), into.rejects.end(),
            [](const Reject& a, const Reject& b) { return a.offset_bytes < b.offset_bytes; });
  for (std::size_t id = 0; id < totals_.size(); ++id) {
    CurrencyTotal total = totals_[id];
    total.currency = Currency::from_id(static_cast<std::uint16_t>(id));
    if (total.rows == 0) continue;
    auto place = std::find_if(into.totals.begin(), into.totals.end(),
                              [&](const CurrencyTotal& known) { return known.currency == total.currency; });
    if (place == into.totals.end()) place = into.totals.insert(into.totals.end(), {total.currency, 0, 0});
    place->rows += total.rows;
    place->amount_minor += total.amount_minor;
  }
  std::sort(into.totals.begin(), into.totals.end(),
            [](const CurrencyTotal& a, const CurrencyTotal& b) { return a.currency.code() < b.currency.code(); });
}

}  // namespace cuadre
