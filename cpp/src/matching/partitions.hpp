// The sink between reading and joining: every row becomes an entry of 32 bytes in the partition of its key.
#pragma once

#include <array>
#include <cstring>
#include <map>
#include <memory>
#include <span>
#include <vector>

#include "cuadre/matching.hpp"
#include "join/parts.hpp"

namespace cuadre {

// Where a row stands in its side (all sources one after the other) and its currency, in eight bytes.
struct Entry {
  JoinKey key;
  std::int64_t amount_minor;
  std::uint64_t place;  // 48 bits of joint address, 16 of currency

  static std::uint64_t pack(std::uint64_t at, Currency currency) noexcept { return (at << 16U) | currency.id(); }
  std::uint64_t at() const noexcept { return place >> 16U; }
  Currency currency() const noexcept { return Currency::from_id(static_cast<std::uint16_t>(place)); }
  RowKind kind() const noexcept { return static_cast<RowKind>(key.kind()); }
};
static_assert(sizeof(Entry) == 32);

class Partitions final : public RowSink {
 public:
  Partitions(const KeyRule& key, unsigned threads, std::size_t parts);

  // The rows that follow stand behind this address.
  void begin(std::uint64_t base) noexcept { base_ = base; }
  void rows(unsigned worker, std::uint32_t block, std::span<const Row> rows) override;

  // Moves the rows without a key since the last call into the report, as rejects.
  void move_refused(FileReport& report);

  std::size_t parts() const noexcept { return part_of_.count(); }
  void gather(std::size_t part, std::vector<Entry>& into) const;

 private:
  struct alignas(64) Worker {
    explicit Worker(std::size_t parts) : lists(parts) {}
    PartLists<Entry> lists;
    std::string scratch;
    std::vector<Reject> refused;
    std::vector<CurrencyTotal> refused_totals;
  };
  static void refuse(Worker& mine, const Row& row, RejectReason reason);

  KeyRule key_;
  PartOf part_of_;
  std::uint64_t base_ = 0;
  std::vector<Worker> workers_;
};

}  // namespace cuadre
