// The engine of keys alone, one thread: rows put into parts, a table for each part, rows of the other side found in it.
//   bench_join [rows] [form]        form: digits (20 of them), bytes (12), long (40, differing at the end), half (one
//                                   key for half of all rows)
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "join/parts.hpp"
#include "join/table.hpp"

namespace {

using namespace cuadre;
using Clock = std::chrono::steady_clock;

struct Row {
  JoinKey key;
  std::uint64_t values[2];
};

std::string text_of(std::string_view form, std::uint64_t number) {
  if (form == "half" && number % 2 == 0) number = 0;
  std::string digits = std::to_string(number * 2'654'435'761U % 1'000'000'007U);
  digits.insert(0, 10 - digits.size(), '0');
  if (form == "bytes") return "V-" + digits;
  if (form == "long") return "a-prefix-of-thirty-bytes-that-" + digits;
  return "2026030100" + digits;
}

double ns_a_row(Clock::time_point since, std::size_t rows) {
  return std::chrono::duration<double, std::nano>(Clock::now() - since).count() / static_cast<double>(rows);
}

}  // namespace

int main(int count, char** words) {
  const std::size_t rows = count > 1 ? std::strtoull(words[1], nullptr, 10) : 2'000'000;
  const std::string_view form = count > 2 ? words[2] : "digits";
  std::vector<std::string> texts;
  for (std::size_t i = 0; i < rows; ++i) texts.push_back(text_of(form, i));
  for (int round = 0; round < 3; ++round) {
    const PartOf part_of(rows / 16384);
    PartLists<Row> lists(part_of.count());
    Clock::time_point since = Clock::now();
    for (std::size_t i = 0; i < rows; ++i) {
      Row row{JoinKey(texts[i]), {i, i}};
      row.key.keep_in(lists.arena());
      lists.push(part_of(row.key.hash()), row);
    }
    const double parted = ns_a_row(since, rows);
    since = Clock::now();
    KeyTable table;
    std::vector<Row> part;
    const auto key_of = [&](std::uint32_t i) -> const JoinKey& { return part[i].key; };
    std::size_t first = 0;
    std::size_t found = 0;
    for (std::size_t at = 0; at < part_of.count(); ++at) {
      part.clear();
      lists.append_to(at, part);
      table.reset(part.size());
      for (std::uint32_t i = 0; i < part.size(); ++i) first += table.put(i, part[i].key, key_of) == i ? 1 : 0;
      for (const Row& row : part) found += table.find(row.key, key_of) != KeyTable::kNone ? 1 : 0;
    }
    std::printf("%zu rows of %.*s: into parts %.1f ns a row, put and found %.1f ns a row (%zu keys, %zu found)\n", rows,
                static_cast<int>(form.size()), form.data(), parted, ns_a_row(since, rows), first, found);
  }
  return 0;
}
