#include "join/key.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

namespace cuadre {
namespace {

// Every text that could be taken for another: lengths where the form changes, shared ends, digits and almost digits.
std::vector<std::string> neighbours() {
  std::vector<std::string> texts{""};
  for (std::size_t size = 1; size <= 70; ++size) {
    for (const char byte : {'0', '7', 'x', '\0', '\xFF'}) texts.emplace_back(size, byte);
    for (const std::size_t at : {std::size_t{0}, size / 2, size - 1}) {
      std::string digits(size, '0');
      digits[at] = '1';
      texts.push_back(digits);
      digits[at] = ':';  // the byte behind '9'
      texts.push_back(digits);
      std::string bytes(size, 'x');
      bytes[at] = 'y';
      texts.push_back(bytes);
    }
  }
  for (const std::size_t size : {254U, 255U, 256U, 65'535U, 65'536U}) texts.emplace_back(size, '3');
  std::sort(texts.begin(), texts.end());
  texts.erase(std::unique(texts.begin(), texts.end()), texts.end());
  return texts;
}

TEST(JoinKey, IsEqualWhereTextAndKindAre) {
  const std::vector<std::string> texts = neighbours();
  const std::vector<std::string> elsewhere = texts;
  for (const std::string& a : texts) {
    const JoinKey key(a, 5);
    EXPECT_EQ(key.kind(), 5U);
    EXPECT_FALSE(key == JoinKey(a, 4));
    for (const std::string& b : elsewhere) {
      const JoinKey other(b, 5);
      ASSERT_EQ(key == other, a == b) << a.size() << " and " << b.size() << " bytes";
      if (a == b) {
        ASSERT_EQ(key.hash(), other.hash()) << a.size();
      }
    }
  }
}

TEST(JoinKey, LeadingZerosCount) {
  EXPECT_FALSE(JoinKey("7") == JoinKey("07"));
  EXPECT_FALSE(JoinKey("0") == JoinKey("00"));
  EXPECT_FALSE(JoinKey("0") == JoinKey(""));
  const std::string nines(31, '9');
  EXPECT_FALSE(JoinKey(nines) == JoinKey("0" + nines));         // both are numbers
  EXPECT_FALSE(JoinKey("0" + nines) == JoinKey("00" + nines));  // one is a text
}

TEST(JoinKey, EmptyIsTheEmptyText) {
  EXPECT_TRUE(JoinKey().empty());
  EXPECT_TRUE(JoinKey("").empty());
  EXPECT_TRUE(JoinKey("", 7).empty());
  EXPECT_FALSE(JoinKey("0").empty());
  EXPECT_FALSE(JoinKey(std::string_view("\0", 1)).empty());
}

TEST(JoinKey, KeptInAnArenaItOutlivesItsText) {
  KeyArena arena;
  std::vector<JoinKey> keys;
  std::vector<std::string> texts = neighbours();
  for (const std::string& text : texts) {
    std::string passing = text;
    keys.emplace_back(passing).keep_in(arena);
    passing.assign(passing.size(), '?');
  }
  texts.emplace_back(std::size_t{1} << 20U, 'a');  // larger than a chunk
  keys.emplace_back(texts.back()).keep_in(arena);
  for (std::size_t i = 0; i < texts.size(); ++i) EXPECT_TRUE(keys[i] == JoinKey(texts[i]));
}

TEST(JoinKey, TheLargestTextIsExact) {
  std::string text(JoinKey::kTextMax, 'a');
  const std::string same = text;
  EXPECT_TRUE(JoinKey(text) == JoinKey(same));
  text.back() = 'b';
  EXPECT_FALSE(JoinKey(text) == JoinKey(same));
}

// Keys as they come, one behind the other, and as someone would write them who wants them to meet.
std::vector<std::vector<std::string>> families() {
  constexpr std::uint64_t kCount = 1U << 16U;
  std::vector<std::vector<std::string>> all(6);
  for (std::uint64_t i = 0; i < kCount; ++i) {
    const std::string number = std::to_string(i);
    const std::string padded = std::string(12 - number.size(), '0') + number;
    all[0].push_back("20260301" + padded);              // digits, counted at the end
    all[1].push_back(padded + "00000000000000000000");  // digits, counted in front
    all[2].push_back("V-" + padded.substr(2));
    all[3].push_back("reference-of-a-shop-with-a-long-prefix-" + padded);
    all[4].push_back(padded + "-and-a-long-end-that-all-of-them-share");
    all[5].push_back(std::to_string(i << 40U));  // differ in the high bits alone
  }
  return all;
}

// No part gets far more than its share, and the low bits still tell the keys of one part apart.
TEST(JoinKey, HashesSpreadOverPartsAndTables) {
  for (const std::vector<std::string>& family : families()) {
    std::vector<int> parts(256), places(256), within(256);
    for (const std::string& text : family) {
      const std::uint64_t hash = JoinKey(text).hash();
      ++parts[hash >> 56U];
      ++places[hash & 255U];
      if (hash >> 60U == 3) ++within[hash & 255U];
    }
    // 256 and 16 on average; ten standard deviations.
    EXPECT_LT(*std::max_element(parts.begin(), parts.end()), 256 + 160) << family[1];
    EXPECT_LT(*std::max_element(places.begin(), places.end()), 256 + 160) << family[1];
    EXPECT_LT(*std::max_element(within.begin(), within.end()), 16 + 40) << family[1];
  }
}

}  // namespace
}  // namespace cuadre
