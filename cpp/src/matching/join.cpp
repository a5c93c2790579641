#include "matching/join.hpp"

#include <algorithm>
#include <tuple>

namespace cuadre {
namespace {

SideRow side_row(const Entry& entry, bool owned) noexcept {
  SideRow row;
  row.present = true;
  row.owned = owned;
  row.offset_bytes = entry.at();
  row.amount_minor = entry.amount_minor;
  row.currency = entry.currency();
  row.kind = entry.kind();
  return row;
}

auto worth(const Entry& row) noexcept { return std::tuple(row.currency().id(), row.amount_minor); }

bool same_worth(const Entry& a, const Entry& b) noexcept {
  return a.amount_minor == b.amount_minor && a.currency() == b.currency();
}

}  // namespace

void Classified::count(Bucket bucket, const Entry& entry, bool ledger) {
  const std::size_t id = entry.currency().id();
  if (id >= totals.size()) totals.resize(id + 1U);
  BucketTotal& total = totals[id][static_cast<std::size_t>(bucket)];
  (ledger ? total.ledger_rows : total.settlement_rows) += 1;
  (ledger ? total.ledger_minor : total.settlement_minor) += entry.amount_minor;
}

void Join::add(Bucket bucket, const Entry* ledger, bool own_ledger, const Entry* settlement, bool own_settlement) {
  Break item{bucket, {}, {}, {}};
  if (ledger != nullptr) item.ledger = side_row(*ledger, own_ledger);
  if (settlement != nullptr) item.settlement = side_row(*settlement, own_settlement);
  if (own_ledger) into_.count(bucket, *ledger, true);
  if (own_settlement) into_.count(bucket, *settlement, false);
  into_.breaks.push_back(std::move(item));
}

// One slot per key; further ledger rows of the key hang on the first.
void Join::build() {
  table_.reset(ledger_.size());
  ledger_next_.assign(ledger_.size(), kNone);
  theirs_.assign(ledger_.size(), kNone);
  heads_.assign(ledger_.size(), 0);
  const auto key_of = [&](std::uint32_t i) -> const JoinKey& { return ledger_[i].key; };
  for (std::uint32_t i = 0; i < ledger_.size(); ++i) {
    const std::uint32_t first = table_.put(i, ledger_[i].key, key_of);
    if (first == i) {
      heads_[i] = 1;
    } else {
      ledger_next_[i] = std::exchange(ledger_next_[first], i);
    }
  }
}

void Join::probe() {
  settlement_next_.assign(settlement_.size(), kNone);
  const auto key_of = [&](std::uint32_t i) -> const JoinKey& { return ledger_[i].key; };
  for (std::uint32_t i = 0; i < settlement_.size(); ++i) {
    const std::uint32_t first = table_.find(settlement_[i].key, key_of);
    if (first == kNone) {
      add(Bucket::only_in_settlement, nullptr, false, &settlement_[i], true);
    } else {
      settlement_next_[i] = std::exchange(theirs_[first], i);
    }
  }
}

void Join::run(const Partitions& ledger, const Partitions& settlement, std::size_t part) {
  ledger.gather(part, ledger_);
  settlement.gather(part, settlement_);
  build();
  probe();
  for (std::uint32_t i = 0; i < ledger_.size(); ++i) {
    if (heads_[i] != 0) key(i);
  }
}

// One key that the ledger has. The usual case is a row on each side that agree.
void Join::key(std::uint32_t head) {
  const std::uint32_t first = theirs_[head];
  if (first == kNone) {
    for (std::uint32_t i = head; i != kNone; i = ledger_next_[i])
      add(Bucket::only_in_ledger, &ledger_[i], true, nullptr, false);
    return;
  }
  if (ledger_next_[head] == kNone && settlement_next_[first] == kNone &&
      same_worth(ledger_[head], settlement_[first])) {
    into_.count(Bucket::matched, ledger_[head], true);
    into_.count(Bucket::matched, settlement_[first], false);
    into_.pairs.add(ledger_[head], settlement_[first]);
    return;
  }
  ours_.clear();
  others_.clear();
  for (std::uint32_t i = head; i != kNone; i = ledger_next_[i]) ours_.push_back(&ledger_[i]);
  for (std::uint32_t i = first; i != kNone; i = settlement_next_[i]) others_.push_back(&settlement_[i]);
  many();
}

// Equal amounts in one currency pair off in file order; what is left is named.
void Join::many() {
  const auto by_worth = [](const Entry* a, const Entry* b) {
    return std::tuple(worth(*a), a->at()) < std::tuple(worth(*b), b->at());
  };
  const auto by_place = [](const Entry* a, const Entry* b) { return a->at() < b->at(); };
  const Entry* our_first = *std::min_element(ours_.begin(), ours_.end(), by_place);
  const Entry* their_first = *std::min_element(others_.begin(), others_.end(), by_place);
  std::sort(ours_.begin(), ours_.end(), by_worth);
  std::sort(others_.begin(), others_.end(), by_worth);
  ours_left_.clear();
  others_left_.clear();
  auto our = ours_.begin();
  auto their = others_.begin();
  while (our != ours_.end() && their != others_.end()) {
    if (same_worth(**our, **their)) {
      into_.count(Bucket::matched, **our, true);
      into_.count(Bucket::matched, **their, false);
      into_.pairs.add(**our++, **their++);
    } else if (worth(**our) < worth(**their)) {
      ours_left_.push_back(*our++);
    } else {
      others_left_.push_back(*their++);
    }
  }
  ours_left_.insert(ours_left_.end(), our, ours_.end());
  others_left_.insert(others_left_.end(), their, others_.end());
  if (ours_left_.size() == 1 && others_left_.size() == 1) {
    const bool same = ours_left_[0]->currency() == others_left_[0]->currency();
    add(same ? Bucket::amount_differs : Bucket::currency_differs, ours_left_[0], true, others_left_[0], true);
    return;
  }
  for (const Entry* row : others_left_) add(Bucket::paid_twice, our_first, false, row, true);
  for (const Entry* row : ours_left_) add(Bucket::repeated_in_ledger, row, true, their_first, false);
}

}  // namespace cuadre
