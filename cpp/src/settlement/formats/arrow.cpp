// Rows from an Arrow stream. All batches are taken when the source is opened (they are their producer's memory, not
// copies) and kept.
#include <algorithm>
#include <atomic>
#include <cstring>
#include <mutex>

#include "money/table_amounts.hpp"
#include "settlement/blocks.hpp"
#include "settlement/formats/arrow_binding.hpp"

namespace cuadre {
namespace {

// Rows are judged in this order; a fault that stands first is the one reported, as for files.
enum Order : int { kTypeFirst, kReference, kCurrency, kAmount, kDirection, kDate, kBooked, kKind, kNoFault };

int order_of(const RowRules::Verdict& verdict) noexcept {
  if (verdict.outcome == RowRules::Outcome::row) return kNoFault;
  switch (verdict.field) {
    case Field::type:
      return kTypeFirst;
    case Field::reference:
      return kReference;
    case Field::currency:
      return kCurrency;
    case Field::amount:
    case Field::debit:
    case Field::credit:
      return kAmount;
    case Field::direction:
      return kDirection;
    case Field::date:
      return kDate;
    case Field::booked_date:
      return kBooked;
    case Field::kind:
      return kKind;
  }
  return kNoFault;
}

RowRules::Verdict fault(RejectReason reason, Field field) noexcept {
  return {RowRules::Outcome::fault, reason, field, 0};
}

// Runs `work` and puts the label on a failure that does not know where it stands.
template <class Work>
auto labelled(const std::string& label, Work&& work) {
  try {
    return work();
  } catch (const Error& error) {
    if (!error.position().file.empty()) throw;
    throw Error(error.code(), error.message(), {label, 0, 0, -1});
  }
}

struct HeldBatch {
  Owned<ArrowArray> array;
  std::uint64_t first_row = 0;
  std::array<ArrowColumn, kFieldCount> columns;

  bool null_row(std::int64_t row) const noexcept {
    const void* validity =
        array->null_count == 0 || array->n_buffers < 1 || array->buffers == nullptr ? nullptr : array->buffers[0];
    return validity != nullptr &&
           !bit(static_cast<const std::uint8_t*>(validity), static_cast<std::size_t>(array->offset + row));
  }
};

// Turns one row of a batch into a Row or a fault. One for each thread: it holds the text of cells that are not text.
class RowReader {
 public:
  RowReader(const ArrowBinding& binding, const RowRules& rules) : binding_(binding), rules_(rules) {}

  void read(const HeldBatch& batch, std::int64_t at, Emitter& out) {
    Row row{};
    row.offset_bytes = batch.first_row + static_cast<std::uint64_t>(at);
    row.line = row.offset_bytes + 1;
    row.date_days = row.booked_days = kNoDate;
    const RowRules::Verdict verdict = judge(batch, at, row);
    if (verdict.outcome == RowRules::Outcome::ignored) {
      out.ignored();
    } else if (verdict.outcome == RowRules::Outcome::fault) {
      reject(verdict, batch, at, row, out);
    } else {
      if (binding_[Field::reference].type.values().storage != Storage::text)
        row.reference = out.keep(std::string(row.reference));
      out.row(row);
    }
  }

 private:
  RowRules::Verdict judge(const HeldBatch& batch, std::int64_t at, Row& row) {
    const bool null_row = batch.null_row(at);
    const Cells cells = cells_of(batch, at, null_row);
    const auto date = day(batch, at, null_row, Field::date, row.date_days);
    const auto booked = day(batch, at, null_row, Field::booked_date, row.booked_days);
    const RowRules::Verdict verdict = rules_.build(cells, row);
    if (verdict.outcome == RowRules::Outcome::ignored) return verdict;
    const int order = order_of(verdict);
    if (binding_.native_amount() && order > kAmount) {
      const auto amount = native_amount(batch, at, null_row, row);
      if (amount.outcome == RowRules::Outcome::fault) return amount;
    }
    if (order > kDate && date.outcome == RowRules::Outcome::fault) return date;
    if (order > kBooked && booked.outcome == RowRules::Outcome::fault) return booked;
    if (order == kNoFault) return text_of_reference(row.reference);
    return verdict;
  }

