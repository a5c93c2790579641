#include "settlement/formats/fixed_book.hpp"

#include <algorithm>
#include <set>

#include "cuadre/document/check_digit.hpp"
#include "settlement/formats/fixed_text.hpp"

namespace cuadre {
namespace {

using Line = FixedBook::Line;
using Sum = FixedBook::Sum;

constexpr std::string_view kServiceCode = "service code";  // what Asobancaria's layout calls it; has a word in Spanish

std::string_view strip_zeros(std::string_view digits) noexcept {
  while (digits.size() > 1 && digits.front() == '0') digits.remove_prefix(1);
  return digits;
}

CheckValue shown(std::string_view text) {
  text = trim_blanks(text);
  return text.empty() ? CheckValue(CheckPhrase::blank) : CheckValue(printable(text.substr(0, 64)));
}

bool has_role(const Layout& layout, RecordRole role) {
  return std::any_of(layout.records.begin(), layout.records.end(),
                     [&](const auto& record) { return record.role == role; });
}

std::string tag_of(const Layout& layout, RecordRole role) {
  for (const FixedRecord& record : layout.records) {
    if (record.role == role) return record.tag.empty() ? "detail" : record.tag;
  }
  return {};
}

// Goes through headers, controls and sums once, in file order.
class Replay {
 public:
  explicit Replay(const Layout& layout)
      : layout_(layout),
        lots_(has_role(layout, RecordRole::lot_header)),
        lot_controls_(has_role(layout, RecordRole::lot_control)),
        file_headers_(has_role(layout, RecordRole::file_header)),
        file_controls_(has_role(layout, RecordRole::file_control)) {}

  void line(const Line& line);
  void details(const Sum& sum);
  std::vector<Check> finish();

 private:
  struct Where {
    std::uint64_t line = 0, offset_bytes = 0;
  };
  struct Open {
    bool open = false;
    Where where;
    CheckValue number;
    bool numbered = false;
    const Line* announced = nullptr;  // a header that declares totals
    Sum sum;
  };

  const FixedRecord& record(const Line& line) const { return layout_.records[line.record]; }
  std::string_view field(const Line& line, const Place& place) const {
    return FixedText(line.text, layout_.positions_in_characters).slice(place);
  }
  void put(CheckKind kind, CheckValue subject, CheckValue declared, CheckValue found, bool holds, Where where) {
    checks_.push_back(
        {kind, std::move(subject), std::move(declared), std::move(found), holds, where.line, where.offset_bytes});
  }
  void put_order(RecordRole before, const std::string& what, Where where);
  void open_file(Where where, bool in_order, const std::string& what);
  void open_lot(Where where);
  void close_lot(const Line* control);
  void close_file(const Line* control);
  // A control of the file, or of the lot that is open.
  void compare(bool of_lot, const Line& control, const Sum& sum);
  void missing(bool of_lot, const Sum& sum, Where where);
  void shape(const Line& line);
  void digits(const Line& line);
  void date(const Line& line, const std::optional<DateField>& rule, CheckKind kind);
  CheckValue value_of(const Sum& sum) const;
  int minor_units(const Sum& sum, int otherwise) const;
  CheckValue lot() const { return lot_.numbered ? lot_.number : CheckValue(std::to_string(lot_count_)); }

