// What a fixed-width file says about itself against what stands in it; and real files.
#include "base/shared_data.hpp"
#include "settlement/fixed_cases.hpp"

namespace cuadre {
namespace {

using namespace fixed_cases;

TEST(FixedChecks, LotNumbersMustAgree) {
  const auto found =
      read(Texts{file_header(), lot_header(3), detail("1", 100), lot_control(1, 100, 4), file_control(1, 100)});
  EXPECT_EQ(found.failed(), Texts{"lot 0003 number@4: 0004 / 0003 !"});
}

TEST(FixedChecks, GluedLotsAreReadWholeAndTheFileControlIsNamed) {
  const auto found =
      read(Texts{file_header(), lot_header(), detail("1", 100), lot_control(1, 100), lot_header(), detail("2", 250),
                 detail("3", 250), padded(lot_control(2, 500), 256), file_control(1, 100)});
  EXPECT_EQ(found.rows.size(), 3U);
  EXPECT_EQ(found.failed(), (Texts{"file count@9: 1 / 3 !", "file value@9: 1.00 / 6.00 !",
                                   "file lot numbers@9: 2 lots / 1 numbers !"}));
}

TEST(FixedChecks, GluedFilesHaveTheirOwnControlsAndDays) {
  Texts records = good_day();
  records.insert(records.end(),
                 {file_header("20260401"), lot_header(), detail("9", 700), lot_control(1, 700), file_control(1, 700)});
  const auto found = read(records);
  EXPECT_EQ(found.failed(), Texts{});
  EXPECT_NE(found.rows[2].find("|20544|"), std::string::npos);  // 2026-04-01
}

TEST(FixedChecks, MissingControlsAreNamed) {
  const auto found = read(Texts{file_header(), lot_header(), detail("1", 100)});
  EXPECT_EQ(found.failed(), (Texts{"file count@1: (none) / 1 !", "file value@1: (none) / 1.00 !",
                                   "lot 0001 count@2: (none) / 1 !", "lot 0001 value@2: (none) / 1.00 !"}));
}

TEST(FixedChecks, DetailsOutOfPlaceAreMoneyAndKept) {
  const auto found = read(Texts{detail("1", 100), file_control(1, 100)});
  EXPECT_EQ(found.rows.size(), 1U);
  EXPECT_NE(found.rows[0].find("|-2147483648|-2147483648|"), std::string::npos);
  EXPECT_EQ(found.failed(), (Texts{"order@1: 01 before 06 / 06 without 01 !", "order@1: 05 before 06 / 06 without 05 !",
                                   "lot 1 count@1: (none) / 1 !", "lot 1 value@1: (none) / 1.00 !"}));
}

TEST(FixedChecks, AControlOfNothingIsMisplaced) {
  Texts records = good_day();
  records.push_back(file_control(2, 5000001));
  records.insert(records.begin() + 1, lot_control(0, 0));
  const auto found = read(records);
  EXPECT_EQ(found.rejects, (Texts{"record_misplaced@2:0  162", "record_misplaced@8:0  162"}));
  EXPECT_EQ(found.failed(), Texts{});
}

TEST(FixedChecks, AnEmptyLotIsNamedAndAnEmptyDayBalances) {
  EXPECT_EQ(read(Texts{file_header(), lot_header(), lot_control(0, 0), file_control(0, 0)}).failed(),
            Texts{"lot 0001 details@2: 1 or more / 0 !"});
  const auto empty = read(Texts{file_header(), file_control(0, 0)});
  EXPECT_EQ(empty.error, "");
  EXPECT_EQ(empty.failed(), Texts{});
}

TEST(FixedChecks, CheckDigitsOfTheFileAreVerified) {
  Texts records = good_day();
  records[0][11] = '1';
  EXPECT_EQ(read(records).failed(), Texts{"NIT check digit@1: 1 / 8 !"});
  records[0].replace(2, 10, std::string(10, ' '));
  EXPECT_EQ(read(records).failed(), Texts{"NIT check digit@1: (blank) / (no such code) !"});
}

TEST(FixedChecks, ServiceCodesMayBeANit) {
  Texts records = good_day();
  records[1].replace(2, 13, "0009001234568");  // with its check digit
  EXPECT_EQ(read(records).failed(), Texts{});
  records[1].replace(2, 13, "0000900123456");  // without one
  EXPECT_EQ(read(records).failed(), Texts{});
  records[1].replace(2, 13, "7701234567891");
  EXPECT_EQ(read(records).failed(), Texts{"service code check digit@2: 1 / 7 !"});
}

TEST(FixedChecks, AHeaderDateThatDoesNotExistIsNamed) {
  Texts records = good_day();
  records[0] = file_header("20260230");
  const auto found = read(records);
  EXPECT_EQ(found.failed(), Texts{"01 date@1: 20260230 / not a date in the form YYYYMMDD !"});
  EXPECT_EQ(found.rows.size(), 2U);
}

TEST(FixedChecks, ControlsThatAreNotNumbersFail) {
  Texts records = good_day();
  records[5].replace(2, 27, padded("  2", 9) + std::string("0000000000050000.1"));
  EXPECT_EQ(read(records).failed(), Texts{"file value@6: 0000000000050000.1 / 50000.01 !"});
}

fs::path shared_file(const char* name) { return shared_data() / "settlement" / "asobancaria-2001" / name; }

struct Real {
  const char* file;
  std::size_t rows;
  const char* value;  // last check: file value
};

class FixedReal : public testing::TestWithParam<Real> {};

TEST_P(FixedReal, Balances) {
  const fs::path path = shared_file(GetParam().file);
  CUADRE_NEED_DATA(path);
  const auto found = read_path(path.string(), asobancaria());
  EXPECT_EQ(found.error, "");
  EXPECT_EQ(found.rows.size(), GetParam().rows);
  EXPECT_EQ(found.failed(), Texts{});
  EXPECT_NE(found.checks.back().find(GetParam().value), std::string::npos) << found.checks.back();
}

INSTANTIATE_TEST_SUITE_P(Files, FixedReal,
                         testing::Values(Real{"11JULIO.TXT", 17, "300000.00 / 300000.00"},
                                         Real{"26AGOSTO.TXT", 22, "640000.00 / 640000.00"}));

TEST(FixedRealGlued, IsReadWholeAndSaysWhatDisagrees) {
  const fs::path path = shared_file("VARIOS.TXT");
  CUADRE_NEED_DATA(path);
  const auto found = read_path(path.string(), asobancaria());
  EXPECT_EQ(found.rows.size(), 116U);
  EXPECT_EQ(found.rejects, Texts{});
  EXPECT_EQ(found.failed(), (Texts{"file count@124: 17 / 116 !", "file value@124: 300000.00 / 134871000.00 !",
                                   "file lot numbers@124: 3 lots / 1 numbers !"}));
}

}  // namespace
}  // namespace cuadre
