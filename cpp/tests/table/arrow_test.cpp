// Tables out through Arrow: what is built, what is released and when, and what broken input does.
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
#include "table/arrow_samples.hpp"

namespace cuadre {
namespace {

Owned<ArrowArray> next_of(Stream& stream) {
  Owned<ArrowArray> array;
  EXPECT_EQ(stream->get_next(stream.get(), array.get()), 0);
  return array;
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
      .decimal(-123456, 2)
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
  EXPECT_THROW(batch.decimal(100, 2), std::logic_error) << "a scale of 0 holds no decimals";
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
}

TEST(ArrowTable, AFailureWhileComputingIsAnErrnoWithWords) {
  const Table table(std::make_shared<FailingSource>());
  Stream stream = stream_of(table);
  ArrowArray array{};
  EXPECT_EQ(stream->get_next(stream.get(), &array), EIO);
  EXPECT_STREQ(stream->get_last_error(stream.get()), "day.csv: it shrank");
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
  builder.row().text("a,\"b\"\nc").decimal(-5, 2);
  builder.row().text("=1+1").null();
  builder.row().null().decimal(100, 2);
  builder.row().text("").decimal(0, 2);
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

TEST(ArrowColumns, ExactAmountsOfUpTo256Bits) {
  const auto minor = [](Wide value, int scale, int units) {
    std::int64_t out = -1;
    const DecimalFit fit = to_decimals(value, scale, units, out);
    return fit == DecimalFit::exact ? std::to_string(out) : fit == DecimalFit::inexact ? "inexact" : "overflow";
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
