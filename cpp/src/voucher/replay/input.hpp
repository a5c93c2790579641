// The two tables of a replay: which columns they have, and their cells as lines.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/digits.hpp"
#include "table/arrow_held.hpp"
#include "voucher/replay/lines.hpp"

namespace cuadre {

enum class CellKind : std::uint8_t { text, amount, time, truth, whole };

// A column of ours. An amount is also found as `<name>_minor`, in minor units.
struct InputField {
  std::string_view name;
  CellKind kind;
  bool needed;
};

// Somebody's table, its columns found by name and checked.
class InputTable {
 public:
  static constexpr std::size_t kFieldsMax = 16;

  struct Cells {
    enum class Presence : std::uint8_t { never, always, ask } presence = Presence::never;
    const std::uint8_t* words = nullptr;  // of row 0, where cells are plain numbers of 8 or 16 bytes
    const std::int32_t* ends = nullptr;   // of row 0, where text has offsets of 32 bits
    const char* text = nullptr;
    ArrowColumn column;
  };
  struct Part {
    std::size_t first;  // row of the table
    std::size_t rows;
    const Owned<ArrowArray>* null_rows;  // null: no row is null as a whole
    std::array<Cells, kFieldsMax> cells;

    bool missing(std::size_t field, std::size_t row) const {
      const Cells& of = cells[field];
      if (of.presence == Cells::Presence::always) return false;
      return of.presence == Cells::Presence::never || ask(of, row);
    }
    // Of a cell that is not missing.
    std::string_view text(std::size_t field, std::size_t row) const {
      const Cells& of = cells[field];
      if (of.ends == nullptr) return of.column.text(static_cast<std::int64_t>(row));
      const std::int32_t begin = of.ends[row];
      const std::int32_t end = of.ends[row + 1];
      if (begin < 0 || end <= begin) return empty_or_broken(begin, end);
      return {of.text + begin, static_cast<std::size_t>(end - begin)};
    }
    std::string_view text_or_empty(std::size_t field, std::size_t row) const {
      return missing(field, row) ? std::string_view("", 0) : text(field, row);
    }

   private:
    bool ask(const Cells& of, std::size_t row) const;
    static std::string_view empty_or_broken(std::int32_t begin, std::int32_t end);
  };

  // `what` names the table in messages.
  InputTable(std::shared_ptr<const HeldStream> stream, std::string_view what, std::span<const InputField> fields,
             const std::map<std::string, std::string>& renamed);

  std::size_t rows() const noexcept { return stream_->rows(); }
  bool bound(std::size_t field) const noexcept { return columns_[field] >= 0; }
  bool in_minor(std::size_t field) const noexcept { return minor_[field]; }
  // The part that holds the row.
  const Part& part_of(std::size_t row) const noexcept;

  // Calls each(part, row in part, row) for rows [first, last).
  template <class Each>
  void for_rows(std::size_t first, std::size_t last, Each&& each) const {
    while (first < last) {
      const Part& part = part_of(first);
      const std::size_t end = std::min(last, part.first + part.rows);
      for (; first < end; ++first) each(part, first - part.first, first);
    }
  }

  // Minor units of a cell that is not missing.
  AmountStatus amount(const Part& part, std::size_t field, std::size_t row, int minor_units, std::int64_t& minor) const;
  // False for what microseconds cannot hold.
  bool time(const Part& part, std::size_t field, std::size_t row, std::int64_t& at_us) const;
  // False for what 64 bits cannot hold.
  bool whole(const Part& part, std::size_t field, std::size_t row, std::int64_t& number) const;

 private:
  void bind(std::size_t field, const std::map<std::string, std::string>& renamed);
  void check(std::size_t field, const std::string& name) const;
  void lay_out();

  std::string what_;
  std::span<const InputField> fields_;
  std::shared_ptr<const HeldStream> stream_;
  std::array<std::int64_t, kFieldsMax> columns_{};
  std::array<bool, kFieldsMax> minor_{};
  std::array<ArrowType, kFieldsMax> types_;
  std::array<std::int64_t, kFieldsMax> times_ = {};  // microseconds a tick of a time is worth; 0: nanoseconds
  std::vector<Part> parts_;
};

// The codes of a few words, found by their bytes.
class WordTable {
 public:
  static constexpr std::uint8_t kNone = 0xFF;
  void add(std::string_view word, std::uint8_t code);
  std::uint8_t find(std::string_view word) const noexcept {
    if (word.size() > 16) return kNone;
    const SixteenBytes bytes = load_up_to_16(word);
    for (std::size_t at = slot(bytes, word.size());; at = (at + 1) % kSlots) {
      const Slot& held = slots_[at];
      if (held.code == kNone || (held.word == bytes && held.size == word.size())) return held.code;
    }
  }

 private:
  static constexpr std::size_t kSlots = 64;
  struct Slot {
    SixteenBytes word;
    std::uint8_t size = 0, code = kNone;
  };
  static std::size_t slot(const SixteenBytes& word, std::size_t size) noexcept {
    return ((word.low ^ word.high ^ size) * 0x9E3779B97F4A7C15U) >> 58U;
  }
  std::array<Slot, kSlots> slots_;
};

class EventInput {
 public:
  EventInput(std::shared_ptr<const HeldStream> stream, const ReplayOptions& options);
  const InputTable& table() const noexcept { return table_; }

  // Empty for a row without one, or with one that no record can have.
  std::string_view reference(const InputTable::Part& part, std::size_t row) const;
  bool has_more(const InputTable::Part& part, std::size_t row) const;
  // Writes one line, or two where has_more.
  void write(const InputTable::Part& part, std::size_t row, std::size_t number, const JoinKey& key, bool more,
             Line* out) const;

 private:
  std::optional<StepReason> read_numbers(const InputTable::Part& part, std::size_t row, EventView& view,
                                         std::uint16_t& currency) const;
  std::optional<StepReason> read_amounts(const InputTable::Part& part, std::size_t row, EventView& view,
                                         std::uint16_t& currency) const;

  Machine machine_;
  std::int64_t at_us_, known_at_us_;
  InputTable table_;
  WordTable kinds_, sources_;
};

class TermsInput {
 public:
  TermsInput(std::shared_ptr<const HeldStream> stream, const ReplayOptions& options);
  const InputTable& table() const noexcept { return table_; }

  std::string_view reference(const InputTable::Part& part, std::size_t row) const;
  static constexpr bool has_more(const InputTable::Part&, std::size_t) noexcept { return false; }
  void write(const InputTable::Part& part, std::size_t row, std::size_t number, const JoinKey& key, bool more,
             Line* out) const;

 private:
  TermFault read_amount(const InputTable::Part& part, std::size_t row, TermsLine& line) const;
  TermFault read_times(const InputTable::Part& part, std::size_t row, TermsLine& line) const;
  TermFault read_rules(const InputTable::Part& part, std::size_t row, TermsLine& line) const;

  InputTable table_;
};

}  // namespace cuadre
