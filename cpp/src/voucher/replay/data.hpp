// What a replay keeps: a row of numbers for each record, a word for each event, sums for each currency.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <vector>

#include "voucher/replay/input.hpp"

namespace cuadre {

// The last balance is what makes the sum zero; that it does is checked before it is left out.
struct RecordRow {
  std::int64_t due, paid, reversed, refunded, reserved, settled, held, earned, expires_at_us;
  std::array<std::int64_t, kAccounts - 1> balances;
  std::uint32_t state : 4, fault : 4, currency : 10, quarantined : 13;
  std::uint32_t may_expire : 1;  // it is open, and its expiry would end it
  std::uint32_t events;
};
static_assert(sizeof(RecordRow) == 136);

// An event's answer in a word; the top bit is kMarkDone.
struct EventAnswer {
  static constexpr std::uint8_t kLater = 6;       // beside the values of Outcome
  static constexpr std::uint8_t kNoState = 0x7F;  // of an event without a record
  std::uint8_t outcome, reason, from, to;

  std::uint32_t word() const noexcept {
    return outcome | std::uint32_t{reason} << 8U | std::uint32_t{from} << 16U | std::uint32_t{to} << 24U | 1U << 31U;
  }
  static EventAnswer of(std::uint32_t word) noexcept {
    return {static_cast<std::uint8_t>(word), static_cast<std::uint8_t>(word >> 8U),
            static_cast<std::uint8_t>(word >> 16U), static_cast<std::uint8_t>(word >> 24U & 0x7FU)};
  }
};

inline constexpr std::size_t kOutcomeCounts = 7;  // Outcome, and later

struct ReplayTotals {
  std::uint64_t records = 0;
  std::array<std::uint64_t, kOutcomeCounts> events{};
  std::array<Int128, 8> amounts{};  // due .. earned
  std::array<Int128, kAccounts> balances{};

  void add(const RecordRow& row, const Entries& of_accounts) noexcept;
  void add(const ReplayTotals& other) noexcept;
  std::uint64_t told() const noexcept;
};
using TotalsByCurrency = std::vector<ReplayTotals>;  // by Currency::id(); 0: no record

struct Replay::Data {
  Machine machine = Machine::voucher;
  std::shared_ptr<const TermsInput> terms;
  std::size_t records = 0, events = 0;
  std::shared_ptr<const RecordRow> rows;
  std::shared_ptr<const std::uint32_t> answers;
  TotalsByCurrency totals;
};

// The states that the clock's expiry ends, one bit each.
std::uint32_t states_open(Machine machine);

// The records of one part: joined with their events and folded.
class PartRunner {
 public:
  PartRunner(const ReplayOptions& options, RecordRow* rows, std::uint32_t* answers);
  PartRunner(PartRunner&&) noexcept;
  PartRunner(const PartRunner&) = delete;
  PartRunner& operator=(const PartRunner&) = delete;
  PartRunner& operator=(PartRunner&&) = delete;
  ~PartRunner();
  void run(std::span<Line> terms, std::span<const Line> events);
  const TotalsByCurrency& totals() const noexcept;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace cuadre
