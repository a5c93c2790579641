#include "join/parts.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace cuadre {
namespace {

TEST(PartOf, TakesTheTopBits) {
  constexpr std::uint64_t kLast = ~std::uint64_t{0};
  for (const std::size_t parts : {0U, 1U, 2U, 3U, 64U, 65U, 4096U}) {
    const PartOf part_of(parts);
    EXPECT_GE(part_of.count(), parts);
    EXPECT_EQ(part_of(0), 0U);
    EXPECT_EQ(part_of(kLast), part_of.count() - 1);
    EXPECT_EQ(part_of(kLast >> 1U), (part_of.count() - 1) / 2);
  }
  EXPECT_EQ(PartOf(65).count(), 128U);
}

TEST(PartLists, KeepAllRowsOfAPartInOrder) {
  PartLists<std::uint64_t> lists(3);
  std::vector<std::uint64_t> wanted[3];
  for (std::uint64_t i = 0; i < 5'000; ++i) {
    const std::size_t part = i % 7 == 0 ? 1 : 2;  // none in part 0
    lists.push(part, i);
    wanted[part].push_back(i);
  }
  for (std::size_t part = 0; part < 3; ++part) {
    std::vector<std::uint64_t> found;
    lists.append_to(part, found);
    EXPECT_EQ(found, wanted[part]);
  }
}

// Blocks may be written in any order: each row has its place, part after part, in the order of the table.
TEST(PartPlaces, AreTheSameWhateverOrderBlocksTake) {
  constexpr std::size_t kBlocks = 5, kParts = 4, kRows = 1'000;
  struct At {
    std::size_t block, part;
    unsigned places;
  };
  std::vector<At> rows;
  for (std::size_t row = 0; row < kRows; ++row)
    rows.push_back({row / (kRows / kBlocks), row * row % 11 % 3, row % 5 == 0 ? 2U : 1U});  // none in part 3
  std::vector<std::size_t> wanted;
  for (std::size_t part = 0; part < kParts; ++part) {
    for (std::size_t row = 0; row < kRows; ++row) {
      if (rows[row].part == part) wanted.insert(wanted.end(), rows[row].places, row);
    }
  }
  for (const bool backwards : {false, true}) {
    PartPlaces places(kBlocks, kParts);
    for (const At& at : rows) places.count(at.block, at.part, at.places);
    places.lay_out();
    std::vector<std::size_t> found(static_cast<std::size_t>(places.start(kParts)), kRows);
    for (std::size_t i = 0; i < kBlocks; ++i) {
      const std::size_t block = backwards ? kBlocks - 1 - i : i;
      for (std::size_t row = 0; row < kRows; ++row) {
        if (rows[row].block != block) continue;
        const auto first = static_cast<std::size_t>(places.take(block, rows[row].part, rows[row].places));
        for (unsigned k = 0; k < rows[row].places; ++k) found[first + k] = row;
      }
    }
    EXPECT_EQ(found, wanted);
    EXPECT_EQ(places.start(kParts), places.start(3));
  }
}

TEST(PartPlaces, OfNoRows) {
  PartPlaces places(0, 2);
  places.lay_out();
  EXPECT_EQ(places.start(2), 0U);
}

}  // namespace
}  // namespace cuadre
