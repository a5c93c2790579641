// Audits over columns: blocks of rows judged by several threads, refusals as values, answers in the order of the rows.
#include "cuadre/signature/column.hpp"

#include <algorithm>
#include <atomic>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "base/threads.hpp"
#include "cuadre/base/text.hpp"
#include "signature/carrier.hpp"
#include "table/arrow_columns.hpp"
#include "table/arrow_memory.hpp"

namespace cuadre {
namespace {

constexpr std::int64_t kGroupRows = 65'536;  // rows that threads share before the next are asked for
constexpr std::int64_t kBlockRows = 2'048;   // rows that one thread takes at once, and a batch of the answer
constexpr std::uint64_t kNoRow = std::numeric_limits<std::uint64_t>::max();

[[noreturn]] void unsupported(const std::string& what) { throw Error(ErrorCode::arrow_unsupported, what); }

void add_header(const Piece& piece, std::vector<std::string>& names) {
  if (piece.from == Piece::From::header && !piece.name.empty()) names.push_back(piece.name);
}

// The headers that readings look for. Others would only be searched in vain, and may be columns of another kind.
std::vector<std::string> header_names(const Verifier& verifier) {
  std::vector<std::string> names;
  for (const Scheme& scheme : verifier.readings()) {
    if (scheme.carrier.in == Carrier::In::header)
      names.insert(names.end(), scheme.carrier.names.begin(), scheme.carrier.names.end());
    for (const Piece& piece : scheme.pieces) add_header(piece, names);
    for (const Piece& piece : scheme.id_at) add_header(piece, names);
    for (const Pin& pin : scheme.pinned) add_header(pin.at, names);
    add_header(scheme.time_at, names);
    add_header(scheme.key_id_at, names);
  }
  return names;
}

struct BoundColumn {
  std::int64_t index = -1;  // in the stream; -1: there is none
  std::string name;
  ArrowType type;
};

// Which columns of the stream are meant, and that their types can be read.
class Binding {
 public:
  Binding(const ArrowSchema& schema, const Verifier& verifier) : columns_(schema.n_children) {
    if (std::string_view(schema.format == nullptr ? "" : schema.format) != "+s")
      unsupported("messages are a table with a column \"body\", not one column");
    const std::vector<std::string> wanted = header_names(verifier);
    for (std::int64_t i = 0; i < columns_; ++i) {
      const ArrowSchema& child = *schema.children[i];
      const BoundColumn column{i, child.name == nullptr ? "" : child.name, arrow_type(child)};
      const auto is = [&](const std::string& name) { return same_header(column.name, name); };
      if (column.name == "body") {
        place(column, body);
      } else if (column.name == "url") {
        place(column, url);
      } else if (column.name == "received_at") {
        place(column, received_at);
      } else if (std::any_of(wanted.begin(), wanted.end(), is)) {
        headers.push_back(column);
      }
    }
    check();
  }

  std::int64_t columns() const noexcept { return columns_; }
  BoundColumn body, url, received_at;
  std::vector<BoundColumn> headers;  // two spellings of a name are two headers

 private:
  static void place(const BoundColumn& column, BoundColumn& at) {
    if (at.index >= 0) throw Error(ErrorCode::column_repeated, "two columns \"" + column.name + "\"");
    at = column;
  }
  static void require(const BoundColumn& column, bool fits, const char* needs) {
    if (fits || column.index < 0 || column.type.values().storage == Storage::nothing) return;
    unsupported("column " + quoted(column.name) + " is " + column.type.name + "; it takes " + needs);
  }
  void check() const {
    if (body.index < 0)
      throw Error(ErrorCode::column_missing, "messages need a column \"body\" with the bytes as they were received");
    const auto readable = [](const BoundColumn& column) {
      const Storage storage = column.type.values().storage;
      return storage == Storage::text || storage == Storage::bytes;
    };
    require(body, readable(body), "binary or strings, the bytes as they were received");
    require(url, readable(url), "strings");
    require(received_at, received_at.type.values().has_clock, "timestamps");
    for (const BoundColumn& header : headers)
      require(header, readable(header) || header.type.values().storage == Storage::whole, "strings or whole numbers");
  }

