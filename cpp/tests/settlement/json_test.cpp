// JSON files: what becomes a row, what a reject, what an error, and that none of it depends on how the file is cut.
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <mutex>
#include <sstream>

#include "base/shared_data.hpp"
#include "settlement/formats/formats.hpp"
#include "settlement/formats/json_check.hpp"

namespace cuadre {
namespace {

namespace fs = std::filesystem;

// Rows as text, so that two readings can be compared whole.
class TextSink final : public RowSink {
 public:
  void rows(unsigned, std::uint32_t block, std::span<const Row> rows) override {
    const std::scoped_lock lock(mutex_);
    for (const Row& row : rows) {
      std::ostringstream text;
      text << row.reference << '|' << row.amount_minor << '|' << row.currency.code() << '|' << row.offset_bytes << '|'
           << row.line << '|' << row.length_bytes << '|' << row.date_days << '|' << static_cast<int>(row.kind);
      found_.push_back({row.offset_bytes, block, text.str()});
    }
  }
  std::vector<std::string> take() {
    std::sort(found_.begin(), found_.end(), [](const auto& a, const auto& b) { return a.offset < b.offset; });
    std::vector<std::string> texts;
    for (auto& item : found_) texts.push_back(item.text);
    return texts;
  }
  std::vector<std::uint64_t> offsets() const {
    std::vector<std::uint64_t> all;
    for (const auto& item : found_) all.push_back(item.offset);
    std::sort(all.begin(), all.end());
    return all;
  }

