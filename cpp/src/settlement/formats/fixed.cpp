// Fixed-width files. Cutting into lines is in fixed_scan, what the file says about itself in fixed_book; here records
// become rows.
#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "settlement/formats/fixed_scan.hpp"
#include "settlement/formats/formats.hpp"

namespace cuadre {

// The lines that start in one block.
class FixedBlock {
 public:
  FixedBlock(const FixedFormat& format, const FixedFormat::State& in, const BlockText& text, Emitter& out)
      : format_(format), layout_(format.layout_), state_(in), text_(text), out_(out) {}

  void read() {
    walk();
    close_sum();
    format_.book_.add(std::move(lines_), parts_);
  }
  // Only the rows at these offsets.
  void fetch(std::span<const std::uint64_t> wanted) {
    fetching_ = true;
    wanted_ = wanted;
    walk();
  }

 private:
  using Fault = FixedBook::Fault;
  struct Refusal {
    RejectReason reason;
    std::size_t column;
    std::string_view field;
  };

  void walk();
  void line(std::string_view bytes);
  void structure(std::uint32_t record, std::uint32_t segment, std::string_view bytes);
  void detail(const FixedRecord& form, std::string_view bytes);
  void count_detail();
  void close_sum();
  std::optional<Refusal> unreadable(const FixedText& text, const FixedRecord& form, bool ascii) const;
  std::optional<Refusal> doubtful(const FixedText& text, const FixedRecord& form) const;
  std::optional<Refusal> cells(const FixedText& text, bool ascii);
  std::size_t column(const FixedText& text, const RowRules::Verdict& verdict) const;
  void add_amount(const Row& row) { sum_.amount(row.amount_minor, row.currency); }
  void salvage_amount();
  void reject(RejectReason reason, std::size_t column, std::string_view field, std::string_view bytes);
  bool too_long(std::string_view bytes) const noexcept { return bytes.size() > layout_.record_bytes_max; }

  const FixedFormat& format_;
  const Layout& layout_;
  FixedFormat::State state_;
  const BlockText& text_;
  Emitter& out_;
  bool fetching_ = false;
  std::span<const std::uint64_t> wanted_;

