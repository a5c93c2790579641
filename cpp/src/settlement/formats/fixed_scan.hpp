// How a fixed-width file is cut into lines, and what each line means for those below it. A Format of the block machine
// in blocks.hpp.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "settlement/blocks.hpp"
#include "settlement/formats/fixed_book.hpp"
#include "settlement/formats/fixed_text.hpp"

namespace cuadre {

class FixedFormat {
 public:
  struct State {
    bool open = false;      // inside a line
    bool after_cr = false;  // an LF at this byte still belongs to the line before
    bool known = false;     // some record above is of the layout
    bool in_file = false;   // there is something that a file control may close
    bool in_lot = false;
    std::uint32_t segment = 0;  // header and control records above
    std::int32_t date_days = kNoDate;
    std::int32_t booked_days = kNoDate;
    std::string prefix;  // of the open line, as far as its meaning needs
  };

  // `start`: where the first record begins. All three must outlive the format.
  FixedFormat(const RowRules& rules, FixedBook& book, std::uint64_t start);

  State initial() const { return {}; }
  std::uint64_t data_start() const { return start_; }
  const Layout& layout() const { return layout_; }
  bool between_records(const State& state) const { return !state.open; }
  State scan(State in, std::string_view block, std::uint64_t offset) const;
  std::size_t finish(State& state, std::string_view more) const;
  void parse(const State& in, const BlockText& text, Emitter& out) const;
  void parse_at(const State& in, const BlockText& text, std::span<const std::uint64_t> wanted, Emitter& out) const;

  // The file ends in this state: takes in a last line without an end.
  void end(State& state) const;

 private:
  friend class FixedBlock;
  static constexpr std::uint32_t kNoRecord = UINT32_MAX;

  std::string_view prefix_of(std::string_view line) const noexcept { return line.substr(0, prefix_bytes_); }
  std::uint32_t find(std::string_view prefix) const noexcept;  // index of the record type, or kNoRecord
  // What this line changes for those below. False when it is a control that has nothing to control.
  bool apply(State& state, std::uint32_t record, std::string_view prefix) const;
  void take_dates(State& state, const FixedRecord& record, std::string_view prefix) const;

  const RowRules& rules_;
  const Layout& layout_;
  FixedBook& book_;
  std::uint64_t start_;
  std::size_t prefix_bytes_;
  bool lots_;  // the layout has lots

  struct Cell {
    Field field;
    Place place;
    bool whole;  // a record that ends inside this field is refused: what is left of a number is another number
  };
  std::vector<Cell> fields_;
  std::vector<std::size_t> text_bytes_;  // of each record type
};

}  // namespace cuadre