  std::int64_t columns_;
};

// One batch of the stream and its columns. The buffers are the producer's.
struct HeldBatch {
  HeldBatch(const Binding& binding, Owned<ArrowArray> taken, std::uint64_t first)
      : array(std::move(taken)),
        first_row(first),
        body(column(binding.body)),
        url(column(binding.url)),
        received_at(column(binding.received_at)) {
    for (const BoundColumn& header : binding.headers) headers.push_back(column(header));
  }
  bool null_row(std::int64_t row) const noexcept {
    const void* validity =
        array->null_count == 0 || array->n_buffers < 1 || array->buffers == nullptr ? nullptr : array->buffers[0];
    return validity != nullptr &&
           !bit(static_cast<const std::uint8_t*>(validity), static_cast<std::size_t>(array->offset + row));
  }

  Owned<ArrowArray> array;
  std::uint64_t first_row;
  ArrowColumn body, url, received_at;
  std::vector<ArrowColumn> headers;

 private:
  ArrowColumn column(const BoundColumn& bound) const {
    if (bound.index < 0) return {};
    const ArrowArray* child = array->children == nullptr ? nullptr : array->children[bound.index];
    if (child == nullptr) unsupported("the Arrow data is broken: a batch that does not fit its schema");
    return {bound.type, *child, array->offset, array->length};
  }
};

std::shared_ptr<const TableSchema> answer_schema() {
  static const auto schema = std::make_shared<const TableSchema>(TableSchema{{"verified", ColumnType::boolean, false},
                                                                             {"reason", ColumnType::dictionary},
                                                                             {"key_id", ColumnType::dictionary},
                                                                             {"version", ColumnType::dictionary},
                                                                             {"event_id", ColumnType::utf8},
                                                                             {"signed_at", ColumnType::timestamp_us}});
  return schema;
}

void append_text(BatchBuilder& out, std::string_view text) {
  if (text.empty())
    out.null();
  else
    out.text(text);
}

// Turns rows into messages and verdicts into rows of the answer. One for each block.
class RowJudge {
 public:
  RowJudge(const Verifier& verifier, const Binding& binding, const ColumnOptions& options, const HeldBatch& batch)
      : verifier_(verifier),
        binding_(binding),
        options_(options),
        batch_(batch),
        out_(answer_schema()),
        numbers_(binding.headers.size()) {}

  // False for a moment that cannot be one.
  bool row(std::int64_t at) {
    const bool nothing = batch_.null_row(at);
    std::optional<std::int64_t> now_us = options_.now_us;
    if (!nothing && !batch_.received_at.missing(at)) now_us = batch_.received_at.instant_us(at);
    if (!now_us || *now_us < 0 || *now_us > kMomentMax) return false;
    lines_.clear();
    if (!nothing) take_headers(at);
    const auto text = [&](const ArrowColumn& column) {
      return nothing || column.missing(at) ? std::string_view() : column.text(at);
    };
    append(verifier_.judge({text(batch_.body), lines_, text(batch_.url), options_.method}, *now_us));
    return true;
  }
  Batch finish() { return out_.finish(); }

 private:
  static constexpr std::int64_t kMomentMax = 253'402'300'799'999'999;  // the end of the year 9999

  void take_headers(std::int64_t at) {
    for (std::size_t i = 0; i < batch_.headers.size(); ++i) {
      const ArrowColumn& column = batch_.headers[i];
      if (column.missing(at)) continue;
      std::string_view value;
      if (binding_.headers[i].type.values().storage == Storage::whole)
        value = numbers_[i] = column.readable(at);
      else
        value = column.text(at);
      lines_.push_back({binding_.headers[i].name, value});
    }
  }

  void append(const Verdict& verdict) {
    out_.boolean(!verdict.refused);
    if (verdict.refused) {
      out_.text(name(*verdict.refused));
      for (int i = 0; i < 4; ++i) out_.null();
      return;
    }
    out_.null();
    out_.text(verifier_.key_id(verdict.key));
    append_text(out_, verifier_.readings()[verdict.reading].version);
    append_text(out_, verdict.event_id);
    if (verdict.signed_at_us)
      out_.timestamp(*verdict.signed_at_us);
    else
      out_.null();
  }

