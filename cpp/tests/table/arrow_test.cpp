// Tables out through Arrow and rows in through it: what is built, what is released and when, and what broken input
// does.
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <limits>
#include <map>
#include <mutex>
#include <sstream>
#include <stdexcept>

#include "cuadre/table.hpp"
#include "table/arrow_columns.hpp"

namespace cuadre {
namespace {

using Stream = Owned<ArrowArrayStream>;

Currency cop() { return Currency::of("COP"); }

Stream stream_of(const Table& table) {
  ArrowArrayStream stream;
  table.export_stream(&stream);
  return Stream(&stream);
}

Owned<ArrowArray> next_of(Stream& stream) {
  Owned<ArrowArray> array;
  EXPECT_EQ(stream->get_next(stream.get(), array.get()), 0);
  return array;
}

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

Table ledger(std::size_t rows) {
  TableBuilder table(
      {{"reference", ColumnType::utf8}, {"amount", ColumnType::decimal128, true, 2}, {"date", ColumnType::date32}});
  for (std::size_t i = 0; i < rows; ++i) {
    table.row()
        .text("R" + std::to_string(i))
        .amount(static_cast<Int128>(i) * 100 + 5, cop())
        .date(static_cast<std::int32_t>(i % 20000));
  }
  return table.finish();
}

TEST(ArrowTable, CellsComeBackAsTheyWentIn) {
  TableBuilder builder({{"text", ColumnType::utf8},
                        {"code", ColumnType::dictionary},
                        {"signed", ColumnType::int64},
                        {"unsigned", ColumnType::uint64},
                        {"small", ColumnType::int32},
                        {"day", ColumnType::date32},
                        {"amount", ColumnType::decimal128, true, 3},
                        {"flag", ColumnType::boolean}});
  builder.row()
      .text("ñandú")
      .text("COP")
      .integer(-5)
      .unsigned_integer(UINT64_MAX)
      .integer(7)
      .date(20514)
      .amount(-123456, cop())
      .boolean(true);
  builder.row().null().null().null().null().null().date(kNoDate).null().null();
  builder.row().text("").text("COP").integer(INT64_MIN).integer(0).integer(INT32_MIN).date(-719162).decimal(0).boolean(
      false);
  const Table table = builder.finish();
  ASSERT_EQ(table.rows(), 3U);
  const Batch batch = table.batch(0);
  const auto line = [&](std::size_t row) {
    std::string out;
    for (std::size_t column = 0; column < 8; ++column) batch.append_cell(out += "|", column, row);
    return out;
  };
  EXPECT_EQ(line(0), "|ñandú|COP|-5|18446744073709551615|7|2026-03-02|-1234.560|true");
  EXPECT_EQ(line(1), "||||||||");
  EXPECT_EQ(line(2), "||COP|-9223372036854775808|0|-2147483648|0001-01-01|0.000|false");
  EXPECT_TRUE(batch.is_null(0, 1));
  EXPECT_FALSE(batch.is_null(0, 2));
}

TEST(ArrowTable, MistakesOfTheProgramAreLogicErrors) {
  const auto schema = std::make_shared<TableSchema>(
      TableSchema{{"a", ColumnType::utf8, false}, {"b", ColumnType::decimal128, true, 0}});
  BatchBuilder batch(schema);
  EXPECT_THROW(batch.integer(1), std::logic_error);
  EXPECT_THROW(batch.null(), std::logic_error);
  batch.text("x");
  EXPECT_THROW(batch.amount(100, cop()), std::logic_error) << "a scale of 0 cannot hold centavos";
  EXPECT_THROW(batch.finish(), std::logic_error) << "the row is not complete";
  EXPECT_THROW(BatchBuilder(std::make_shared<TableSchema>()), std::logic_error);
  EXPECT_THROW(ledger(1).batch(1), std::out_of_range);
}

TEST(ArrowTable, EveryStreamIsFreshAndOutlivesTheTable) {
  auto table = std::make_unique<Table>(ledger(3));
  Stream first = stream_of(*table);
  Stream second = stream_of(*table);
  table.reset();
  for (Stream* stream : {&first, &second}) {
    Owned<ArrowArray> array = next_of(*stream);
    ASSERT_TRUE(array);
    EXPECT_EQ(array->length, 3);
    EXPECT_FALSE(next_of(*stream)) << "the end is a released array";
    EXPECT_FALSE(next_of(*stream)) << "and stays the end";
  }
}

TEST(ArrowTable, PartsMayBeMovedAwayAndReleasedInAnyOrder) {
  ArrowArray moved{};
  {
    Stream stream = stream_of(ledger(2));
    Owned<ArrowArray> array = next_of(stream);
    moved = *array->children[0];
    array->children[0]->release = nullptr;
  }
  const auto* offsets = static_cast<const std::int32_t*>(moved.buffers[1]);
  EXPECT_EQ(std::string(static_cast<const char*>(moved.buffers[2]), static_cast<std::size_t>(offsets[2])), "R0R1");
  moved.release(&moved);
  EXPECT_EQ(moved.release, nullptr);
}

TEST(ArrowTable, AReleasedStreamAnswersWithAnError) {
  ArrowArrayStream stream;
  ledger(1).export_stream(&stream);
  stream.release(&stream);
  EXPECT_EQ(stream.release, nullptr);
  ArrowSchema schema{};
  ArrowArray array{};
  EXPECT_EQ(stream.get_schema(&stream, &schema), EINVAL);
  EXPECT_EQ(stream.get_next(&stream, &array), EINVAL);
  EXPECT_EQ(stream.get_last_error(&stream), nullptr);
  EXPECT_THROW(open_arrow(&stream, plain_layout(), "<ledger>"), Error);
}

class FailingSource final : public TableSource {
 public:
  const TableSchema& schema() const noexcept override { return schema_; }
  std::uint64_t rows() const noexcept override { return 10; }
  Batch batch(std::uint64_t, std::size_t) const override {
    throw Error(ErrorCode::file_changed, "it shrank", {"day.csv", 0, 0, -1});
  }

