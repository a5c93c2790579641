#include "settlement/row_table.hpp"

#include <gtest/gtest.h>

#include <string>
#include <thread>

namespace cuadre {
namespace {

Row row(std::string_view reference, std::int64_t amount, std::uint64_t line) {
  Row out{};
  out.reference = reference;
  out.amount_minor = amount;
  out.line = line;
  out.date_days = kNoDate;
  out.booked_days = kNoDate;
  out.currency = Currency::of("COP");
  return out;
}

TEST(RowTable, KeepsFileOrderWhateverTheWorkers) {
  RowTable table;
  const Row second[] = {row("c", 3, 3), row("d", 4, 4)};
  const Row first[] = {row("a", 1, 1), row("", 2, 2)};
  const Row third[] = {row("e", 5, 1)};
  table.rows(1, 7, second);
  table.rows(0, 2, first);
  table.begin(1);
  table.rows(0, 0, third);
  table.finish();
  ASSERT_EQ(table.size(), 5U);
  std::string all;
  for (const RowChunk& chunk : table.chunks()) {
    for (std::size_t i = 0; i < chunk.size(); ++i) all += std::string(chunk.reference(i)) + ",";
  }
  EXPECT_EQ(all, "a,,c,d,e,");
  EXPECT_EQ(table.chunks().back().source, 1U);
}

TEST(RowTable, SeveralWorkersAtOnce) {
  RowTable table;
  constexpr unsigned kWorkers = 4;
  constexpr std::uint32_t kBlocks = 50;
  std::vector<std::thread> threads;
  for (unsigned worker = 0; worker < kWorkers; ++worker) {
    threads.emplace_back([&table, worker] {
      for (std::uint32_t block = worker; block < kBlocks; block += kWorkers) {
        const std::string text = std::to_string(block);
        const Row rows[] = {row(text, block, block + 1)};
        table.rows(worker, block, rows);
        table.rows(worker, block, rows);
      }
    });
  }
  for (auto& thread : threads) thread.join();
  table.finish();
  ASSERT_EQ(table.size(), 2U * kBlocks);
  ASSERT_EQ(table.chunks().size(), kBlocks);
  for (std::uint32_t block = 0; block < kBlocks; ++block)
    EXPECT_EQ(table.chunks()[block].reference(1), std::to_string(block));
}

}  // namespace
}  // namespace cuadre