  std::uint64_t offset_ = 0;  // of the line at hand
  std::uint64_t number_ = 0;
  FixedBook::Sum sum_;  // of the details since the last header or control
  std::vector<FixedBook::Line> lines_;
  std::vector<FixedBook::Part> parts_;
  Cells cells_{};
  Cells raw_{};  // the same cells as they stand in the record
  std::array<std::string, kFieldCount> decoded_;
};

void FixedBlock::walk() {
  const std::string_view all(text_.data, text_.readable);
  LineEnds ends(all);
  std::size_t at = 0;
  number_ = text_.line;
  const auto pass = [&](std::size_t end) {
    at = end + 1;
    if (end < all.size() && all[end] == '\r' && at < all.size() && all[at] == '\n') ++at;
    ++number_;
  };
  if (state_.after_cr && !all.empty() && all[0] == '\n') {  // the second half of the line end before this block
    at = 1;
    ++number_;
  }
  if (state_.open) {
    const std::size_t end = ends.next(0);
    if (end >= text_.size) return;
    state_.prefix += all.substr(0, std::min(end, format_.prefix_bytes_ - state_.prefix.size()));
    format_.end(state_);
    pass(end);
  }
  while (at < text_.size) {
    const std::size_t end = ends.next(at);
    offset_ = text_.offset + at;
    if (end != at) line(all.substr(at, end - at));
    pass(end);
  }
}

void FixedBlock::line(std::string_view bytes) {
  const std::string_view prefix = format_.prefix_of(bytes);
  const std::uint32_t record = format_.find(prefix);
  const std::uint32_t segment = state_.segment;
  const bool placed = format_.apply(state_, record, prefix);
  const bool known = record != FixedFormat::kNoRecord;
  const FixedRecord* form = known ? &layout_.records[record] : nullptr;
  const bool is_detail = known && form->role == RecordRole::detail;
  if (fetching_) {
    if (is_detail && std::binary_search(wanted_.begin(), wanted_.end(), offset_)) detail(*form, bytes);
    return;
  }
  if (is_detail) {
    if (layout_.tag.given() || too_long(bytes) || !is_blank(bytes)) detail(*form, bytes);
  } else if (known && form->role != RecordRole::ignored) {
    if (placed) {
      structure(record, segment, bytes);
    } else {
      reject(RejectReason::record_misplaced, 0, {}, bytes);
    }
  } else if (too_long(bytes)) {
    reject(RejectReason::record_too_long, 0, {}, bytes);
  } else if (known) {
    out_.ignored();
  } else if (!is_blank(bytes)) {
    reject(RejectReason::record_unknown, layout_.tag.start, {}, bytes);
  }
}

void FixedBlock::close_sum() {
  if (sum_.details != 0) parts_.push_back({state_.segment, sum_});
  sum_ = {};
}

// `segment`: of the details above this record.
void FixedBlock::structure(std::uint32_t record, std::uint32_t segment, std::string_view bytes) {
  if (sum_.details != 0) parts_.push_back({segment, sum_});
  sum_ = {};
  if (state_.segment > FixedBook::kLinesMax) {
    throw Error(ErrorCode::rejects_exceeded,
                "more than " + std::to_string(FixedBook::kLinesMax) + " header and control records in one file",
                {{}, number_, 0, static_cast<std::int64_t>(offset_)});
  }
  const FixedRecord& form = layout_.records[record];
  FixedBook::Line line{offset_, number_, state_.segment, record, Fault::none, 0, {}};
  if (too_long(bytes)) {
    line.fault = Fault::too_long;
  } else {
    const FixedText text(bytes, layout_.positions_in_characters);
    line.length = text.length();
    if (line.length < form.minimum_length) line.fault = Fault::too_short;
    if (form.length != 0 && line.length > form.length && !is_blank(text.from(form.length))) line.fault = Fault::surplus;
  }
  line.text = bytes.substr(0, format_.text_bytes_[record]);
  lines_.push_back(std::move(line));
}

void FixedBlock::count_detail() {
  if (sum_.details++ == 0) {
    sum_.offset_bytes = offset_;
    sum_.line = number_;
  }
}

void FixedBlock::reject(RejectReason reason, std::size_t column, std::string_view field, std::string_view bytes) {
  std::uint64_t length = bytes.size();
  if (too_long(bytes)) {  // how long it really is depends on where reading stopped
    length = std::uint64_t{layout_.record_bytes_max} + 1;
    bytes = bytes.substr(0, static_cast<std::size_t>(length));
  }
  out_.reject(reason, offset_, number_, column, field, bytes, length);
}

// Nothing in a record of the wrong shape is to be trusted, not even where its amount stands.
std::optional<FixedBlock::Refusal> FixedBlock::unreadable(const FixedText& text, const FixedRecord& form,
                                                          bool ascii) const {
  const std::string_view bytes = text.bytes();
  if (const void* nul = std::memchr(bytes.data(), 0, bytes.size()); nul != nullptr) {
    return Refusal{RejectReason::nul_byte, text.position_of(static_cast<const char*>(nul)), {}};
  }
  if (!ascii) {
    const bool is_text =
        layout_.encoding == Encoding::utf8 ? is_utf8(bytes) : decode_single_byte(bytes, layout_.encoding).has_value();
    if (!is_text) return Refusal{RejectReason::encoding_invalid, 0, {}};
  }
  const std::size_t length = text.length();
  if (length < form.minimum_length) return Refusal{RejectReason::record_too_short, length + 1, {}};
  if (form.length != 0 && length > form.length) {
    const std::string_view surplus = text.from(form.length);
    const std::size_t first = surplus.find_first_not_of(' ');
    if (first != std::string_view::npos) {
      return Refusal{RejectReason::record_surplus, text.position_of(surplus.data() + first), {}};
    }
  }
  // Text of a single-byte encoding is hardly ever UTF-8 by chance; if it is, every field behind the ñ stands shifted.
  if (!ascii && layout_.encoding != Encoding::utf8 && is_utf8(text.bytes())) {
    return Refusal{RejectReason::encoding_invalid, 0, {}};
  }
  return ascii ? std::nullopt : doubtful(text, form);
}

// In UTF-8 a character may be several bytes. When the length does not show that writer and layout count the same way,
// every field behind the character may be shifted, so the record is refused.
std::optional<FixedBlock::Refusal> FixedBlock::doubtful(const FixedText& text, const FixedRecord& form) const {
  const std::size_t bytes = text.bytes().size();
  if (layout_.encoding != Encoding::utf8 || form.length == 0) return std::nullopt;
  if (!layout_.positions_in_characters) {
    if (bytes == form.length) return std::nullopt;
    return Refusal{bytes > form.length ? RejectReason::record_surplus : RejectReason::record_too_short, 0, {}};
  }
  if (bytes != form.length || text.length() == form.length) return std::nullopt;
  return Refusal{RejectReason::record_too_short, 0, {}};
}

std::optional<FixedBlock::Refusal> FixedBlock::cells(const FixedText& text, bool ascii) {
  for (const FixedFormat::Cell& cell : format_.fields_) {
    const auto index = static_cast<std::size_t>(cell.field);
    const std::string_view whole = text.slice(cell.place);
    if (cell.whole && text.cuts(cell.place)) {
      return Refusal{RejectReason::record_too_short, text.length() + 1, name(cell.field)};
    }
    const std::string_view bytes = trim_blanks(whole);
    raw_[index] = cells_[index] = bytes;
    if (ascii || is_ascii(bytes)) continue;
    if (layout_.encoding != Encoding::utf8) {
      decoded_[index] = decode_single_byte(bytes, layout_.encoding).value_or(std::string());
      cells_[index] = decoded_[index];
    } else if (!is_utf8(bytes)) {  // the field ends inside a character
      return Refusal{RejectReason::encoding_invalid, cell.place.start, name(cell.field)};
    }
  }
  return std::nullopt;
}

// 1-based position at which the verdict's field stops making sense.
std::size_t FixedBlock::column(const FixedText& text, const RowRules::Verdict& verdict) const {
  const auto index = static_cast<std::size_t>(verdict.field);
  const std::string_view raw = raw_[index];
  if (raw.data() == nullptr) return 0;
  if (raw.data() == cells_[index].data()) {
    return text.position_of(raw.data() + std::min<std::size_t>(verdict.at, raw.size()));
  }
  const std::string_view before = cells_[index].substr(0, verdict.at);
  return text.position_of(raw.data()) + FixedText(before, true).length();  // one byte was one character
}

// The amount of a rejected detail, when that is not what is wrong: the file's own sums contain it.
void FixedBlock::salvage_amount() {
  Cells money = cells_;
  money[static_cast<std::size_t>(Field::reference)] = "?";
  for (const Field field : {Field::date, Field::booked_date, Field::kind, Field::type}) {
    money[static_cast<std::size_t>(field)] = {};
  }
  Row row{};
  if (format_.rules_.build(money, row).outcome == RowRules::Outcome::row) {
    add_amount(row);
  } else {
    ++sum_.without_amount;
  }
}

void FixedBlock::detail(const FixedRecord& form, std::string_view bytes) {
  count_detail();
  const auto refuse = [&](const Refusal& refusal) {
    ++sum_.rejected;
    ++sum_.without_amount;
    reject(refusal.reason, refusal.column, refusal.field, bytes);
  };
  if (too_long(bytes)) return refuse({RejectReason::record_too_long, 0, {}});
  const bool ascii = is_ascii(bytes);
  const FixedText text(bytes, layout_.positions_in_characters);
  if (const auto refusal = unreadable(text, form, ascii)) return refuse(*refusal);
  if (const auto refusal = cells(text, ascii)) return refuse(*refusal);
  Row row{};
  row.offset_bytes = offset_;
  row.line = number_;
  row.length_bytes = static_cast<std::uint32_t>(bytes.size());
  row.date_days = state_.date_days;
  row.booked_days = state_.booked_days;
  const RowRules::Verdict verdict = format_.rules_.build(cells_, row);
  if (verdict.outcome == RowRules::Outcome::row) {
    add_amount(row);
    constexpr auto kReference = static_cast<std::size_t>(Field::reference);
    if (cells_[kReference].data() != raw_[kReference].data()) row.reference = out_.keep(std::string(row.reference));
    out_.row(row);
    return;
  }
  salvage_amount();
  if (verdict.outcome == RowRules::Outcome::ignored) return out_.ignored();
  ++sum_.rejected;
  reject(verdict.reason, column(text, verdict), name(verdict.field), bytes);
}

void FixedFormat::parse(const State& in, const BlockText& text, Emitter& out) const {
  FixedBlock(*this, in, text, out).read();
}

void FixedFormat::parse_at(const State& in, const BlockText& text, std::span<const std::uint64_t> wanted,
                           Emitter& out) const {
  FixedBlock(*this, in, text, out).fetch(wanted);
}

namespace {

constexpr std::string_view kUtf8Mark = "\xEF\xBB\xBF";

std::uint64_t text_start(const File& file, const Layout& layout) {
  char head[3];
  const std::string_view mark(head, file.read_at(0, head, sizeof head));
  if (mark.starts_with("\xFF\xFE") || mark.starts_with("\xFE\xFF")) {
    throw Error(ErrorCode::encoding_unsupported, "the file is UTF-16; the layout declares another encoding",
                {file.path(), 1, 1, 0});
  }
  if (!mark.starts_with(kUtf8Mark)) return 0;
  if (layout.encoding != Encoding::utf8) {
    throw Error(ErrorCode::encoding_unsupported,
                "the file begins with a UTF-8 mark; the layout declares another encoding", {file.path(), 1, 1, 0});
  }
  return kUtf8Mark.size();
}

Layout complete(Layout layout) {
  if (layout.records.empty() && !layout.tag.given()) layout.records.emplace_back();  // every line is a detail
  if (layout.encoding != Encoding::utf8) layout.positions_in_characters = false;     // a character is a byte there
  return layout;
}

class FixedSource final : public Source {
 public:
  FixedSource(File file, const Layout& layout)
      : file_(std::move(file)),
        layout_(complete(layout)),
        rules_(layout_),
        format_(rules_, book_, text_start(file_, layout_)),
        blocks_(file_, format_) {}

