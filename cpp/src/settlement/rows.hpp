// What every format shares: cells in, a row or a fault out; and the batches in which rows leave.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cuadre/base/text.hpp"
#include "cuadre/settlement.hpp"

namespace cuadre {

// The text of each field, UTF-8. A cell whose data() is null does not exist in this layout or record.
using Cells = std::array<std::string_view, kFieldCount>;

// What one thread has read before. Days and currencies repeat; looking them up again is cheaper than reading them
// again.
class RowMemo {
 public:
  struct Day {
    std::uint64_t head = 0;
    std::uint16_t tail = 0;
    std::int32_t days = kNoDate;
  };
  struct Money {
    std::uint32_t code = 0;
    Currency currency;
    int minor_units = -1;
  };
  // The place of a text of 10 bytes.
  Day& day(std::uint64_t head, std::uint16_t tail) noexcept {
    return days_[((head ^ (head >> 29U) ^ (std::uint64_t{tail} << 3U) ^ (tail >> 5U)) * 0x9E3779B97F4A7C15U) >> 57U];
  }
  Money& money(std::uint32_t code) noexcept { return money_[(code ^ (code >> 7U) ^ (code >> 13U)) & 15U]; }

 private:
  std::array<Day, 128> days_{};
  std::array<Money, 16> money_{};
};

// The layout's rules on values, compiled once and shared by all threads.
class RowRules {
 public:
  explicit RowRules(const Layout& layout);

  enum class Outcome : std::uint8_t { row, ignored, fault };
  struct Verdict {
    Outcome outcome;
    RejectReason reason;
    Field field;
    std::uint32_t at;  // 0-based byte inside the cell
  };
  // Fills reference, amount_minor, currency, dates, kind. `row.reference` points into the cell (or into the rules).
  // Dates already set in `row` (from a file header) stay when the layout has no such cell.
  Verdict build(const Cells& cells, Row& row) const noexcept;
  Verdict build(const Cells& cells, Row& row, RowMemo& memo) const noexcept;  // the same, quicker

  const Layout& layout() const noexcept { return *layout_; }

 private:
  bool quick(const Cells& cells, Row& row, RowMemo& memo) const noexcept;
  bool quick_date(std::string_view cell, const DateField& rule, Field field, std::int32_t& days,
                  RowMemo& memo) const noexcept;
  std::string_view present(std::string_view cell) const noexcept;
  Verdict currency(std::string_view cell, Row& row) const noexcept;
  static constexpr std::size_t kAmountMax = 128;
  std::string_view bare(std::string_view cell, std::array<char, kAmountMax>& room) const noexcept;
  Verdict scan(std::string_view cell, Field field, int minor_units, std::int64_t& minor) const noexcept;
  Verdict amount(const Cells& cells, Row& row) const noexcept;
  Verdict date(std::string_view cell, const DateField& rule, Field field, std::int32_t& days) const noexcept;

  const Layout* layout_;
  Currency default_currency_;
  std::vector<std::pair<std::string, RowKind>> kinds_;
  std::vector<std::pair<std::string, Currency>> currency_values_;
  bool plain_ = false;  // nothing to trim, no empty tokens
  bool quick_ = false;  // and nothing but reference, amount, currency and date to look at
};

// Decides when one more reject is one too many; shared by the threads of one read.
class RejectBudget {
 public:
  explicit RejectBudget(std::uint64_t most) noexcept : most_(most) {}

  // Counts one more. Throws Error(rejects_exceeded), which shows the first reject known, when that is too many.
  void spend(const std::string& file);
  // What a thread rejected first; it meets its own rejects in file order.
  void first(const Reject& item);

 private:
  std::uint64_t most_;
  std::atomic<std::uint64_t> spent_{0};
  std::mutex mutex_;
  std::optional<Reject> first_;
};

// Collects what one thread finds in one block and passes rows on in batches that stay warm in cache.
class Emitter {
 public:
  Emitter(RowSink& sink, unsigned worker, RejectBudget& budget, const std::string& file,
          Encoding encoding = Encoding::utf8);

  void begin(std::uint32_t block) noexcept { block_ = block; }
  void row(const Row& row) {
    ++records_;
    batch_[count_++] = row;
    if (count_ == kBatch) flush();
  }
  RowMemo& memo() noexcept { return memo_; }
  // The row after the last, to be filled in place; it counts only once it was taken.
  Row& next() noexcept { return batch_[count_]; }
  void took_next() {
    ++records_;
    if (++count_ == kBatch) flush();
  }
  void ignored() noexcept { ++records_, ++ignored_; }
  // `text` is the raw record; it is cut and made printable here. Throws Error(rejects_exceeded).
  void reject(RejectReason reason, std::uint64_t offset_bytes, std::uint64_t line, std::uint64_t column,
              std::string_view field, std::string_view text, std::uint64_t length_bytes);
  // Text that a row points to and that is not in the block (decoded, unescaped): lives until the next flush.
  std::string_view keep(std::string text);
  void flush();

  // Adds this thread's share; rejects are sorted by offset afterwards.
  void report(FileReport& into);

 private:
  static constexpr std::size_t kBatch = 1024;
  RowSink& sink_;
  unsigned worker_;
  std::uint32_t block_ = 0;
  RejectBudget& budget_;
  std::string file_;
  Encoding encoding_;
  std::size_t count_ = 0;
  std::array<Row, kBatch> batch_;
  RowMemo memo_;
  std::deque<std::string> kept_;
  std::uint64_t records_ = 0, rows_ = 0, ignored_ = 0;
  std::vector<Reject> rejects_;
  std::vector<CurrencyTotal> totals_;  // by currency id, grown on demand
};

}  // namespace cuadre