  const Verifier& verifier_;
  const Binding& binding_;
  const ColumnOptions& options_;
  const HeldBatch& batch_;
  BatchBuilder out_;
  std::vector<HeaderLine> lines_;
  std::vector<std::string> numbers_;  // as they are written
};

class Audit {
 public:
  Audit(const Verifier& verifier, ArrowArrayStream* stream, const ColumnOptions& options)
      : verifier_(verifier), options_(options), stream_(stream), schema_(take_schema()), binding_(*schema_, verifier) {}

  Table run() {
    while (take_group()) judge_group();
    return table_of(answer_schema(), std::move(answers_));
  }

 private:
  struct Block {
    const HeldBatch* batch;
    std::int64_t first, last;
  };

  [[noreturn]] void failed() {
    const char* words = stream_->get_last_error(stream_.get());
    throw Error(ErrorCode::file_unreadable,
                std::string("the Arrow stream failed: ") + (words == nullptr ? "it does not say why" : words));
  }

  Owned<ArrowSchema> take_schema() {
    if (!stream_) unsupported("the Arrow stream was consumed before; make a new one for each use");
    ArrowSchema taken{};
    if (stream_->get_schema(stream_.get(), &taken) != 0) failed();
    return Owned<ArrowSchema>(&taken);
  }

  // False at the end of the stream.
  bool take_group() {
    group_.clear();
    std::int64_t held = 0;
    while (held < kGroupRows) {
      ArrowArray taken{};
      if (stream_->get_next(stream_.get(), &taken) != 0) failed();
      if (taken.release == nullptr) break;
      Owned<ArrowArray> array(&taken);
      if (array->length < 0 || array->offset < 0 || array->n_children != binding_.columns())
        unsupported("the Arrow data is broken: a batch that does not fit its schema");
      if (array->length == 0) continue;
      held += array->length;
      const auto rows = static_cast<std::uint64_t>(array->length);
      group_.push_back(std::make_unique<HeldBatch>(binding_, std::move(array), rows_));
      rows_ += rows;
    }
    return !group_.empty();
  }

  void judge_group() {
    std::vector<Block> blocks;
    for (const auto& batch : group_) {
      for (std::int64_t first = 0; first < batch->array->length; first += kBlockRows)
        blocks.push_back({batch.get(), first, std::min(first + kBlockRows, batch->array->length)});
    }
    std::vector<std::optional<Batch>> answers(blocks.size());
    std::atomic<std::size_t> next{0};
    std::atomic<std::uint64_t> wrong{kNoRow};  // the first row whose moment cannot be one
    const auto threads = static_cast<unsigned>(
        std::min<std::size_t>(thread_count(options_.threads), std::max<std::size_t>(blocks.size(), 1)));
    run_workers(threads, [&](unsigned) {
      for (std::size_t i = next++; i < blocks.size(); i = next++) {
        if (options_.progress != nullptr && options_.progress->cancel)
          throw Error(ErrorCode::cancelled, "the audit was stopped");
        answers[i] = judge_block(blocks[i], wrong);
      }
    });
    if (wrong != kNoRow)
      throw Error(
          ErrorCode::argument_invalid,
          "row " + std::to_string(wrong) + ": received_at is not between 1970 and 9999; give the moment of arrival");
    for (auto& answer : answers) answers_.push_back(std::move(*answer));
  }

  Batch judge_block(const Block& block, std::atomic<std::uint64_t>& wrong) const {
    RowJudge judge(verifier_, binding_, options_, *block.batch);
    for (std::int64_t at = block.first; at < block.last; ++at) {
      if (judge.row(at)) continue;
      const std::uint64_t row = block.batch->first_row + static_cast<std::uint64_t>(at);
      for (std::uint64_t known = wrong; row < known && !wrong.compare_exchange_weak(known, row);) {
      }
      break;
    }
    return judge.finish();
  }

  const Verifier& verifier_;
  const ColumnOptions& options_;
  Owned<ArrowArrayStream> stream_;
  Owned<ArrowSchema> schema_;
  Binding binding_;
  std::vector<std::unique_ptr<HeldBatch>> group_;
  std::vector<Batch> answers_;
  std::uint64_t rows_ = 0;
};

}  // namespace

Table verify_column(const Verifier& verifier, ArrowArrayStream* stream, const ColumnOptions& options) {
  return Audit(verifier, stream, options).run();
}

}  // namespace cuadre