 private:
  struct Item {
    std::uint64_t offset;
    std::uint32_t block;
    std::string text;
  };
  std::mutex mutex_;
  std::vector<Item> found_;
};

class TemporaryFile {
 public:
  explicit TemporaryFile(std::string_view bytes) {
    std::string name = (fs::temp_directory_path() / "cuadre_json_XXXXXX").string();
    const int descriptor = ::mkstemp(name.data());
    if (descriptor >= 0) ::close(descriptor);
    path_ = name;
    std::ofstream(path_, std::ios::binary) << bytes;
  }
  ~TemporaryFile() { fs::remove(path_); }
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

Layout layout_of(LayoutKind kind) {
  Layout layout;
  layout.name = "test";
  layout.kind = kind;
  layout.reference.place.column = "ref";
  layout.amount.amount.column = "amount.value";
  layout.currency.place.column = "amount.currency";
  return layout;
}

struct Outcome {
  std::vector<std::string> rows;
  std::vector<std::string> rejects;  // reason@offset:line:column field
  std::string error;                 // code@offset:line:column
  std::string message;
  std::uint64_t records = 0, ignored = 0;
};

Outcome read_file(const std::string& path, const Layout& layout, ReadOptions options = {}) {
  Outcome outcome;
  try {
    auto source = open_json(File::open(path), layout);
    TextSink sink;
    const FileReport report = source->read(sink, options);
    outcome.rows = sink.take();
    outcome.records = report.records;
    outcome.ignored = report.ignored;
    EXPECT_EQ(report.records, report.rows + report.ignored + report.rejects.size());
    EXPECT_EQ(report.rows, outcome.rows.size());
    for (const Reject& reject : report.rejects) {
      std::ostringstream text;
      text << reject_reasons()[static_cast<std::size_t>(reject.reason)].name << '@' << reject.offset_bytes << ':'
           << reject.line << ':' << reject.column << ' ' << reject.field;
      outcome.rejects.push_back(text.str());
    }
    TextSink again;
    source->fetch(sink.offsets(), again, options);
    EXPECT_EQ(again.take(), outcome.rows);
  } catch (const Error& error) {
    std::ostringstream text;
    text << name(error.code()) << '@' << error.position().offset_bytes << ':' << error.position().line << ':'
         << error.position().column;
    outcome.error = text.str();
    outcome.message = error.message();
  }
  return outcome;
}

// Reads under every cut and with one to three threads; all must agree.
Outcome read_all_ways(std::string_view bytes, const Layout& layout) {
  const TemporaryFile file(bytes);
  const Outcome first = read_file(file.path(), layout, {1, 1'000'000, 1U << 18, nullptr});
  for (const std::uint32_t block : {16U, 17U, 64U, 4096U, 1U << 18}) {
    if (block < 4096 && bytes.size() > 60'000) continue;  // every block inside one long record reads on to its end
    for (unsigned threads = 1; threads <= 3; ++threads) {
      const Outcome other = read_file(file.path(), layout, {threads, 1'000'000, block, nullptr});
      Outcome expected = first;
      expected.message = other.message;  // it names the temporary file or the first fault in other words
      EXPECT_EQ(other.rows, expected.rows) << block << " bytes, " << threads << " threads";
      EXPECT_EQ(other.rejects, expected.rejects) << block << " bytes, " << threads << " threads";
      EXPECT_EQ(other.error, expected.error) << block << " bytes, " << threads << " threads";
    }
  }
  return first;
}

Outcome array(std::string_view bytes) { return read_all_ways(bytes, layout_of(LayoutKind::json)); }
Outcome lines(std::string_view bytes) { return read_all_ways(bytes, layout_of(LayoutKind::json_lines)); }

// A record with these members besides a good amount.
std::string record(std::string_view members) {
  return "{" + std::string(members) + R"(,"amount":{"value":10,"currency":"COP"}})";
}
std::string valued(std::string_view value) {
  return R"({"ref":"a","amount":{"currency":"COP","value":)" + std::string(value) + "}}";
}

using Texts = std::vector<std::string>;

TEST(Json, ReadsAnArray) {
  const auto found = array(
      "[\n  {\"ref\":\"A-1\",\"amount\":{\"value\":1234.50,\"currency\":\"PEN\"}},\r\n"
      "  {\"ref\": 12345678901234567890123, \"amount\": {\"value\": \"7\", \"currency\": \"COP\"}}\r]\n");
  EXPECT_EQ(found.error, "");
  EXPECT_EQ(found.rows,
            (Texts{"A-1|123450|PEN|4|2|57|-2147483648|0", "12345678901234567890123|700|COP|66|3|77|-2147483648|0"}));
}

TEST(Json, ReadsLines) {
  const auto found =
      lines(record(R"("ref":"a")") + "\r\n\n  \n" + record(R"("ref":"b")") + "\n" + record(R"("ref":"c")"));
  EXPECT_EQ(found.error, "");
  ASSERT_EQ(found.rows.size(), 3U);
  EXPECT_EQ(found.records, 3U);
  EXPECT_TRUE(found.rows[1].starts_with("b|1000|COP|56|4|"));
  EXPECT_TRUE(found.rows[2].starts_with("c|1000|COP|107|5|"));
}

TEST(Json, MarkIsSkipped) {
  EXPECT_EQ(array("\xEF\xBB\xBF[" + record(R"("ref":"a")") + "]").rows.size(), 1U);
  EXPECT_EQ(lines("\xEF\xBB\xBF" + record(R"("ref":"a")")).rows.size(), 1U);
  EXPECT_EQ(array(std::string_view("\xFF\xFE[\0]\0", 6)).error, "encoding_unsupported@0:1:1");
  auto layout = layout_of(LayoutKind::json);
  layout.encoding = Encoding::latin1;
  EXPECT_EQ(read_all_ways("[]", layout).error, "encoding_unsupported@-1:0:0");
}

TEST(Json, StringsAreUnescaped) {
  const auto found =
      array(R"([{"\u0072ef":"a\"\\\/\u00f1\ud83d\ude00\n","amount":{"value":"\u0031","currency":"COP"}}])");
  ASSERT_EQ(found.rows.size(), 1U) << found.error;
  EXPECT_TRUE(found.rows[0].starts_with("a\"\\/\xC3\xB1\xF0\x9F\x98\x80\n|100|COP|1|1|"));
}

TEST(Json, PathsAndExactKeys) {
  const auto exact = array(R"([{"ref":"a","amount":{"value":1,"currency":"COP"},"amount.value":2}])");
  ASSERT_EQ(exact.rows.size(), 1U);
  EXPECT_TRUE(exact.rows[0].starts_with("a|200|"));
  const auto before = array(R"([{"amount.value":2,"ref":"a","amount":{"value":1,"currency":"COP"}}])");
  ASSERT_EQ(before.rows.size(), 1U);
  EXPECT_TRUE(before.rows[0].starts_with("a|200|"));
}

TEST(Json, AmountsAreJudgedByTheirText) {
  const std::vector<std::pair<std::string, std::string>> table = {{"8.95000", ""},
                                                                  {"\"8.95\"", ""},
                                                                  {"-5", ""},
                                                                  {"8.951", "amount_inexact"},
                                                                  {"1E5", "amount_invalid"},
                                                                  {"1e400", "amount_invalid"},
                                                                  {"null", "amount_missing"},
                                                                  {"\"\"", "amount_missing"},
                                                                  {"99999999999999999999", "amount_overflow"},
                                                                  {"true", "value_of_wrong_type"},
                                                                  {"{}", "value_of_wrong_type"},
                                                                  {"[1]", "value_of_wrong_type"},
                                                                  {"\"1\\u0000\"", "nul_byte"},
                                                                  {"\"1,000\"", "amount_invalid"}};
  for (const auto& [value, reason] : table) {
    const auto found = array("[" + valued(value) + "]");
    EXPECT_EQ(found.error, "") << value;
    EXPECT_EQ(found.rejects.empty(), reason.empty()) << value;
    if (!found.rejects.empty()) {
      EXPECT_TRUE(found.rejects[0].starts_with(reason + "@")) << found.rejects[0];
    }
  }
}

TEST(Json, NumbersKeepTheirPointUnderADecimalComma) {
  auto layout = layout_of(LayoutKind::json);
  layout.amount.form.decimal_mark = ',';
  layout.amount.form.grouping = '.';
  const auto found =
      read_all_ways("[" + valued("1.23") + "," + valued("\"1.234,5\"") + "," + valued("1.234") + "]", layout);
  ASSERT_EQ(found.rows.size(), 2U);
  EXPECT_TRUE(found.rows[0].starts_with("a|123|"));
  EXPECT_TRUE(found.rows[1].starts_with("a|123450|"));
  ASSERT_EQ(found.rejects.size(), 1U);
  EXPECT_TRUE(found.rejects[0].starts_with("amount_inexact@"));
}

TEST(Json, RejectsSayWhere) {
  const auto found =
      array("[\n" + valued("true") + ",\n7,\n{\"amount\":{\"value\":1,\"currency\":\"XYZ\"},\"ref\":\"b\"},\n{}]");
  EXPECT_EQ(found.rejects, (Texts{"value_of_wrong_type@2:2:47 amount.value", "json_not_object@56:3:1 ",
                                  "currency_unknown@59:4:34 amount.currency", "reference_missing@110:5:0 ref"}));
}

TEST(Json, RepeatedKeysAreRefusedAtEveryLevel) {
  std::string many = R"("ref":"a")";
  for (int i = 0; i < 100; ++i) many += ",\"k" + std::to_string(i) + "\":0";
  const auto found =
      array("[" + record(R"("ref":"a","\u0072ef":"b")") + "," + record(R"("ref":"a","x":[{"y":1,"y":1}])") + "," +
            record(many) + "," + record(many + ",\"k50\":1") + "," + record(R"("ref":"a","x":{"ref":1})") + "]");
  EXPECT_EQ(found.rows.size(), 2U);
  ASSERT_EQ(found.rejects.size(), 3U);
  for (const auto& reject : found.rejects) EXPECT_TRUE(reject.starts_with("json_key_repeated@")) << reject;
}

TEST(Json, DepthIsCapped) {
  const auto nested = [](std::size_t deep) {
    return record(R"("ref":"a","x":)" + std::string(deep, '[') + std::string(deep, ']'));
  };
  const auto found = array("[" + nested(63) + "," + nested(64) + "," + nested(5000) + "," + nested(1) + "]");
  EXPECT_EQ(found.rows.size(), 2U);
  ASSERT_EQ(found.rejects.size(), 2U);
  EXPECT_TRUE(found.rejects[0].starts_with("json_too_deep@"));
  EXPECT_TRUE(found.rejects[1].starts_with("json_too_deep@"));
  // Deep and malformed is malformed.
  EXPECT_TRUE(array("[" + record(R"("ref":"a","x":)" + std::string(80, '[') + "}" + std::string(79, ']')) + "]")
                  .error.starts_with("json_malformed@"));
  EXPECT_TRUE(array(std::string(100'000, '[')).error.starts_with("json_malformed@100000:"));
}

TEST(Json, BadTextIsAReject) {
  const auto found =
      array("[" + record("\"ref\":\"\xFF\"") + "," + record(R"("ref":"\ud800")") + "," + record(R"("ref":"\udc00")") +
            "," + record(R"("ref":"\ud800\u0041")") + "," + record(R"("ref":"ok")") + "]");
  EXPECT_EQ(found.rows.size(), 1U);
  ASSERT_EQ(found.rejects.size(), 4U);
  EXPECT_EQ(found.rejects[0], "encoding_invalid@1:1:9 ");
  for (const auto& reject : found.rejects) EXPECT_TRUE(reject.starts_with("encoding_invalid@")) << reject;
}

TEST(Json, MalformedArrayIsAnErrorWithItsPlace) {
  const std::string good = record(R"("ref":"a")");
  const std::vector<std::pair<std::string, std::string>> table = {
      {"[" + good + "\n" + good + "]", "json_malformed@52:2:1"},
      {"[" + good + ",\r\n]", "json_malformed@54:2:1"},
      {"[,]", "json_malformed@1:1:2"},
      {"[" + good + "]x", "json_malformed@52:1:53"},
      {"[" + good + "}", "json_malformed@51:1:52"},
      {"[{\"a\":1]", "json_malformed@7:1:8"},
      {"[{\"a\":01}]", "json_malformed@7:1:8"},
      {"[{\"a\":\"b\":1}]", "json_malformed@9:1:10"},
      {"[{\"a\":1.}]", "json_malformed@8:1:9"},
      {"[{\"a\":12abc}]", "json_malformed@8:1:9"},
      {"[{\"a\":\"\t\"}]", "json_malformed@7:1:8"},
      {"[{\"a\":tru}]", "json_malformed@9:1:10"},
      {"[" + good, "json_malformed@51:1:52"},
      {"[" + good + ",{\"a\"", "json_malformed@56:1:57"},
      {"[1", "json_malformed@2:1:3"},
      {"  ", "json_malformed@2:1:3"},
      {"{\"a\":1}\n{\"a\":2}", "json_malformed@8:2:1"},
      {"{\"a\":1", "json_malformed@6:1:7"}};
  for (const auto& [text, error] : table) EXPECT_EQ(array(text).error, error) << text;
}

TEST(Json, RootsThatAreNotRows) {
  const auto found = array("\n {\"data\":[1,2]}");
  EXPECT_TRUE(found.error.starts_with("layout_mismatch@2:"));
  EXPECT_EQ(found.message, "the root is an object, not an array of rows");
  for (const auto* text : {"1", "\"a\"", "null", "true"})
    EXPECT_TRUE(array(text).error.starts_with("layout_mismatch@")) << text;
  EXPECT_EQ(array(" [ ] ").error, "");
  EXPECT_TRUE(lines("\n\n").error.starts_with("file_empty@"));
  EXPECT_TRUE(lines("[{\"ref\":1},\n{\"ref\":2}]").error.starts_with("layout_mismatch@"));
}

TEST(Json, MalformedLineIsAReject) {
  const std::string good = record(R"("ref":"a")");
  const auto found = lines(good + "\n{\"a\":}\nx\n" + good + " {}\n[1]\n" + good + "\n{\"a\":\"");
  EXPECT_EQ(found.rows.size(), 2U);
  EXPECT_EQ(found.rejects, (Texts{"json_malformed@51:2:6 ", "json_malformed@58:3:1 ", "json_malformed@60:4:52 ",
                                  "json_not_object@114:5:1 ", "json_malformed@169:7:7 "}));
}

TEST(Json, LongRecordsAreRejects) {
  auto layout = layout_of(LayoutKind::json);
  layout.record_bytes_max = 100;
  const std::string good = record(R"("ref":"a")");
  const std::string big = record("\"ref\":\"" + std::string(5000, 'x') + "\"");
  const auto found = read_all_ways("[" + good + "," + big + "," + good + ",\"" + std::string(300, '[') + "\"]", layout);
  EXPECT_EQ(found.error, "");
  EXPECT_EQ(found.rows.size(), 2U);
  ASSERT_EQ(found.rejects.size(), 2U);
  EXPECT_TRUE(found.rejects[0].starts_with("record_too_long@52:1:0"));
  layout.kind = LayoutKind::json_lines;
  const auto by_line = read_all_ways(good + "\n" + big + "\n" + good + "\n" + big, layout);
  EXPECT_EQ(by_line.rows.size(), 2U);
  EXPECT_EQ(by_line.rejects.size(), 2U);
}

TEST(Json, TypesTellRowsFromOtherRecords) {
  auto layout = layout_of(LayoutKind::json);
  layout.type.column = "t";
  layout.type_ignored = {"sum"};
  const auto found =
      read_all_ways("[" + record(R"("ref":"a","t":"row")") + R"(,{"t":"sum","amount":{"value":true}}])", layout);
  EXPECT_EQ(found.rows.size(), 1U);
  EXPECT_EQ(found.ignored, 1U);
}

TEST(Json, MissingColumnNamesTheClosest) {
  const auto found = array(R"([{"reff":"a","amount":{"value":1,"currency":"COP"}},{"other":1}])");
  EXPECT_TRUE(found.error.starts_with("column_missing@"));
  EXPECT_NE(found.message.find("\"ref\""), std::string::npos) << found.message;
  EXPECT_NE(found.message.find("\"reff\""), std::string::npos) << found.message;
  const auto path = array(R"([{"ref":"a","amount":{"valor":1,"currency":"COP"}}])");
  EXPECT_NE(path.message.find("\"amount.valor\""), std::string::npos) << path.message;
}

TEST(Json, ManyRecordsAreTheSameUnderEveryCut) {
  std::string text = "[";
  std::string by_line;
  for (int i = 0; i < 700; ++i) {
    const std::string pad(static_cast<std::size_t>(i % 37), ' ');
    std::string one =
        record("\"ref\":\"r\\u00e1\\\"" + std::to_string(i) + "\",\"note\":\"[{\\\\\",\"x\":[1,{\"y\":null}]");
    if (i % 50 == 7) one = "7";
    text += (i == 0 ? "" : ",") + pad + (i % 3 == 0 ? "\r\n" : i % 3 == 1 ? "\r" : "\n") + one;
    by_line += pad + one + (i % 2 == 0 ? "\n" : "\r\n");
  }
  const auto found = array(text + "]");
  EXPECT_EQ(found.error, "");
  EXPECT_EQ(found.rows.size(), 686U);
  EXPECT_EQ(found.rejects.size(), 14U);
  const auto same = lines(by_line);
  EXPECT_EQ(same.rows.size(), 686U);
  EXPECT_EQ(same.rejects.size(), 14U);
}

TEST(JsonCheck, NumbersAreStrict) {
  for (const auto* text : {"0", "-0", "1", "10", "1.0", "-1.5e+10", "0e0", "1E5", "123456789012345678901234567890"}) {
    EXPECT_TRUE(is_json_number(text)) << text;
  }
  for (const auto* text : {"", "-", "+1", "01", "1.", ".5", "1e", "1e+", "0x1", "1 ", "NaN", "--1", "1.5.5", "-01"}) {
    EXPECT_FALSE(is_json_number(text)) << text;
  }
}

// The public JSONTestSuite: y_ files are JSON, n_ files are not, i_ files may be either and must only not crash.
TEST(Json, TestSuite) {
  const fs::path folder = shared_data() / "conformance" / "jsontestsuite" / "test_parsing";
  CUADRE_NEED_DATA(folder);
  std::size_t accepted = 0, refused = 0;
  for (const auto& entry : fs::directory_iterator(folder)) {
    const std::string file = entry.path().filename().string();
    std::ifstream stream(entry.path(), std::ios::binary);
    const std::string bytes((std::istreambuf_iterator<char>(stream)), {});
    SCOPED_TRACE(file);
    const Outcome found = array(bytes);
    const bool malformed = found.error.starts_with("json_malformed@");
    const bool reject = std::any_of(found.rejects.begin(), found.rejects.end(),
                                    [](const std::string& text) { return text.starts_with("json_malformed@"); });
    EXPECT_FALSE(reject) << file << ": a malformed array is an error for the file";
    if (file[0] == 'y') {
      EXPECT_FALSE(malformed) << file << ' ' << found.error;
      ++accepted;
    } else if (file[0] == 'n') {
      EXPECT_TRUE(malformed || (bytes.empty() && found.error.starts_with("file_empty@"))) << file << ' ' << found.error;
      ++refused;
    }
  }
  EXPECT_EQ(accepted, 95U);
  EXPECT_EQ(refused, 188U);
}

}  // namespace
}  // namespace cuadre