  const std::string& label() const noexcept override { return file_.path(); }
  std::uint64_t extent() const noexcept override { return file_.size(); }
  std::uint64_t rows_estimate() const noexcept override { return file_.size() / 128 + 1; }

  FileReport read(RowSink& sink, const ReadOptions& options) override {
    FileReport report;
    report.file = file_.path();
    report.size_bytes = file_.size();
    try {
      blocks_.read(sink, options, report);
    } catch (const Error& error) {
      if (error.code() != ErrorCode::rejects_exceeded) throw;
      if (!any_known()) refuse_layout();
      const Position& at = error.position();
      throw Error(error.code(), error.message(), {file_.path(), at.line, at.column, at.offset_bytes});
    }
    file_.require_unchanged();
    if (report.records == 0 && book_.empty()) {
      throw Error(ErrorCode::file_empty, "the file holds no record", {file_.path(), 0, 0, -1});
    }
    FixedFormat::State last = blocks_.last().state;
    format_.end(last);
    if (!last.known) refuse_layout();
    report.checks = book_.checks(layout_);
    return report;
  }

  void fetch(std::span<const std::uint64_t> offsets, RowSink& sink, const ReadOptions& options) override {
    blocks_.fetch(offsets, sink, options,
                  [this](const FixedFormat::State& state, const BlockText& text, std::span<const std::uint64_t> wanted,
                         Emitter& out) { format_.parse_at(state, text, wanted, out); });
    file_.require_unchanged();
  }