  // Cells as text. An amount that is a number stands as "1": the rules then say what it would be worth, and with which
  // sign.
  Cells cells_of(const HeldBatch& batch, std::int64_t at, bool null_row) {
    Cells cells{};
    for (const Field field : binding_.text_fields()) {
      const auto index = static_cast<std::size_t>(field);
      const ArrowColumn& column = batch.columns[index];
      if (null_row || column.missing(at)) {
        cells[index] = std::string_view("", 0);
      } else if (binding_[field].type.values().storage == Storage::text) {
        cells[index] = column.text(at);
      } else {
        scratch_[index] = column.readable(at);
        cells[index] = scratch_[index];
      }
    }
    if (binding_.native_amount()) cells[static_cast<std::size_t>(Field::amount)] = "1";
    return cells;
  }

  // A date that is a number of days, checked against the years that written dates may have.
  RowRules::Verdict day(const HeldBatch& batch, std::int64_t at, bool null_row, Field field, std::int32_t& days) const {
    constexpr std::int64_t kFirst = -25567;  // 1900-01-01
    constexpr std::int64_t kLast = 84005;    // 2199-12-31
    const ArrowColumn& column = batch.columns[static_cast<std::size_t>(field)];
    if (!binding_.native_date(field) || null_row || column.missing(at)) return {RowRules::Outcome::row, {}, {}, 0};
    const std::int64_t day = column.day(at);
    if (day < kFirst || day > kLast) return fault(RejectReason::date_invalid, field);
    days = static_cast<std::int32_t>(day);
    return {RowRules::Outcome::row, {}, {}, 0};
  }

  // Replaces the amount of the "1" by the true one, keeping its sign.
  RowRules::Verdict native_amount(const HeldBatch& batch, std::int64_t at, bool null_row, Row& row) const {
    const bool negate = row.amount_minor < 0;
    const bool split = !binding_[Field::amount].bound();
    std::int64_t in = 0;
    std::int64_t out = 0;
    const AmountStatus credit = number(batch, at, null_row, split ? Field::credit : Field::amount, row.currency, in);
    const AmountStatus debit =
        split ? number(batch, at, null_row, Field::debit, row.currency, out) : AmountStatus::empty;
    const auto failed = [](AmountStatus status) { return status != AmountStatus::ok && status != AmountStatus::empty; };
    if (failed(credit)) return fault(amount_reason(credit), split ? Field::credit : Field::amount);
    if (failed(debit)) return fault(amount_reason(debit), Field::debit);
    if (credit == AmountStatus::empty && debit == AmountStatus::empty) {
      return fault(RejectReason::amount_missing, split ? Field::credit : Field::amount);
    }
    if (__builtin_sub_overflow(in, out, &row.amount_minor) ||
        (negate && __builtin_sub_overflow(std::int64_t{0}, row.amount_minor, &row.amount_minor))) {
      return fault(RejectReason::amount_overflow, split ? Field::credit : Field::amount);
    }
    return {RowRules::Outcome::row, {}, {}, 0};
  }

  AmountStatus number(const HeldBatch& batch, std::int64_t at, bool null_row, Field field, Currency currency,
                      std::int64_t& minor) const {
    const ArrowColumn& column = batch.columns[static_cast<std::size_t>(field)];
    if (null_row || column.missing(at)) return AmountStatus::empty;
    const Wide value = column.wide(at);
    if (value.negative && binding_.unsigned_amounts()) return AmountStatus::invalid;
    return to_minor(value, binding_.scale(field, currency), currency.minor_units(), minor);
  }

  static RejectReason amount_reason(AmountStatus status) noexcept {
    if (status == AmountStatus::overflow) return RejectReason::amount_overflow;
    return status == AmountStatus::inexact ? RejectReason::amount_inexact : RejectReason::amount_invalid;
  }

