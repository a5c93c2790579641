// One partition: rows of both sides meet, and every one of them gets its bucket.
#pragma once

#include <array>
#include <vector>

#include "join/table.hpp"
#include "matching/partitions.hpp"

namespace cuadre {

struct FoundPairs {
  SlabPool pool;
  ChunkList<Pair> list;
  void add(const Entry& ledger, const Entry& settlement) { list.push({ledger.at(), settlement.at()}, pool); }
};

// What one thread found; joined with the others' at the end.
struct Classified {
  FoundPairs pairs;
  std::vector<Break> breaks;  // with joint addresses for offsets; lines and dates are read later
  std::vector<std::array<BucketTotal, kBucketCount>> totals;  // by currency id

  void count(Bucket bucket, const Entry& entry, bool ledger);
};

class Join {
 public:
  explicit Join(Classified& into) : into_(into) {}
  void run(const Partitions& ledger, const Partitions& settlement, std::size_t part);

 private:
  static constexpr std::uint32_t kNone = KeyTable::kNone;
  void build();
  void probe();
  void key(std::uint32_t head);
  void many();
  void add(Bucket bucket, const Entry* ledger, bool own_ledger, const Entry* settlement, bool own_settlement);

  Classified& into_;
  std::vector<Entry> ledger_, settlement_;                             // of the part; their order does not matter
  KeyTable table_;                                                     // the first ledger row of a key
  std::vector<std::uint32_t> ledger_next_, theirs_, settlement_next_;  // chains of rows with one key
  std::vector<std::uint8_t> heads_;                                    // 1: this ledger row stands for its key
  std::vector<const Entry*> ours_, others_, ours_left_, others_left_;
};

}  // namespace cuadre
