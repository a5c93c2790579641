// Rows in through Arrow: what is taken, what is refused and where, whatever the threads.
#include <gtest/gtest.h>

#include <map>
#include <mutex>
#include <string>

#include "cuadre/settlement.hpp"
#include "table/arrow_samples.hpp"

namespace cuadre {
namespace {

Layout plain_layout() {
  Layout layout;
  layout.reference.place.column = "reference";
  layout.amount.amount.column = "amount";
  layout.currency.place.column = "currency";
  layout.currency.place.optional = true;
  layout.date.place.column = "date";
  layout.date.place.optional = true;
  layout.date.form = DateForm::compile("YYYY-MM-DD");
  layout.default_currency = "COP";
  return layout;
}

struct Kept {
  std::string reference;
  std::int64_t amount_minor;
  std::uint64_t offset;
  std::int32_t date;
  RowKind kind;
};

class KeepingSink final : public RowSink {
 public:
  void rows(unsigned, std::uint32_t block, std::span<const Row> rows) override {
    const std::scoped_lock lock(mutex_);
    for (const Row& row : rows) {
      blocks_[block].push_back(
          {std::string(row.reference), row.amount_minor, row.offset_bytes, row.date_days, row.kind});
    }
  }
  std::vector<Kept> all() const {
    std::vector<Kept> out;
    for (const auto& [block, rows] : blocks_) out.insert(out.end(), rows.begin(), rows.end());
    return out;
  }

