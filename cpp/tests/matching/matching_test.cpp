// The matcher against a slow plain twin, and the promises that a result keeps.
#include "cuadre/matching.hpp"

#include <gtest/gtest.h>

#include <map>
#include <random>

#include "settlement/fixed_cases.hpp"

namespace cuadre {
namespace {

using fixed_cases::TemporaryFile;

struct Plain {
  std::string reference;
  std::int64_t amount;
  std::string currency;
};

std::string csv(const std::vector<Plain>& rows) {
  std::string text = "reference,amount,currency\n";
  for (const Plain& row : rows) text += row.reference + "," + std::to_string(row.amount) + "," + row.currency + "\n";
  return text;
}

Layout layout() {
  Layout plain;
  plain.reference.place.column = "reference";
  plain.amount.amount.column = "amount";
  plain.currency.place.column = "currency";
  return plain;
}

MatchResult run(const std::vector<Plain>& ledger, const std::vector<Plain>& settlement, unsigned threads,
                std::uint32_t block) {
  const TemporaryFile ours(csv(ledger));
  const TemporaryFile theirs(csv(settlement));
  std::vector<std::unique_ptr<Source>> left, right;
  left.push_back(open_file(ours.path(), layout()));
  right.push_back(open_file(theirs.path(), layout()));
  MatchOptions options;
  options.key = KeyRule::compile({"strip_left_zeros"});
  options.read.threads = threads;
  options.read.block_bytes = block;
  return match(std::move(left), std::move(right), options);
}

using Answer = std::map<std::string, int>;

std::string stripped(const std::string& text) {
  return text.substr(std::min(text.find_first_not_of('0'), text.size()));
}

// The rule of matching.hpp, word by word, over lists that are searched from the front.
Answer oracle(std::vector<Plain> ledger, std::vector<Plain> settlement) {
  Answer answer;
  std::map<std::string, std::pair<std::vector<Plain>, std::vector<Plain>>> keys;
  for (const Plain& row : ledger) keys[stripped(row.reference)].first.push_back(row);
  for (const Plain& row : settlement) keys[stripped(row.reference)].second.push_back(row);
  for (auto& [key, rows] : keys) {
    auto& [ours, theirs] = rows;
    if (key.empty()) {
      answer["reject"] += static_cast<int>(ours.size() + theirs.size());
      continue;
    }
    if (ours.empty() || theirs.empty()) {
      answer[ours.empty() ? "only_in_settlement" : "only_in_ledger"] += static_cast<int>(ours.size() + theirs.size());
      continue;
    }
    for (auto row = ours.begin(); row != ours.end();) {
      const auto same = std::find_if(theirs.begin(), theirs.end(), [&](const Plain& other) {
        return other.amount == row->amount && other.currency == row->currency;
      });
      if (same == theirs.end()) {
        ++row;
        continue;
      }
      theirs.erase(same);
      row = ours.erase(row);
      ++answer["matched"];
    }
    if (ours.size() == 1 && theirs.size() == 1) {
      ++answer[ours[0].currency == theirs[0].currency ? "amount_differs" : "currency_differs"];
      continue;
    }
    if (!theirs.empty()) answer["paid_twice"] += static_cast<int>(theirs.size());
    if (!ours.empty()) answer["repeated_in_ledger"] += static_cast<int>(ours.size());
  }
  return answer;
}

Answer answer_of(const MatchResult& result) {
  Answer answer;
  if (result.matched() != 0) answer["matched"] = static_cast<int>(result.matched());
  for (const Break& item : result.breaks) ++answer[std::string(name(item.code))];
  for (const auto* files : {&result.ledger_files, &result.settlement_files}) {
    if (!(*files)[0].rejects.empty()) answer["reject"] += static_cast<int>((*files)[0].rejects.size());
  }
  return answer;
}

TEST(Matching, AgreesWithThePlainTwin) {
  std::mt19937 random(11);
  const std::vector<std::string> references = {"1",
                                               "01",
                                               "2",
                                               "3",
                                               "0",
                                               "A",
                                               "00B",
                                               "12345678901234567890",
                                               "012345678901234567890",
                                               "123456789012345",
                                               "1234567890123456"};
  const auto rows = [&](std::size_t count) {
    std::vector<Plain> made;
    for (std::size_t i = 0; i < count; ++i) {
      made.push_back({references[random() % references.size()], static_cast<std::int64_t>(random() % 3),
                      random() % 4 == 0 ? "PEN" : "COP"});
    }
    return made;
  };
  for (int round = 0; round < 300; ++round) {
    const auto ledger = rows(random() % 14);
    const auto settlement = rows(random() % 14);
    const auto wanted = oracle(ledger, settlement);
    for (const unsigned threads : {1U, 3U}) ASSERT_EQ(answer_of(run(ledger, settlement, threads, 32)), wanted) << round;
  }
}

TEST(Matching, ABreakNamesBothRows) {
  const auto result =
      run({{"007", 100, "COP"}, {"8", 50, "COP"}}, {{"7", 90, "COP"}, {"0008", 50, "COP"}, {"8", 50, "COP"}}, 2, 16);
  ASSERT_EQ(result.breaks.size(), 2U);
  EXPECT_EQ(result.breaks[0].code, Bucket::amount_differs);
  EXPECT_EQ(result.breaks[0].reference, "007");
  EXPECT_EQ(result.breaks[0].ledger.line, 2U);
  EXPECT_EQ(result.breaks[0].settlement.line, 2U);
  EXPECT_EQ(result.breaks[1].code, Bucket::paid_twice);
  EXPECT_TRUE(result.breaks[1].settlement.owned);
  EXPECT_EQ(result.breaks[1].settlement.line, 4U) << "the earlier row is the one that paid";
  EXPECT_FALSE(result.breaks[1].ledger.owned);
  const auto pairs = result.matches(0, 10);
  ASSERT_EQ(pairs.size(), 1U);
  EXPECT_EQ(pairs[0].settlement.line, 3U);
}

TEST(Matching, KeyStepsAreKnownOrRefused) {
  std::string scratch;
  EXPECT_EQ(KeyRule::compile({"trim", "upper", "strip_left_zeros"}).apply(" 00ab ", scratch), "AB");
  EXPECT_EQ(KeyRule::compile({"digits_only"}).apply("A-12 3", scratch), "123");
  EXPECT_THROW(KeyRule::compile({"lower"}), Error);
}

}  // namespace
}  // namespace cuadre