 private:
  TableSchema schema_{{"reference", ColumnType::utf8}, {"amount", ColumnType::int64}};
};

TEST(ArrowTable, AFailureWhileComputingIsAnErrnoWithWords) {
  const Table table(std::make_shared<FailingSource>());
  Stream stream = stream_of(table);
  ArrowArray array{};
  EXPECT_EQ(stream->get_next(stream.get(), &array), EIO);
  EXPECT_STREQ(stream->get_last_error(stream.get()), "day.csv: it shrank");
  std::string message;
  EXPECT_EQ(code_of(table, plain_layout(), &message), ErrorCode::file_unreadable);
  EXPECT_NE(message.find("day.csv: it shrank"), std::string::npos);
}

TEST(ArrowTable, LongTablesLeaveInBatches) {
  const std::size_t rows = Table::kBatchRows + 10;
  Stream stream = stream_of(ledger(rows));
  EXPECT_EQ(next_of(stream)->length, static_cast<std::int64_t>(Table::kBatchRows));
  EXPECT_EQ(next_of(stream)->length, 10);
  EXPECT_FALSE(next_of(stream));
}

TEST(ArrowTable, CsvIsWholeQuotedAndInert) {
  const std::filesystem::path path =
      std::filesystem::temp_directory_path() / ("cuadre_arrow_test_" + std::to_string(::getpid()) + ".csv");
  TableBuilder builder({{"text", ColumnType::utf8}, {"amount", ColumnType::decimal128, true, 2}});
  builder.row().text("a,\"b\"\nc").amount(-5, cop());
  builder.row().text("=1+1").null();
  builder.row().null().amount(100, cop());
  builder.row().text("").amount(0, cop());
  builder.finish().write_csv(path.string());
  std::ifstream file(path, std::ios::binary);
  std::stringstream text;
  text << file.rdbuf();
  EXPECT_EQ(text.str(), "text,amount\r\n\"a,\"\"b\"\"\nc\",-0.05\r\n\"'=1+1\",\r\n,1.00\r\n\"\",0.00\r\n");
  EXPECT_THROW(Table(std::make_shared<FailingSource>()).write_csv(path.string()), Error);
  EXPECT_EQ(std::filesystem::file_size(path), text.str().size()) << "a failed writing leaves what was there";
  std::filesystem::remove(path);
  EXPECT_THROW(ledger(1).write_csv("/no/such/folder/x.csv"), Error);
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

TEST(ArrowColumns, ExactAmountsOfUpTo256Bits) {
  const auto minor = [](Wide value, int scale, int units) {
    std::int64_t out = -1;
    const AmountStatus status = to_minor(value, scale, units, out);
    return status == AmountStatus::ok ? std::to_string(out) : status == AmountStatus::inexact ? "inexact" : "overflow";
  };
  Wide large;  // 895 x 10^57: more than 128 bits
  large.magnitude = {895, 0, 0, 0};
  for (int i = 0; i < 57; ++i) {
    __extension__ using Double = unsigned __int128;
    Double carry = 0;
    for (auto& limb : large.magnitude) {
      carry += static_cast<Double>(limb) * 10;
      limb = static_cast<std::uint64_t>(carry);
      carry >>= 64U;
    }
  }
  EXPECT_EQ(wide_text(large, 59), "8.95" + std::string(57, '0'));
  EXPECT_EQ(minor(large, 59, 2), "895");
  EXPECT_EQ(minor(large, 59, 1), "inexact");
  EXPECT_EQ(minor(large, 20, 2), "overflow");
  EXPECT_EQ(minor({{1U << 31U, 0, 0, 0}, true}, 0, 0), "-2147483648");
  EXPECT_EQ(minor({{std::uint64_t{1} << 63U, 0, 0, 0}, true}, 2, 2),
            std::to_string(std::numeric_limits<std::int64_t>::min()));
  EXPECT_EQ(minor({{std::uint64_t{1} << 63U, 0, 0, 0}, false}, 2, 2), "overflow");
  EXPECT_EQ(minor({{0, 0, 0, 0}, false}, -500, 2), "0");
  EXPECT_EQ(minor({{3, 0, 0, 0}, false}, -2, 2), "30000");
  EXPECT_EQ(wide_text({{3, 0, 0, 0}, true}, -2), "-300");
  EXPECT_EQ(wide_text({{3, 0, 0, 0}, true}, 2), "-0.03");
}

// A column of somebody else's making, built by hand.
TEST(ArrowColumns, BrokenBuffersAreErrorsNotCrashes) {
  ArrowSchema schema{};
  schema.format = "u";
  const ArrowType text = arrow_type(schema);
  std::int32_t falling[] = {0, 5, 2};
  const char letters[] = "abcde";
  const void* buffers[] = {nullptr, falling, letters};
  ArrowArray array{};
  array.length = 2;
  array.n_buffers = 3;
  array.buffers = buffers;
  const ArrowColumn column(text, array, 0, 2);
  EXPECT_EQ(column.text(0), "abcde");
  EXPECT_THROW(column.text(1), Error);
  EXPECT_THROW(ArrowColumn(text, array, 1, 2), Error) << "shorter than its batch";
  array.n_buffers = 2;
  EXPECT_THROW(ArrowColumn(text, array, 0, 2), Error);

  schema.format = "vu";
  const ArrowType views = arrow_type(schema);
  std::int32_t view[] = {20, 0, 1, 0};  // 20 bytes in piece 1, of which there is none
  std::int64_t sizes[] = {5};
  const void* pieces[] = {nullptr, view, letters, sizes};
  array.length = 1;
  array.n_buffers = 4;
  array.buffers = pieces;
  EXPECT_THROW(ArrowColumn(views, array, 0, 1).text(0), Error);
  view[2] = 0;
  EXPECT_THROW(ArrowColumn(views, array, 0, 1).text(0), Error) << "beyond its piece";
}

TEST(ArrowColumns, KnowsTypesByTheirFormat) {
  const auto name_of = [](const char* format) {
    ArrowSchema schema{};
    schema.format = format;
    return arrow_type(schema).name;
  };
  EXPECT_EQ(name_of("d:9,2,32"), "decimal32(9, 2)");
  EXPECT_EQ(name_of("d:38,-2"), "decimal128(38, -2)");
  EXPECT_EQ(name_of("tsu:UTC"), "timestamp");
  EXPECT_EQ(name_of("g"), "float64");
  for (const char* unknown : {"d:9", "d:9,x", "d:9,2,33", "ts", "tsx:", "+l", ""}) {
    ArrowSchema schema{};
    schema.format = unknown;
    EXPECT_EQ(arrow_type(schema).storage, Storage::other) << unknown;
  }
}

}  // namespace
}  // namespace cuadre
