// Fixed-width files: what becomes a row and what a reject, and that none of it depends on how the file is cut.
#include "settlement/fixed_cases.hpp"

namespace cuadre {
namespace {

using namespace fixed_cases;

TEST(Fixed, AGoodDayBalances) {
  for (const char* end : {"\n", "\r\n", "\r"}) {
    const auto found = read(joined(good_day(), end));
    EXPECT_EQ(found.error, "");
    EXPECT_EQ(found.rows, (Texts{row("100", 5000000, 3), row("101", 1, 4)}));
    EXPECT_EQ(found.rejects, Texts{});
    EXPECT_EQ(found.checks,
              (Texts{"NIT check digit@1: 8 / 8", "service code check digit@2: 7 / 7", "lot 0001 count@5: 2 / 2",
                     "lot 0001 value@5: 50000.01 / 50000.01", "lot 0001 number@5: 0001 / 0001", "file count@6: 2 / 2",
                     "file value@6: 50000.01 / 50000.01"}));
  }
}

TEST(Fixed, TrimmedLinesAndACutLastLine) {
  Texts records = good_day();
  for (auto& item : records) item.resize(item.find_last_not_of(' ') + 1);
  records[2].resize(94);
  std::string text = joined(records);
  text.resize(text.size() - 2);
  const auto found = read(text);
  EXPECT_EQ(found.rows, (Texts{row("100", 5000000, 3, 94), row("101", 1, 4, 97)}));
  EXPECT_EQ(found.failed(), Texts{});
  EXPECT_EQ(found.rejects, Texts{});
}

TEST(Fixed, TrailingBlanksBeyondTheLengthAreFine) {
  Texts records = good_day();
  for (auto& item : records) item = padded(item, 256);
  const auto found = read(records);
  EXPECT_EQ(found.rows.size(), 2U);
  EXPECT_EQ(found.failed(), Texts{});
}

TEST(Fixed, BlankLinesArePassedOver) {
  Texts records = good_day();
  records.insert(records.begin() + 3, {"", "   \t", std::string(300, ' ')});
  records.emplace_back();
  const auto found = read(records);
  EXPECT_EQ(found.rows, (Texts{row("100", 5000000, 3), row("101", 1, 7)}));
  EXPECT_EQ(found.records, 2U);
  EXPECT_EQ(found.failed(), Texts{});
}

TEST(Fixed, BlankReferenceIsARejectThatStillCounts) {
  Texts records = good_day();
  records[2].replace(2, 48, std::string(48, ' '));
  const auto found = read(records);
  EXPECT_EQ(found.rejects, Texts{"reference_missing@3:3 reference 162"});
  EXPECT_EQ(found.failed(), Texts{});
  EXPECT_EQ(found.checks[2], "lot 0001 count@5: 2 / 2 (1 rejected)");
  EXPECT_EQ(found.checks[3], "lot 0001 value@5: 50000.01 / 50000.01");
}

TEST(Fixed, BadAmountIsARejectAndTheValueSaysSo) {
  Texts records = good_day();
  records[2][60] = 'O';
  const auto found = read(records);
  EXPECT_EQ(found.rejects, Texts{"amount_invalid@3:61 amount 162"});
  EXPECT_EQ(found.failed(), (Texts{"lot 0001 value@5: 50000.01 / 0.01 (1 rejected without an amount) !",
                                   "file value@6: 50000.01 / 0.01 (1 rejected without an amount) !"}));
}

TEST(Fixed, BlanksAroundAReferenceArePadding) {
  Texts records = good_day();
  records[2].replace(2, 48, padded("  AB 7", 48));
  EXPECT_TRUE(read(records).rows[0].starts_with("AB 7|5000000|"));
}

TEST(Fixed, ReturnCausesAreReversals) {
  const auto found = read(Texts{file_header(), lot_header(), detail("1", 100, "   "), detail("2", 100, "000"),
                                detail("3", 100, "R01"), lot_control(3, 300), file_control(3, 300)});
  EXPECT_EQ(found.rows, (Texts{row("1", 100, 3), row("2", 100, 4), row("3", 100, 5, 162, 2)}));
}

TEST(Fixed, CodesOutsideTheTablesAreData) {
  Texts records = good_day();
  records[2].replace(64, 4, "3153");
  records[2].replace(80, 3, "PSE");
  EXPECT_EQ(read(records).rows.size(), 2U);
}

TEST(Fixed, LengthsAreChecked) {
  Texts records = good_day();
  records[2].resize(93);
  records[3] += "    x";
  records[1] += "y";
  records[5].resize(28);
  const auto found = read(records);
  EXPECT_EQ(found.rejects, (Texts{"record_too_short@3:94  93", "record_surplus@4:167  167"}));
  const Texts failed = found.failed();
  EXPECT_EQ(failed[0], "05 length@2: 162 or less / 163, not blank behind 162 !");
  EXPECT_EQ(std::count(failed.begin(), failed.end(), "09 length@6: 29 or more / 28 !"), 1);
  EXPECT_TRUE(
      std::any_of(failed.begin(), failed.end(), [](const auto& text) { return text.starts_with("file value@6"); }));
}

TEST(Fixed, ARecordThatEndsInsideItsAmountIsRefused) {
  Layout layout = asobancaria();
  layout.records[2].minimum_length = 10;
  Texts records = good_day();
  records[2].resize(60);
  EXPECT_EQ(read(records, layout).rejects, Texts{"record_too_short@3:61 amount 60"});
}

TEST(Fixed, UnknownRecordsAndStrangeBytesAreRejects) {
  Texts records = good_day();
  records.insert(records.begin() + 2, {padded("07what"), "0", "garbage"});
  records[5][10] = '\0';
  const auto found = read(records);
  EXPECT_EQ(found.rejects,
            (Texts{"record_unknown@3:1  162", "record_unknown@4:1  1", "record_unknown@5:1  7", "nul_byte@6:11  162"}));
  EXPECT_EQ(found.rows.size(), 1U);
}

TEST(Fixed, SingleByteTextIsDecodedAndShiftsNothing) {
  Texts records = good_day();
  records[2].replace(2, 4, "NI\xD1O");
  EXPECT_TRUE(read(records).rows[0].starts_with("NI\xC3\x91O0"));
  EXPECT_NE(read(records).rows[0].find("|5000000|"), std::string::npos);
  Layout layout = asobancaria();
  layout.encoding = Encoding::windows1252;
  records[2][5] = '\x81';
  EXPECT_EQ(read(records, layout).rejects, Texts{"encoding_invalid@3:0  162"});
}

TEST(Fixed, CharactersOfUtf8NeverShiftAnAmount) {
  Layout layout = asobancaria();
  layout.encoding = Encoding::utf8;
  Texts records = good_day();
  records[2].replace(2, 4, "NI\xC3\x91O");                                     // 162 characters, 163 bytes
  EXPECT_EQ(read(records, layout).rejects, Texts{"record_surplus@3:0  163"});  // read as bytes, all would be shifted
  layout.positions_in_characters = true;
  const auto found = read(records, layout);
  EXPECT_TRUE(found.rows[0].starts_with("NI\xC3\x91O0")) << found.rows[0];
  EXPECT_NE(found.rows[0].find("|5000000|"), std::string::npos);
  records[2].erase(8, 1);  // 161 characters in 162 bytes: the writer counted bytes
  EXPECT_EQ(read(records, layout).rejects, Texts{"record_too_short@3:0  162"});
  records[2][4] = 'x';  // half a character
  EXPECT_EQ(read(records, layout).rejects, Texts{"encoding_invalid@3:0  162"});
  records[2] = padded("06" + std::string(46, '0') + "\xC3\x91" + "0000000000070000");
  records[2][50] = '7';
  layout.positions_in_characters = false;
  layout.reference.place = at(3, 47);  // ends inside the character
  EXPECT_EQ(read(records, layout).rejects, Texts{"encoding_invalid@3:3 reference 162"});
}

TEST(Fixed, FaultsAreAtCharacters) {
  Layout layout = asobancaria();
  layout.encoding = Encoding::utf8;
  layout.positions_in_characters = true;
  Texts records = good_day();
  records[2].replace(2, 1, "\xC3\x91");
  records[2][61] = 'O';
  EXPECT_EQ(read(records, layout).rejects, Texts{"amount_invalid@3:61 amount 163"});
}

TEST(Fixed, MarksAreSkippedOrRefused) {
  Layout layout = asobancaria();
  layout.encoding = Encoding::utf8;
  EXPECT_EQ(read("\xEF\xBB\xBF" + joined(good_day()), layout).rows, (Texts{row("100", 5000000, 3), row("101", 1, 4)}));
  EXPECT_EQ(read("\xEF\xBB\xBF" + joined(good_day())).error, "encoding_unsupported");
  EXPECT_EQ(read("\xFF\xFE"
                 "0")
                .error,
            "encoding_unsupported");
}

TEST(Fixed, LinesBeyondTheLimitAreOneReject) {
  Layout layout = asobancaria();
  layout.record_bytes_max = 1000;
  Texts records = good_day();
  records.insert(records.begin() + 3, {padded("06", 50'000), std::string(1001, 'x')});
  records[5] += std::string(2000, ' ');
  records[6] += std::string(2000, ' ');
  const auto found = read(records, layout);
  EXPECT_EQ(found.rejects,
            (Texts{"record_too_long@4:0  1001", "record_too_long@5:0  1001", "record_too_long@6:0  1001"}));
  EXPECT_EQ(found.rows, Texts{row("100", 5000000, 3)});
  EXPECT_EQ(found.failed()[0], "lot 0001 count@7: 2 / 3 (2 rejected) !");
  EXPECT_EQ(found.failed()[2], "08 length@7: 162 or less / more than 1000 !");
}

TEST(Fixed, AFileOfAnotherLayoutIsAnError) {
  const auto found = read("reference,amount\nA-1,100.00\nA-2,200.00\n");
  EXPECT_EQ(found.error, "layout_mismatch");
  EXPECT_NE(found.message.find("01, 05, 06, 08, 09"), std::string::npos) << found.message;
  EXPECT_NE(found.message.find("reference,amount"), std::string::npos) << found.message;
  const TemporaryFile file("a\nb\nc\nd\n");
  EXPECT_EQ(read_file(file.path(), asobancaria(), {1, 2, 16, nullptr}).error, "layout_mismatch");
  const TemporaryFile mixed("a\nb\nc\n01\nd\n");
  EXPECT_EQ(read_file(mixed.path(), asobancaria(), {1, 2, 16, nullptr}).error, "rejects_exceeded");
}

TEST(Fixed, AFileOfBlanksIsEmpty) { EXPECT_EQ(read("  \n\r\n   ").error, "file_empty"); }

TEST(Fixed, WithoutTagsEveryLineIsADetail) {
  Layout layout;
  layout.name = "plain";
  layout.kind = LayoutKind::fixed;
  layout.reference.place = at(1, 4);
  layout.amount.amount = at(5, 6);
  layout.default_currency = "PEN";
  FixedRecord line;
  line.length = 10;
  line.minimum_length = 10;
  for (const bool declared : {false, true}) {
    layout.records.clear();
    if (declared) layout.records.push_back(line);
    const auto found = read("A1   12.30\n\n B2 000.50\nC3\n", layout);
    EXPECT_EQ(found.rows.size(), 2U);
    EXPECT_TRUE(found.rows[1].starts_with("B2|50|PEN|3|10|"));
    EXPECT_EQ(found.rejects, Texts{declared ? "record_too_short@4:3  2" : "amount_missing@4:3 amount 2"});
    EXPECT_EQ(found.checks, Texts{});
  }
}

TEST(Fixed, IgnoredRecordsAreCounted) {
  Layout layout = asobancaria();
  layout.records.push_back(record("07", RecordRole::ignored, 2));
  Texts records = good_day();
  records.insert(records.begin() + 2, padded("07 note"));
  const auto found = read(records, layout);
  EXPECT_EQ(found.ignored, 1U);
  EXPECT_EQ(found.records, 3U);
  EXPECT_EQ(found.failed(), Texts{});
}

}  // namespace
}  // namespace cuadre
