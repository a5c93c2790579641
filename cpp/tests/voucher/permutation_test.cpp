// Any order and any number of repetitions end in the same state and the same balances: every sequence of up to six
// events of each alphabet, and hundreds of thousands of longer ones by chance.
#include <gtest/gtest.h>

#include <algorithm>
#include <bit>

#include "voucher/cases.hpp"

namespace cuadre {
namespace {

using namespace cases;

constexpr std::size_t kLongest = 6;
constexpr std::size_t kHistories = 80'000;  // of each machine

// Every sequence of letters, repetitions among them, compared with its letters told once and in the order of time.
class Walk {
 public:
  Walk(Machine machine, const FoldTerms& terms, Letters letters)
      : machine_(machine), terms_(terms), letters_(std::move(letters)), folder_(machine_index(machine)) {
    std::ranges::stable_sort(letters_, {}, &EventView::occurred_at_us);
    ends_.resize(std::size_t{1} << letters_.size());
    for (std::size_t set = 0; set < ends_.size(); ++set) {
      if (static_cast<std::size_t>(std::popcount(set)) > kLongest) continue;
      Letters once;
      for (std::size_t i = 0; i < letters_.size(); ++i) {
        if ((set >> i & 1) != 0) once.push_back(letters_[i]);
      }
      ends_[set] = folder_.fold(terms_, once);
      EXPECT_EQ(fold_fault(machine_table(machine_), machine_, terms_, ends_[set], once), "")
          << story(machine_table(machine_), once);
    }
  }

  std::size_t run() {
    told_.clear();
    deeper(0);
    return sequences_;
  }

 private:
  void deeper(std::size_t set) {
    const Fold& end = folder_.fold(terms_, told_);
    ++sequences_;
    if (!same_end(end, ends_[set])) {
      ADD_FAILURE() << "another end in this order: " << story(machine_table(machine_), told_);
      return;
    }
    if (told_.size() == kLongest || ::testing::Test::HasFailure()) return;
    for (std::size_t i = 0; i < letters_.size(); ++i) {
      told_.push_back(letters_[i]);
      deeper(set | std::size_t{1} << i);
      told_.pop_back();
    }
  }

  Machine machine_;
  FoldTerms terms_;
  Letters letters_, told_;
  Folder folder_;
  std::vector<Fold> ends_;
  std::size_t sequences_ = 0;
};

class Permutation : public ::testing::TestWithParam<Machine> {};

TEST_P(Permutation, EverySequenceUpToSixEndsTheSame) {
  std::size_t sequences = 0;
  const std::vector<FoldTerms> terms = terms_of(GetParam());
  std::vector<Letters> alphabets = letters_of(GetParam());
  for (std::size_t i = 0; i < alphabets.size(); ++i) sequences += Walk(GetParam(), terms[i], alphabets[i]).run();
  RecordProperty("sequences", static_cast<int>(sequences));
  std::printf("%s: %zu sequences of up to %zu events\n", machine_table(GetParam()).name.data(), sequences, kLongest);
}

TEST_P(Permutation, EveryKindIsAmongTheLetters) {
  std::uint32_t kinds = 0;
  for (const Letters& letters : letters_of(GetParam())) {
    for (const EventView& event : letters) kinds |= 1U << event.event;
  }
  EXPECT_EQ(kinds, (1U << machine_table(GetParam()).events.size()) - 1);
}

TEST_P(Permutation, LongHistoriesByChanceEndTheSame) {
  const MachineTable& table = machine_table(GetParam());
  const std::vector<FoldTerms> terms = terms_of(GetParam());
  Dice dice(seed() + static_cast<std::uint64_t>(GetParam()));
  Folder folder(machine_index(GetParam()));
  for (std::size_t i = 0; i < kHistories && !HasFailure(); ++i) {
    const FoldTerms& agreed = terms[dice.below(terms.size())];
    Letters events = any_history(dice, GetParam(), 40);
    const Fold end = folder.fold(agreed, events);
    EXPECT_EQ(fold_fault(table, GetParam(), agreed, end, events), "") << story(table, events);
    for (std::size_t again = 1 + dice.below(5); again > 0; --again) events.push_back(events[dice.below(events.size())]);
    dice.shuffle(events);
    const Fold& other = folder.fold(agreed, events);
    EXPECT_TRUE(same_end(other, end)) << story(table, events);
    EXPECT_EQ(fold_fault(table, GetParam(), agreed, other, events), "") << story(table, events);
  }
  std::printf("%s: %zu histories of up to 40 events, each told twice; CUADRE_SEED=%llu\n", table.name.data(),
              kHistories, static_cast<unsigned long long>(seed()));
}

INSTANTIATE_TEST_SUITE_P(Machines, Permutation, ::testing::ValuesIn(kEveryMachine),
                         [](const auto& machine) { return std::string(machine_table(machine.param).name); });

}  // namespace
}  // namespace cuadre
