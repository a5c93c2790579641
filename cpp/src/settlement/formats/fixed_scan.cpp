#include "settlement/formats/fixed_scan.hpp"

#include <algorithm>

namespace cuadre {
namespace {

std::size_t end_of(const Place& place) noexcept {
  return place.given() ? std::size_t{place.start} - 1 + place.length : 0;
}

bool number(Field field) noexcept {
  switch (field) {
    case Field::amount:
    case Field::debit:
    case Field::credit:
    case Field::date:
    case Field::booked_date:
      return true;
    default:
      return false;
  }
}

// How many bytes of a line decide what it means for the lines below it.
std::size_t prefix_needed(const Layout& layout) noexcept {
  std::size_t last = end_of(layout.tag);
  for (const FixedRecord& record : layout.records) {
    if (record.date) last = std::max(last, end_of(record.date->place));
    if (record.booked_date) last = std::max(last, end_of(record.booked_date->place));
  }
  const std::size_t bytes = layout.positions_in_characters ? last * 4 : last;
  return std::max<std::size_t>(1, std::min<std::size_t>(bytes, layout.record_bytes_max));
}

// How much of a header or control the checks look at.
std::size_t text_needed(const Layout& layout, const FixedRecord& record) noexcept {
  std::size_t last = prefix_needed(layout);
  for (const Place& place : {record.lot, record.count, record.total}) last = std::max(last, end_of(place));
  for (const FixedRecord::Named& named : record.checked) last = std::max(last, end_of(named.place));
  const std::size_t bytes = layout.positions_in_characters ? last * 4 : last;
  return std::min<std::size_t>(bytes, layout.record_bytes_max);
}

}  // namespace

FixedFormat::FixedFormat(const RowRules& rules, FixedBook& book, std::uint64_t start)
    : rules_(rules),
      layout_(rules.layout()),
      book_(book),
      start_(start),
      prefix_bytes_(prefix_needed(layout_)),
      lots_(std::any_of(layout_.records.begin(), layout_.records.end(), [](const FixedRecord& record) {
        return record.role == RecordRole::lot_header || record.role == RecordRole::lot_control;
      })) {
  for (const FieldInfo& info : fields()) {
    const Place& place = place_of(layout_, info.field);
    if (place.given()) fields_.push_back({info.field, place, number(info.field)});
  }
  for (const FixedRecord& record : layout_.records) text_bytes_.push_back(text_needed(layout_, record));
}

std::uint32_t FixedFormat::find(std::string_view prefix) const noexcept {
  if (!layout_.tag.given()) return 0;
  const std::string_view tag = FixedText(prefix, layout_.positions_in_characters).slice(layout_.tag);
  for (std::uint32_t i = 0; i < layout_.records.size(); ++i) {
    if (layout_.records[i].tag == tag) return i;
  }
  return kNoRecord;
}

void FixedFormat::take_dates(State& state, const FixedRecord& record, std::string_view prefix) const {
  const FixedText text(prefix, layout_.positions_in_characters);
  if (record.date)
    state.date_days = record.date->form.scan(trim_blanks(text.slice(record.date->place))).value_or(kNoDate);
  if (record.booked_date) {
    state.booked_days =
        record.booked_date->form.scan(trim_blanks(text.slice(record.booked_date->place))).value_or(kNoDate);
  }
}

bool FixedFormat::apply(State& state, std::uint32_t record, std::string_view prefix) const {
  if (record == kNoRecord) return true;
  const FixedRecord& form = layout_.records[record];
  state.known = true;
  switch (form.role) {
    case RecordRole::detail:
      state.in_file = true;
      state.in_lot = lots_;
      return true;
    case RecordRole::ignored:
      return true;
    case RecordRole::file_header:
      state.in_file = true;
      state.in_lot = false;
      state.date_days = state.booked_days = kNoDate;
      break;
    case RecordRole::lot_header:
      state.in_file = state.in_lot = true;
      break;
    case RecordRole::lot_control:
      if (!state.in_lot) return false;
      state.in_lot = false;
      break;
    case RecordRole::file_control:
      if (!state.in_file) return false;
      state.in_file = state.in_lot = false;
      state.date_days = state.booked_days = kNoDate;  // details below it are under no header
      break;
  }
  take_dates(state, form, prefix);
  ++state.segment;
  return true;
}

void FixedFormat::end(State& state) const {
  if (!state.open) return;
  apply(state, find(state.prefix), state.prefix);
  state.open = false;
  state.prefix.clear();
}

FixedFormat::State FixedFormat::scan(State in, std::string_view block, std::uint64_t) const {
  if (block.empty()) return in;
  std::size_t at = in.after_cr && block[0] == '\n' ? 1 : 0;
  in.after_cr = false;
  LineEnds ends(block);
  while (at < block.size()) {
    const std::size_t end = ends.next(at);
    const std::string_view bytes = block.substr(at, end - at);
    if (in.open || end == block.size()) {
      in.open = in.open || !bytes.empty();
      in.prefix += bytes.substr(0, prefix_bytes_ - in.prefix.size());
      if (end == block.size()) break;
      this->end(in);
    } else {
      const std::string_view prefix = prefix_of(bytes);
      apply(in, find(prefix), prefix);
    }
    at = end + 1;
    if (block[end] == '\r') {
      in.after_cr = at == block.size();
      if (!in.after_cr && block[at] == '\n') ++at;
    }
  }
  return in;
}

std::size_t FixedFormat::finish(State&, std::string_view more) const {
  const std::size_t end = LineEnds(more).next(0);
  return end == more.size() ? std::string_view::npos : end + 1;
}

}  // namespace cuadre
