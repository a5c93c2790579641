#include "join/table.hpp"

#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

namespace cuadre {
namespace {

// Puts all texts and compares with a plain map what is the first item of each.
void expect_as_a_map(const std::vector<std::string>& texts, KeyTable& table) {
  std::vector<JoinKey> keys;
  for (const std::string& text : texts) keys.emplace_back(text);
  const auto key_of = [&](std::uint32_t item) { return keys[item]; };
  std::map<std::string, std::uint32_t> first;
  table.reset(keys.size());
  for (std::uint32_t i = 0; i < keys.size(); ++i) {
    ASSERT_EQ(table.find(keys[i], key_of), first.contains(texts[i]) ? first.at(texts[i]) : KeyTable::kNone);
    ASSERT_EQ(table.put(i, keys[i], key_of), first.try_emplace(texts[i], i).first->second);
  }
  for (const auto& [text, item] : first) ASSERT_EQ(table.find(JoinKey(text), key_of), item);
  for (const auto& [text, item] : first) ASSERT_EQ(table.find(JoinKey(text, 1), key_of), KeyTable::kNone);
}

TEST(KeyTable, IsEmptyAtFirst) {
  KeyTable table;
  expect_as_a_map({}, table);
  EXPECT_EQ(table.find(JoinKey("a"), [](std::uint32_t) { return JoinKey(); }), KeyTable::kNone);
}

TEST(KeyTable, FindsTheFirstOfEachKey) {
  KeyTable table;
  std::vector<std::string> texts;
  for (int i = 0; i < 20'000; ++i) texts.push_back(std::to_string(i * 7 % 6'000));
  expect_as_a_map(texts, table);
  texts.resize(3);  // used again, smaller
  expect_as_a_map(texts, table);
}

TEST(KeyTable, OneKeyForHalfOfAllRows) {
  KeyTable table;
  std::vector<std::string> texts;
  for (int i = 0; i < 50'000; ++i)
    texts.push_back(i % 2 == 0 ? "the same reference in every second row of all" : std::to_string(i));
  expect_as_a_map(texts, table);
}

TEST(KeyTable, SharedPrefixesAndEnds) {
  KeyTable table;
  std::vector<std::string> texts;
  for (int i = 0; i < 20'000; ++i) {
    texts.push_back("a-prefix-of-forty-bytes-that-they-share-" + std::to_string(i % 9'000));
    texts.push_back(std::to_string(i % 9'000) + "-an-end-of-forty-bytes-that-they-share--");
  }
  expect_as_a_map(texts, table);
}

// Long keys hold 31 bits of their text's hash, so among this many some have equal hashes; they stay apart.
TEST(KeyTable, EqualHashesOfOtherTexts) {
  std::vector<std::string> texts;
  std::multimap<std::uint64_t, std::size_t> by_hash;
  for (std::size_t i = 0; i < 600'000; ++i) {
    texts.push_back("a reference of the same length " + std::to_string(1'000'000 + i));
    by_hash.emplace(JoinKey(texts.back()).hash(), i);
  }
  std::vector<std::string> meeting;
  for (auto at = by_hash.begin(); at != by_hash.end(); ++at) {
    if (by_hash.count(at->first) > 1) meeting.push_back(texts[at->second]);
  }
  EXPECT_GT(meeting.size(), 20U);  // some 170 are to be expected
  EXPECT_LT(meeting.size(), 1'000U);
  KeyTable table;
  expect_as_a_map(meeting, table);
}

}  // namespace
}  // namespace cuadre
