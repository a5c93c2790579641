#include "cuadre/matching/tables.hpp"

#include <gtest/gtest.h>

#include <string>

#include "cuadre/settlement/tables.hpp"

namespace cuadre {
namespace {

// Gives `count` rows in blocks of three, the blocks in falling order by two workers.
class FakeSource final : public Source {
 public:
  FakeSource(std::string label, std::uint32_t count, std::string_view currency)
      : label_(std::move(label)), count_(count), currency_(Currency::of(currency)) {}
  const std::string& label() const noexcept override { return label_; }
  std::uint64_t extent() const noexcept override { return count_; }
  std::uint64_t rows_estimate() const noexcept override { return count_; }

  FileReport read(RowSink& sink, const ReadOptions&) override {
    for (std::uint32_t block = (count_ + 2) / 3; block-- > 0;) {
      std::vector<std::string> texts;
      std::vector<Row> rows;
      for (std::uint32_t row = block * 3; row < std::min(count_, block * 3 + 3); ++row)
        texts.push_back("R" + std::to_string(row));
      for (std::uint32_t i = 0; i < texts.size(); ++i) {
        const std::uint32_t row = block * 3 + i;
        rows.push_back({texts[i], row * 100, row * 10, row + 1, 5, 20000, kNoDate, currency_, RowKind::refund});
      }
      // a worker gets its blocks in rising order, so each block here has a worker of its own
      sink.rows(block, block, rows);
    }
    FileReport report;
    report.file = label_;
    report.records = report.rows = count_;
    report.totals = {{currency_, count_, Int128{count_} * (count_ - 1) / 2 * 100}};
    report.rejects = {{7, 2, 0, 3, RejectReason::amount_missing, "amount", "x,,"},
                      {9, 3, 2, 3, RejectReason::nul_byte, "", "y"}};
    report.checks = {{CheckKind::file_count, {}, std::string("3"), std::string("4"), false, 9, 80},
                     {CheckKind::file_value, {}, std::string("1"), std::string("1"), true, 9, 80}};
    return report;
  }
  void fetch(std::span<const std::uint64_t>, RowSink&, const ReadOptions&) override {}

 private:
  std::string label_;
  std::uint32_t count_;
  Currency currency_;
};

std::string csv(const Table& table) {
  std::string out;
  for (std::uint64_t first = 0; first < table.rows();) {
    const Batch batch = table.batch(first);
    for (std::size_t row = 0; row < batch.rows(); ++row) {
      for (std::size_t column = 0; column < table.schema().size(); ++column) {
        batch.append_cell(out, column, row);
        out += column + 1 == table.schema().size() ? '\n' : '|';
      }
    }
    first += batch.rows();
  }
  return out;
}

Reading reading() {
  std::vector<std::unique_ptr<Source>> sources;
  sources.push_back(std::make_unique<FakeSource>("a.csv", 7, "COP"));
  sources.push_back(std::make_unique<FakeSource>("b.csv", 1, "KWD"));
  return read_all(std::move(sources), {});
}

TEST(Tables, RowsComeInFileOrderFromAnyStart) {
  const Table table = rows_table(reading());
  ASSERT_EQ(table.rows(), 8U);
  const std::string all = csv(table);
  EXPECT_EQ(all.substr(0, all.find('\n')), "R0|0.000|COP|2024-10-04||refund|a.csv|1|0");
  EXPECT_NE(all.find("R6|6.000|COP|2024-10-04||refund|a.csv|7|60\nR0|0.000|KWD|2024-10-04||refund|b.csv|1|0\n"),
            std::string::npos);
  for (std::uint64_t first = 0; first < 8; ++first) {
    const Batch batch = table.batch(first, 2);
    std::string cell;
    batch.append_cell(cell, 0, 0);
    EXPECT_EQ(cell, first == 7 ? "R0" : "R" + std::to_string(first));
  }
}

TEST(Tables, ReportsOfOneSideAndOfTwo) {
  const Reading read = reading();
  const Sides one{{"", &read.files}};
  EXPECT_EQ(csv(rejects_table(one)).substr(0, 91),
            "a.csv|2|7||amount|amount_missing|no amount|sin valor|3|x,,\na.csv|3|9|2||nul_byte|a NUL byte");
  EXPECT_EQ(csv(totals_table(one)), "a.csv|COP|7|21.000\nb.csv|KWD|1|0.000\n");
  EXPECT_EQ(csv(files_table(one)), "a.csv|0|7|7|2|0|1|1\nb.csv|0|1|1|2|0|1|1\n");
  const Sides two{{"ledger", &read.files}, {"settlement", &read.files}};
  const std::string checks = csv(checks_table(two, Language::english));
  EXPECT_EQ(checks.substr(0, checks.find('\n')), "ledger|a.csv|9|file count|3|4|false");
  EXPECT_EQ(checks_table(two, Language::spanish).rows(), 8U);
}

TEST(Tables, NothingIsATableToo) {
  const std::vector<FileReport> none;
  EXPECT_EQ(rejects_table({{"", &none}}).rows(), 0U);
  EXPECT_EQ(rows_table(read_all({}, {})).rows(), 0U);
}

}  // namespace
}  // namespace cuadre
