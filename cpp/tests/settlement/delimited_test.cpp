// Separated values: the same rows and rejects however the file is cut, however many threads read it.
#include <gtest/gtest.h>

#include <random>

#include "settlement/fixed_cases.hpp"

namespace cuadre {
namespace {

using fixed_cases::TemporaryFile;
using fixed_cases::Texts;
using fixed_cases::TextSink;

Layout plain() {
  Layout layout;
  layout.name = "plain";
  layout.reference.place.column = "reference";
  layout.amount.amount.column = "amount";
  layout.currency.place.column = "currency";
  layout.date.place.column = "date";
  layout.date.form = DateForm::compile("YYYY-MM-DD");
  return layout;
}

struct Outcome {
  Texts rows;
  Texts rejects;
  std::uint64_t records = 0, ignored = 0;
  bool operator==(const Outcome&) const = default;
};

Outcome read(const std::string& path, const Layout& layout, std::uint32_t block_bytes, unsigned threads) {
  auto source = open_file(path, layout);
  TextSink sink;
  ReadOptions options;
  options.block_bytes = block_bytes;
  options.threads = threads;
  const FileReport report = source->read(sink, options);
  Outcome outcome{sink.take(), {}, report.records, report.ignored};
  for (const Reject& item : report.rejects) {
    outcome.rejects.push_back(std::to_string(item.line) + ":" + std::to_string(item.column) + " " +
                              std::string(reject_reasons()[static_cast<std::size_t>(item.reason)].name));
  }
  EXPECT_EQ(report.records, report.rows + report.rejects.size() + report.ignored);
  // What was read can be read again, row by row.
  const auto offsets = [&] {
    TextSink again;
    auto second = open_file(path, layout);
    second->read(again, options);
    return again.offsets();
  }();
  TextSink fetched;
  source->fetch(offsets, fetched, options);
  EXPECT_EQ(fetched.take(), outcome.rows);
  return outcome;
}

// Reads with every cut and number of threads and demands one answer.
Outcome read_all_ways(const std::string& bytes, const Layout& layout = plain()) {
  const TemporaryFile file(bytes);
  const Outcome whole = read(file.path(), layout, 1U << 18, 1);
  for (const std::uint32_t block : {16U, 17U, 23U, 64U, 4096U}) {
    for (const unsigned threads : {1U, 2U, 3U}) EXPECT_EQ(read(file.path(), layout, block, threads), whole) << block;
  }
  return whole;
}

constexpr const char* kHead = "reference,amount,currency,date\n";

TEST(Delimited, ReadsPlainRows) {
  const auto got = read_all_ways(std::string(kHead) + "0001,10.00,COP,2026-03-01\nNA,-5.5,PEN,\n");
  EXPECT_EQ(got.rows, (Texts{"0001|1000|COP|2|25|20513|-2147483648|0", "NA|-550|PEN|3|12|-2147483648|-2147483648|0"}));
  EXPECT_TRUE(got.rejects.empty());
}

TEST(Delimited, LineEndsDoNotMatter) {
  for (const char* end : {"\n", "\r\n", "\r"}) {
    std::string text = "reference,amount,currency,date";
    for (const char* row : {"a,1,COP,", "b,2,COP,", "", "c,3,COP,"}) text += end + std::string(row);
    for (const bool last : {false, true}) {
      const auto got = read_all_ways(text + (last ? end : ""));
      ASSERT_EQ(got.rows.size(), 3U);
      EXPECT_EQ(got.rows[2].substr(0, 12), "c|300|COP|5|") << "line numbers count every line";
    }
  }
}

TEST(Delimited, QuotesHoldSeparatorsQuotesAndLineEnds) {
  const auto got = read_all_ways(std::string(kHead) + "\"a,\"\"b\"\"\n\r\nc\",1,COP,\nx\"y,2,COP,\n\"\",3,COP,\n");
  ASSERT_EQ(got.rows.size(), 2U);
  EXPECT_EQ(got.rows[0].substr(0, 17), "a,\"b\"\n\r\nc|100|COP");
  EXPECT_EQ(got.rows[1].substr(0, 14), "x\"y|200|COP|5|");
  EXPECT_EQ(got.rejects, Texts{"6:1 reference_missing"});
}

TEST(Delimited, BadRowsAreLocatedAndTheRestIsRead) {
  const std::string bad = std::string(kHead) +
                          "a,1\nb,1,COP,,\nc,1E5,COP,\nd,NaN,COP,\ne,8.951,COP,\nf,99999999999999999999,COP,\n" +
                          "g,1,ABC,\nh,1,COP,2026-02-30\ni,1,,\nj,,COP,\n\"k\"x,1,COP,\nl\xFF,1,COP,\n" +
                          std::string("m\0,1,COP,\n", 10) + "n,8.95000,COP,\n\"o,1,COP,\n";
  const auto got = read_all_ways(bad);
  EXPECT_EQ(got.rows.size(), 1U);
  EXPECT_EQ(got.rejects, (Texts{"2:2 fields_missing", "3:5 fields_surplus", "4:2 amount_invalid", "5:2 amount_invalid",
                                "6:2 amount_inexact", "7:2 amount_overflow", "8:3 currency_unknown", "9:4 date_invalid",
                                "10:3 currency_missing", "11:2 amount_missing", "12:1 quote_stray",
                                "13:1 encoding_invalid", "14:0 nul_byte", "16:1 quote_unclosed"}));
}

TEST(Delimited, ALongRecordIsARejectAndReadingGoesOn) {
  Layout layout = plain();
  layout.record_bytes_max = 200;
  const auto got = read_all_ways(std::string(kHead) + "a,1,COP,\n" + std::string(9000, 'x') + "\nb,2,COP,\n", layout);
  EXPECT_EQ(got.rows.size(), 2U);
  EXPECT_EQ(got.rejects, Texts{"3:0 record_too_long"});
}

TEST(Delimited, SingleByteEncodingsAreDecoded) {
  Layout layout = plain();
  layout.encoding = Encoding::windows1252;
  const auto got = read_all_ways(std::string(kHead) + "a\xF1o \x80,1,COP,\nb\x81,1,COP,\n", layout);
  ASSERT_EQ(got.rows.size(), 1U);
  EXPECT_EQ(got.rows[0].substr(0, 12), "a\xC3\xB1o \xE2\x82\xAC|100");
  EXPECT_EQ(got.rejects, Texts{"3:1 encoding_invalid"});
}

TEST(Delimited, HeaderFaultsAreErrors) {
  const auto code = [](const std::string& bytes) {
    const TemporaryFile file(bytes);
    try {
      open_file(file.path(), plain());
    } catch (const Error& error) {
      return std::string(name(error.code())) + ": " + error.what();
    }
    return std::string("none");
  };
  EXPECT_NE(code("referencia,amount,currency,date\n").find("closest is \"referencia\""), std::string::npos);
  EXPECT_EQ(code("reference,amount,amount,currency,date\n").substr(0, 15), "column_repeated");
  EXPECT_EQ(code("\xFF\xFEr\0").substr(0, 20), "encoding_unsupported");
}

TEST(Delimited, HeadersThatCannotBeOneAreErrors) {
  const auto code_of = [](const std::string& bytes, const Layout& layout = plain()) {
    const TemporaryFile file(bytes);
    try {
      open_file(file.path(), layout);
    } catch (const Error& error) {
      return std::string(name(error.code()));
    }
    return std::string("none");
  };
  const std::string row = "A1,1,COP,2026-03-01\n";
  EXPECT_EQ(code_of("reference,amount,currency,\"date\n" + row), "layout_mismatch");     // would swallow the file
  EXPECT_EQ(code_of("reference,amount,currency,\"date\"x\n" + row), "layout_mismatch");  // text behind a quote
  EXPECT_EQ(code_of("\nreference,amount,currency,date\n" + row), "layout_mismatch");
  EXPECT_EQ(code_of(std::string("r\0e\0f\0,\0\n\0", 10)), "encoding_unsupported");
  Layout tight = plain();
  tight.record_bytes_max = 29;
  EXPECT_EQ(code_of("reference,amount,currency,date\r\n" + row, tight), "layout_mismatch");
  tight.record_bytes_max = 30;
  EXPECT_EQ(code_of("reference,amount,currency,date\r\n" + row, tight), "none");
  Layout below = plain();
  below.skip_rows = 3;
  EXPECT_EQ(code_of("one\r\ntwo\rthree\nreference,amount,currency,date\n" + row, below), "none");
  EXPECT_EQ(code_of("one\ntwo\nthree", below), "file_empty");
  EXPECT_EQ(code_of("one\ntwo\nthree\n", below), "file_empty");  // no header row
}

TEST(Delimited, LinesAboveTheHeaderMayBeLongerThanARecord) {
  Layout layout = plain();
  layout.skip_rows = 2;
  layout.record_bytes_max = 64;
  const auto read_once =
      read_all_ways(std::string(500, 'x') + "\r\n\nreference,amount,currency,date\nA1,1,COP,\n", layout);
  EXPECT_EQ(read_once.records, 1U);
  EXPECT_TRUE(read_once.rejects.empty());
}

TEST(Delimited, RandomBytesGiveOneAnswer) {
  std::mt19937 random(20260302);
  constexpr std::string_view kPieces[] = {"a",    "12",  ",",    ",",          "\"",       "\n",        "\r",
                                          "\r\n", "COP", "1.00", "x,1,COP,\n", "\xC3\xB1", "\"q\"\"\"", "é"};
  for (int round = 0; round < 60; ++round) {
    std::string text = kHead;
    for (int i = 0; i < 120; ++i) text += kPieces[random() % std::size(kPieces)];
    read_all_ways(text);
  }
}

}  // namespace
}  // namespace cuadre