  // What leaves as text must be text, whatever the producer called it.
  static RowRules::Verdict text_of_reference(std::string_view text) noexcept {
    if (std::memchr(text.data(), 0, text.size()) != nullptr) return fault(RejectReason::nul_byte, Field::reference);
    if (!is_ascii(text) && !is_utf8(text)) return fault(RejectReason::encoding_invalid, Field::reference);
    return {RowRules::Outcome::row, {}, {}, 0};
  }

  void reject(const RowRules::Verdict& verdict, const HeldBatch& batch, std::int64_t at, const Row& row,
              Emitter& out) const {
    std::string text;
    const bool null_row = batch.null_row(at);
    for (std::size_t i = 0; i < kFieldCount; ++i) {
      const BoundColumn& bound = binding_[static_cast<Field>(i)];
      if (!bound.bound()) continue;
      if (!text.empty()) text += "; ";
      text += bound.name + "=" + (null_row ? "null" : batch.columns[i].readable(at));
    }
    const BoundColumn& bound = binding_[verdict.field];
    out.reject(verdict.reason, row.offset_bytes, row.line,
               bound.bound() ? static_cast<std::uint64_t>(bound.index) + 1 : 0,
               bound.bound() ? std::string_view(bound.name) : name(verdict.field), text, text.size());
  }

  const ArrowBinding& binding_;
  const RowRules& rules_;
  std::array<std::string, kFieldCount> scratch_;
};

class ArrowSource final : public Source {
 public:
  ArrowSource(ArrowArrayStream* stream, const Layout& layout, std::string label)
      : label_(std::move(label)),
        stream_(stream),
        schema_(take_schema()),
        binding_(*schema_, layout),
        rules_(binding_.layout()) {
    while (take_batch()) {
    }
  }

  const std::string& label() const noexcept override { return label_; }
  std::uint64_t extent() const noexcept override { return rows_; }
  std::uint64_t rows_estimate() const noexcept override { return rows_; }

  FileReport read(RowSink& sink, const ReadOptions& options) override {
    block_rows_ = std::max<std::uint64_t>(options.block_bytes / kBytesPerRow, 1);
    FileReport report;
    report.file = label_;
    RejectBudget budget{options.rejects_max};
    const std::uint64_t blocks = (rows_ + block_rows_ - 1) / block_rows_;
    in_threads(options, blocks, sink, budget, report, [&](std::uint64_t block, RowReader& reader, Emitter& out) {
      const std::uint64_t first = block * block_rows_;
      const std::uint64_t last = std::min(first + block_rows_, rows_);
      out.begin(static_cast<std::uint32_t>(block));
      for (std::uint64_t row = first; row < last;) {
        const HeldBatch& batch = batch_of(row);
        const std::uint64_t end = std::min(last, batch.first_row + static_cast<std::uint64_t>(batch.array->length));
        for (; row < end; ++row) reader.read(batch, static_cast<std::int64_t>(row - batch.first_row), out);
      }
      if (options.progress != nullptr) options.progress->done_bytes += last - first;
    });
    return report;
  }

  void fetch(std::span<const std::uint64_t> offsets, RowSink& sink, const ReadOptions& options) override {
    std::vector<std::size_t> starts;  // of each block's share in `offsets`
    for (std::size_t i = 0; i < offsets.size(); ++i) {
      if (offsets[i] >= rows_) throw Error(ErrorCode::argument_invalid, "a row outside the table", {label_, 0, 0, -1});
      if (i == 0 || offsets[i] / block_rows_ != offsets[i - 1] / block_rows_) starts.push_back(i);
    }
    FileReport found;
    RejectBudget budget{1};
    in_threads(options, starts.size(), sink, budget, found, [&](std::uint64_t share, RowReader& reader, Emitter& out) {
      const std::size_t first = starts[share];
      const std::size_t last = share + 1 < starts.size() ? starts[share + 1] : offsets.size();
      out.begin(static_cast<std::uint32_t>(offsets[first] / block_rows_));
      for (std::size_t i = first; i < last; ++i) {
        const HeldBatch& batch = batch_of(offsets[i]);
        reader.read(batch, static_cast<std::int64_t>(offsets[i] - batch.first_row), out);
      }
    });
    if (found.rows != offsets.size()) {
      throw Error(ErrorCode::file_changed, "the rows are no longer where they were read", {label_, 0, 0, -1});
    }
  }