 private:
  // Whether some record of the file is of the layout, looking no further than the first.
  bool any_known() const {
    std::vector<char> buffer(std::size_t{1} << 18);
    FixedFormat::State state = format_.initial();
    for (std::uint64_t at = format_.data_start(); at < file_.size() && !state.known;) {
      const std::size_t got = file_.read_at(at, buffer.data(), buffer.size());
      state = format_.scan(std::move(state), {buffer.data(), got}, at);
      at += got;
    }
    format_.end(state);
    return state.known;
  }

  [[noreturn]] void refuse_layout() const {
    std::string tags;
    for (const FixedRecord& record : layout_.records) tags += (tags.empty() ? "" : ", ") + record.tag;
    std::vector<char> buffer(4096);
    const std::size_t got = file_.read_at(format_.data_start(), buffer.data(), buffer.size());
    std::string_view head(buffer.data(), got);
    head.remove_prefix(std::min(head.find_first_not_of(" \t\r\n"), head.size()));
    const std::string_view first = head.substr(0, std::min<std::size_t>(head.find_first_of("\r\n"), 80));
    throw Error(ErrorCode::layout_mismatch,
                "no record of the file is of layout " + layout_.name + " (record types " + tags +
                    "); its text begins with \"" + printable(first) + "\"",
                {file_.path(), 0, 0, -1});
  }

  File file_;
  Layout layout_;
  RowRules rules_;
  FixedBook book_;
  FixedFormat format_;
  BlockReader<FixedFormat> blocks_;
};

}  // namespace

std::unique_ptr<Source> open_fixed(File file, const Layout& layout) {
  return std::make_unique<FixedSource>(std::move(file), layout);
}

}  // namespace cuadre