 private:
  std::mutex mutex_;
  std::map<std::uint32_t, std::vector<Kept>> blocks_;
};

std::unique_ptr<Source> open_table(const Table& table, const Layout& layout = plain_layout()) {
  ArrowArrayStream stream;
  table.export_stream(&stream);
  auto source = open_arrow(&stream, layout, "<ledger>");
  EXPECT_EQ(stream.release, nullptr) << "the source takes the stream over";
  return source;
}

ErrorCode code_of(const Table& table, const Layout& layout = plain_layout(), std::string* message = nullptr) {
  try {
    open_table(table, layout);
  } catch (const Error& error) {
    if (message != nullptr) *message = error.what();
    return error.code();
  }
  ADD_FAILURE() << "nothing was thrown";
  return ErrorCode::cancelled;
}

TEST(ArrowSource, AStreamThatWasReleasedIsAnError) {
  ArrowArrayStream stream;
  ledger(1).export_stream(&stream);
  stream.release(&stream);
  EXPECT_THROW(open_arrow(&stream, plain_layout(), "<ledger>"), Error);
}

TEST(ArrowSource, AFailingProducerIsAnErrorWithItsWords) {
  std::string message;
  EXPECT_EQ(code_of(Table(std::make_shared<FailingSource>()), plain_layout(), &message), ErrorCode::file_unreadable);
  EXPECT_NE(message.find("day.csv: it shrank"), std::string::npos);
}

TEST(ArrowSource, ReadsWhatATableGives) {
  const auto source = open_table(ledger(5));
  EXPECT_EQ(source->extent(), 5U);
  KeepingSink sink;
  const FileReport report = source->read(sink, {});
  EXPECT_EQ(report.file, "<ledger>");
  EXPECT_EQ(report.records, 5U);
  EXPECT_EQ(report.rows, 5U);
  ASSERT_EQ(report.totals.size(), 1U);
  EXPECT_EQ(report.totals[0].amount_minor, 1025);
  const auto rows = sink.all();
  ASSERT_EQ(rows.size(), 5U);
  EXPECT_EQ(rows[3].reference, "R3");
  EXPECT_EQ(rows[3].amount_minor, 305);
  EXPECT_EQ(rows[3].offset, 3U);
  EXPECT_EQ(rows[3].date, 3);
}

TEST(ArrowSource, GivesTheSameWhateverTheThreadsAndBlocks) {
  const Table table = ledger(Table::kBatchRows + 1000);
  for (const unsigned threads : {1U, 4U}) {
    for (const std::uint32_t block_bytes : {64U, 1U << 18U}) {
      ReadOptions options;
      options.threads = threads;
      options.block_bytes = block_bytes;
      const auto source = open_table(table);
      KeepingSink sink;
      EXPECT_EQ(source->read(sink, options).rows, table.rows());
      const auto rows = sink.all();
      for (std::size_t i = 0; i < rows.size(); ++i) ASSERT_EQ(rows[i].offset, i);
      KeepingSink again;
      const std::vector<std::uint64_t> wanted = {0, 1, 65535, 65536, 66535};
      source->fetch(wanted, again, options);
      const auto fetched = again.all();
      ASSERT_EQ(fetched.size(), wanted.size());
      for (std::size_t i = 0; i < wanted.size(); ++i) EXPECT_EQ(fetched[i].reference, "R" + std::to_string(wanted[i]));
    }
  }
}

TEST(ArrowSource, AnEmptyTableHasNoRows) {
  const auto source = open_table(ledger(0));
  KeepingSink sink;
  const FileReport report = source->read(sink, {});
  EXPECT_EQ(report.records, 0U);
  source->fetch({}, sink, {});
}

TEST(ArrowSource, NullsAndBadCellsAreRejectsWithTheirPlace) {
  TableBuilder builder(
      {{"currency", ColumnType::utf8}, {"reference", ColumnType::utf8}, {"amount", ColumnType::decimal128, true, 4}});
  builder.row().text("COP").null().decimal(0);
  builder.row().text("COP").text("A").null();
  builder.row().text("COP").text("A").decimal(12345);
  builder.row().text("cop").text("A").decimal(0);
  builder.row().null().text("A").decimal(10000);
  builder.row().text("COP").text(std::string_view("A\0B", 3)).decimal(0);
  builder.row().text("COP").text("A\xFF").decimal(0);
  builder.row().text("COP").text("A").decimal(Int128{1} << 100U);
  const auto source = open_table(builder.finish());
  KeepingSink sink;
  const FileReport report = source->read(sink, {});
  EXPECT_EQ(report.records, 8U);
  ASSERT_EQ(report.rejects.size(), 7U);
  const RejectReason expected[] = {RejectReason::reference_missing, RejectReason::amount_missing,
                                   RejectReason::amount_inexact,    RejectReason::currency_unknown,
                                   RejectReason::nul_byte,          RejectReason::encoding_invalid,
                                   RejectReason::amount_overflow};
  for (std::size_t i = 0; i < 7; ++i) EXPECT_EQ(report.rejects[i].reason, expected[i]) << i;
  EXPECT_EQ(report.rejects[2].offset_bytes, 2U);
  EXPECT_EQ(report.rejects[2].line, 3U);
  EXPECT_EQ(report.rejects[2].column, 3U);
  EXPECT_EQ(report.rejects[2].field, "amount");
  EXPECT_EQ(report.rejects[2].raw_text, "reference=A; amount=1.2345; currency=COP");
  ASSERT_EQ(sink.all().size(), 1U);
  EXPECT_EQ(sink.all()[0].amount_minor, 100);
}

TEST(ArrowSource, NamesTheClosestColumn) {
  TableBuilder builder({{"referense", ColumnType::utf8}, {"amount", ColumnType::int64}});
  std::string message;
  EXPECT_EQ(code_of(builder.finish(), plain_layout(), &message), ErrorCode::column_missing);
  EXPECT_EQ(message, "<ledger>: the table has no column \"reference\"; the closest is \"referense\"");
  TableBuilder twice({{"reference", ColumnType::utf8}, {"reference", ColumnType::utf8}, {"amount", ColumnType::int64}});
  EXPECT_EQ(code_of(twice.finish()), ErrorCode::column_repeated);
  TableBuilder flag({{"reference", ColumnType::utf8}, {"amount", ColumnType::boolean}});
  EXPECT_EQ(code_of(flag.finish(), plain_layout(), &message), ErrorCode::arrow_unsupported);
}

TEST(ArrowSource, WholeNumbersAreWholeUnitsUnlessTheLayoutOrTheNameSaysOtherwise) {
  const auto amount_of = [](const char* column, const Layout& layout) {
    TableBuilder builder({{"reference", ColumnType::int64}, {column, ColumnType::int64}});
    builder.row().integer(-7).integer(1234);
    const auto source = open_table(builder.finish(), layout);
    KeepingSink sink;
    source->read(sink, {});
    EXPECT_EQ(sink.all().at(0).reference, "-7");
    return sink.all().at(0).amount_minor;
  };
  Layout layout = plain_layout();
  EXPECT_EQ(amount_of("amount", layout), 123400);
  EXPECT_EQ(amount_of("amount_minor", layout), 1234);
  layout.amount.negate = true;
  EXPECT_EQ(amount_of("amount_minor", layout), -1234);
  layout = plain_layout();
  layout.amount.form.implied_decimals = 2;
  EXPECT_EQ(amount_of("amount", layout), 1234);
  layout.default_currency = "CLP";
  layout.amount.form.implied_decimals = -1;
  EXPECT_EQ(amount_of("amount", layout), 1234);
}

TEST(ArrowSource, DebitAndCreditColumnsAndDirectionsHoldForNumbers) {
  Layout layout = plain_layout();
  layout.amount.amount = {};
  layout.amount.debit.column = "out";
  layout.amount.credit.column = "in";
  TableBuilder builder(
      {{"reference", ColumnType::utf8}, {"in", ColumnType::int64}, {"out", ColumnType::decimal128, true, 1}});
  builder.row().text("A").integer(3).null();
  builder.row().text("B").null().decimal(15);
  builder.row().text("C").null().null();
  const auto source = open_table(builder.finish(), layout);
  KeepingSink sink;
  const FileReport report = source->read(sink, {});
  ASSERT_EQ(sink.all().size(), 2U);
  EXPECT_EQ(sink.all()[0].amount_minor, 300);
  EXPECT_EQ(sink.all()[1].amount_minor, -150);
  ASSERT_EQ(report.rejects.size(), 1U);
  EXPECT_EQ(report.rejects[0].reason, RejectReason::amount_missing);

  Layout directed = plain_layout();
  directed.amount.direction.column = "way";
  directed.amount.credit_tokens = {"CR"};
  directed.amount.debit_tokens = {"DR"};
  directed.amount.form.sign = SignStyle::none;
  TableBuilder other({{"reference", ColumnType::utf8}, {"amount", ColumnType::int64}, {"way", ColumnType::dictionary}});
  other.row().text("A").integer(1).text("CR");
  other.row().text("B").integer(1).text("DR");
  other.row().text("C").integer(1).text("?");
  other.row().text("D").integer(-1).text("CR");
  KeepingSink ways;
  const FileReport found = open_table(other.finish(), directed)->read(ways, {});
  ASSERT_EQ(ways.all().size(), 2U);
  EXPECT_EQ(ways.all()[1].amount_minor, -100);
  ASSERT_EQ(found.rejects.size(), 2U);
  EXPECT_EQ(found.rejects[0].reason, RejectReason::sign_invalid);
  EXPECT_EQ(found.rejects[1].reason, RejectReason::amount_invalid);
}

TEST(ArrowSource, TooManyRejectsAndCancellingStopTheReading) {
  TableBuilder builder({{"reference", ColumnType::utf8}, {"amount", ColumnType::int64}});
  for (int i = 0; i < 10; ++i) builder.row().null().integer(i);
  const Table table = builder.finish();
  KeepingSink sink;
  ReadOptions options;
  options.rejects_max = 9;
  EXPECT_THROW(open_table(table)->read(sink, options), Error);
  options.rejects_max = 10;
  EXPECT_EQ(open_table(table)->read(sink, options).rejects.size(), 10U);
  Progress progress;
  progress.cancel = true;
  options.progress = &progress;
  EXPECT_THROW(open_table(table)->read(sink, options), Error);
}

}  // namespace
}  // namespace cuadre