  const Layout& layout_;
  bool lots_, lot_controls_, file_headers_, file_controls_;
  Open file_, lot_;
  std::uint64_t lot_count_ = 0;  // of this file
  std::uint64_t numbered_count_ = 0;
  std::set<std::string> numbers_;
  std::vector<Check> checks_;
};

int Replay::minor_units(const Sum& sum, int otherwise) const {
  Currency currency = sum.mixed ? Currency{} : sum.currency;
  if (!currency && !layout_.default_currency.empty()) currency = Currency::of(layout_.default_currency);
  return currency && currency.minor_units() >= 0 ? currency.minor_units() : otherwise;
}

CheckValue count_of(const Sum& sum) {
  std::string count = std::to_string(sum.details);
  if (sum.rejected == 0) return count;
  return {CheckPhrase::rejected, std::move(count), std::to_string(sum.rejected)};
}

CheckValue Replay::value_of(const Sum& sum) const {
  if (sum.mixed) return CheckPhrase::several_currencies;
  std::string value = decimal_text(sum.minor, minor_units(sum, 0));
  if (sum.without_amount == 0) return value;
  return {CheckPhrase::without_amount, std::move(value), std::to_string(sum.without_amount)};
}

void Replay::compare(bool of_lot, const Line& control, const Sum& sum) {
  const FixedRecord& form = record(control);
  const Where where{control.line, control.offset_bytes};
  const CheckValue subject = of_lot ? lot() : CheckValue();
  const FixedText text(control.text, layout_.positions_in_characters);
  if (form.count.given()) {
    const std::string_view cell = trim_blanks(field(control, form.count));
    const bool number =
        !cell.empty() && !text.cuts(form.count) && cell.find_first_not_of("0123456789") == std::string_view::npos;
    const std::string_view digits = strip_zeros(cell);
    put(of_lot ? CheckKind::lot_count : CheckKind::file_count, subject,
        number ? CheckValue(std::string(digits)) : shown(cell), count_of(sum),
        number && digits == std::to_string(sum.details), where);
  }
  if (form.total.given()) {
    AmountForm amount = layout_.amount.form;
    amount.implied_decimals = form.total_decimals;
    const int decimals = minor_units(sum, form.total_decimals);
    const std::string_view cell = trim_blanks(field(control, form.total));
    const AmountScan scan = scan_amount(cell, amount, decimals);
    const bool number = scan.status == AmountStatus::ok && !text.cuts(form.total);
    put(of_lot ? CheckKind::lot_value : CheckKind::file_value, subject,
        number ? CheckValue(decimal_text(scan.minor, decimals)) : shown(cell), value_of(sum),
        number && !sum.mixed && sum.minor == scan.minor, where);
  }
}

void Replay::missing(bool of_lot, const Sum& sum, Where where) {
  const CheckValue subject = of_lot ? lot() : CheckValue();
  put(of_lot ? CheckKind::lot_count : CheckKind::file_count, subject, CheckPhrase::none, count_of(sum), false, where);
  put(of_lot ? CheckKind::lot_value : CheckKind::file_value, subject, CheckPhrase::none, value_of(sum), false, where);
}

// A record stands where one of that role had to stand before it.
void Replay::put_order(RecordRole before, const std::string& what, Where where) {
  const std::string header = tag_of(layout_, before);
  put(CheckKind::order, {}, {CheckPhrase::before, header, what}, {CheckPhrase::without, what, header}, false, where);
}

void Replay::open_file(Where where, bool in_order, const std::string& what) {
  if (!in_order && file_headers_) put_order(RecordRole::file_header, what, where);
  file_ = Open{};
  file_.open = true;
  file_.where = where;
  lot_count_ = numbered_count_ = 0;
  numbers_.clear();
}

void Replay::open_lot(Where where) {
  lot_ = Open{};
  lot_.open = true;
  lot_.where = where;
  ++lot_count_;
}

void Replay::close_lot(const Line* control) {
  if (!lot_.open) return;
  if (lots_ && lot_.sum.details == 0) {
    put(CheckKind::lot_details, lot(), {CheckPhrase::or_more, "1"}, std::string("0"), false, lot_.where);
  }
  if (control != nullptr) {
    const FixedRecord& form = record(*control);
    compare(true, *control, lot_.sum);
    if (form.lot.given() && lots_) {
      const CheckValue declared = shown(field(*control, form.lot));
      put(CheckKind::lot_number, lot(), declared, lot_.numbered ? lot_.number : CheckValue(CheckPhrase::none),
          lot_.numbered && strip_zeros(declared.first) == strip_zeros(lot_.number.first),
          {control->line, control->offset_bytes});
    }
  } else if (lot_controls_) {
    missing(true, lot_.sum, lot_.where);
  }
  lot_.open = false;
}

void Replay::close_file(const Line* control) {
  close_lot(nullptr);
  if (!file_.open) return;
  if (file_.announced != nullptr) compare(false, *file_.announced, file_.sum);
  if (control != nullptr) {
    compare(false, *control, file_.sum);
  } else if (file_controls_) {
    missing(false, file_.sum, file_.where);
  }
  if (numbered_count_ > 1) {
    const Where where = control != nullptr ? Where{control->line, control->offset_bytes} : file_.where;
    put(CheckKind::file_lot_numbers, {}, {CheckPhrase::lots, std::to_string(numbered_count_)},
        {CheckPhrase::numbers, std::to_string(numbers_.size())}, numbered_count_ == numbers_.size(), where);
  }
  file_.open = false;
}

void Replay::shape(const Line& line) {
  if (line.fault == FixedBook::Fault::none) return;
  const FixedRecord& form = record(line);
  CheckValue declared(CheckPhrase::or_less, std::to_string(form.length));
  CheckValue found(std::to_string(line.length));
  if (line.fault == FixedBook::Fault::too_short) declared = {CheckPhrase::or_more, std::to_string(form.minimum_length)};
  if (line.fault == FixedBook::Fault::surplus) {
    found = {CheckPhrase::not_blank_behind, std::to_string(line.length), std::to_string(form.length)};
  }
  if (line.fault == FixedBook::Fault::too_long) {
    found = {CheckPhrase::more_than, std::to_string(layout_.record_bytes_max)};
  }
  put(CheckKind::record_length, form.tag, std::move(declared), std::move(found), false, {line.line, line.offset_bytes});
}

void Replay::digits(const Line& line) {
  const Where where{line.line, line.offset_bytes};
  for (const FixedRecord::Named& named : record(line).checked) {
    if (named.check == CheckDigit::none) continue;
    const std::string_view code = trim_blanks(field(line, named.place));
    // A service code may be a NIT in the place of an EAN: with its check digit behind three zeros, or without one.
    const bool nit = named.check == CheckDigit::ean13 && code.size() == 13 && code.starts_with("000");
    if (nit && code[3] == '0') continue;
    std::optional<char> expected = expected_check_digit(named.check, code);
    if (nit && expected && *expected != code.back()) expected = expected_check_digit(CheckDigit::nit, code);
    const bool service = named.name == kServiceCode;
    put(service ? CheckKind::service_code_digit : CheckKind::code_digit, service ? CheckValue() : named.name,
        expected ? CheckValue(std::string(1, code.back())) : shown(code),
        expected ? CheckValue(std::string(1, *expected)) : CheckPhrase::no_such_code,
        expected && *expected == code.back(), where);
  }
}

void Replay::date(const Line& line, const std::optional<DateField>& rule, CheckKind kind) {
  if (!rule || !rule->given()) return;
  const std::string_view cell = trim_blanks(field(line, rule->place));
  if (rule->form.scan(cell)) return;
  put(kind, record(line).tag, shown(cell), {CheckPhrase::not_a_date, rule->form.pattern()}, false,
      {line.line, line.offset_bytes});
}

void Replay::line(const Line& line) {
  const FixedRecord& form = record(line);
  const Where where{line.line, line.offset_bytes};
  switch (form.role) {
    case RecordRole::file_header:
      close_file(nullptr);
      open_file(where, true, form.tag);
      if (form.count.given() || form.total.given()) file_.announced = &line;
      break;
    case RecordRole::lot_header:
      close_lot(nullptr);
      if (!file_.open) open_file(where, false, form.tag);
      open_lot(where);
      if (form.lot.given()) {
        lot_.number = shown(field(line, form.lot));
        lot_.numbered = true;
        ++numbered_count_;
        numbers_.insert(std::string(strip_zeros(lot_.number.first)));
      }
      break;
    case RecordRole::lot_control:
      close_lot(&line);
      break;
    case RecordRole::file_control:
      close_file(&line);
      break;
    case RecordRole::detail:
    case RecordRole::ignored:
      break;
  }
  shape(line);
  digits(line);
  date(line, form.date, CheckKind::record_date);
  date(line, form.booked_date, CheckKind::record_booked_date);
}

void Replay::details(const Sum& sum) {
  if (sum.details == 0) return;
  const Where where{sum.line, sum.offset_bytes};
  const std::string tag = tag_of(layout_, RecordRole::detail);
  if (!file_.open) open_file(where, false, tag);
  if ((lots_ || lot_controls_) && !lot_.open) {
    if (lots_) put_order(RecordRole::lot_header, tag, where);
    open_lot(where);
  }
  file_.sum.add(sum);
  if (lot_.open) lot_.sum.add(sum);
}

std::vector<Check> Replay::finish() {
  close_file(nullptr);
  std::stable_sort(checks_.begin(), checks_.end(),
                   [](const Check& a, const Check& b) { return a.offset_bytes < b.offset_bytes; });
  return std::move(checks_);
}

}  // namespace

void Sum::amount(std::int64_t value, Currency of) noexcept {
  mixed = mixed || (currency && currency != of);
  currency = of;
  minor += value;
}

void Sum::add(const Sum& other) noexcept {
  if (details == 0 || (other.details != 0 && other.offset_bytes < offset_bytes)) {
    offset_bytes = other.offset_bytes;
    line = other.line;
  }
  details += other.details;
  rejected += other.rejected;
  without_amount += other.without_amount;
  minor += other.minor;
  mixed = mixed || other.mixed || (currency && other.currency && currency != other.currency);
  if (!currency) currency = other.currency;
}

void FixedBook::add(std::vector<Line>&& lines, const std::vector<Part>& parts) {
  const std::scoped_lock lock(mutex_);
  lines_.insert(lines_.end(), std::make_move_iterator(lines.begin()), std::make_move_iterator(lines.end()));
  for (const Part& part : parts) {
    if (part.segment >= sums_.size()) sums_.resize(std::size_t{part.segment} + 1);
    sums_[part.segment].add(part.sum);
  }
}

std::vector<Check> FixedBook::checks(const Layout& layout) {
  std::sort(lines_.begin(), lines_.end(), [](const Line& a, const Line& b) { return a.segment < b.segment; });
  Replay replay(layout);
  if (!sums_.empty()) replay.details(sums_[0]);
  for (const Line& line : lines_) {
    replay.line(line);
    if (line.segment < sums_.size()) replay.details(sums_[line.segment]);
  }
  return replay.finish();
}

}  // namespace cuadre