 private:
  static constexpr std::uint64_t kBytesPerRow = 32;  // what a block's size means in rows: 8192 of them by default

  // Calls work(item, reader, emitter) for items 0 .. count - 1, each thread taking the next.
  template <class Work>
  void in_threads(const ReadOptions& options, std::uint64_t count, RowSink& sink, RejectBudget& budget,
                  FileReport& report, Work&& work) {
    std::atomic<std::uint64_t> next{0};
    std::mutex mutex;
    const auto threads = static_cast<unsigned>(
        std::min<std::uint64_t>(thread_count(options.threads), std::max<std::uint64_t>(count, 1)));
    const auto run = [&](unsigned worker) {
      Emitter emitter(sink, worker, budget, label_);
      RowReader reader(binding_, rules_);
      for (std::uint64_t item = next++; item < count; item = next++) {
        if (options.progress != nullptr && options.progress->cancel)
          throw Error(ErrorCode::cancelled, "reading was stopped");
        work(item, reader, emitter);
        emitter.flush();
      }
      const std::scoped_lock lock(mutex);
      emitter.report(report);
    };
    labelled(label_, [&] { run_workers(threads, run); });
  }

  const HeldBatch& batch_of(std::uint64_t row) const noexcept {
    const auto after =
        std::upper_bound(batches_.begin(), batches_.end(), row,
                         [](std::uint64_t wanted, const HeldBatch& batch) { return wanted < batch.first_row; });
    return *std::prev(after);
  }

  [[noreturn]] void stream_failed() {
    const char* words = stream_->get_last_error(stream_.get());
    throw Error(ErrorCode::file_unreadable,
                std::string("the Arrow stream failed: ") + (words == nullptr ? "it does not say why" : words),
                {label_, 0, 0, -1});
  }

  Owned<ArrowSchema> take_schema() {
    if (!stream_) {
      throw Error(ErrorCode::arrow_unsupported, "the Arrow stream was consumed before; make a new one for each use",
                  {label_, 0, 0, -1});
    }
    Owned<ArrowSchema> schema;
    if (stream_->get_schema(stream_.get(), schema.get()) != 0) stream_failed();
    return schema;
  }

  bool take_batch() {
    Owned<ArrowArray> array;
    if (stream_->get_next(stream_.get(), array.get()) != 0) stream_failed();
    if (!array) return false;
    if (array->length == 0) return true;
    if (array->n_children != schema_->n_children || array->length < 0 || array->offset < 0) {
      throw Error(ErrorCode::arrow_unsupported, "the Arrow data is broken: a batch that does not fit its schema",
                  {label_, 0, 0, -1});
    }
    HeldBatch batch{std::move(array), rows_, {}};
    for (std::size_t i = 0; i < kFieldCount; ++i) {
      const BoundColumn& bound = binding_[static_cast<Field>(i)];
      if (!bound.bound()) continue;
      batch.columns[i] =
          ArrowColumn(bound.type, *batch.array->children[bound.index], batch.array->offset, batch.array->length);
    }
    rows_ += static_cast<std::uint64_t>(batch.array->length);
    batches_.push_back(std::move(batch));
    return true;
  }

  std::string label_;
  Owned<ArrowArrayStream> stream_;
  Owned<ArrowSchema> schema_;
  ArrowBinding binding_;
  RowRules rules_;
  std::vector<HeldBatch> batches_;
  std::uint64_t rows_ = 0;
  std::uint64_t block_rows_ = 8192;
};

}  // namespace

std::unique_ptr<Source> open_arrow(ArrowArrayStream* stream, const Layout& layout, std::string label) {
  return labelled(label, [&] { return std::make_unique<ArrowSource>(stream, layout, label); });
}

}  // namespace cuadre
