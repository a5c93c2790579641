// What a fixed-width file declares about itself, against the details found. The threads that parse blocks bring
// headers, controls and sums in any order; the checks are worked out afterwards, in file order.
#pragma once

#include <cstdint>
#include <mutex>
#include <string>
#include <vector>

#include "cuadre/settlement.hpp"

namespace cuadre {

class FixedBook {
 public:
  // Header and control records of one file; more is not a settlement file, and memory stays bounded.
  static constexpr std::uint32_t kLinesMax = 1'000'000;

  enum class Fault : std::uint8_t { none, too_short, surplus, too_long };

  // A header or control record. `segment` counts them: details that follow carry the same number.
  struct Line {
    std::uint64_t offset_bytes;
    std::uint64_t line;
    std::uint32_t segment;
    std::uint32_t record;  // index into Layout::records
    Fault fault;
    std::uint64_t length;  // in the layout's unit
    std::string text;      // as far as the fields go
  };

  // Details that stand between two such records. A rejected detail still counts, and its amount too if it has one.
  struct Sum {
    std::uint64_t details = 0;
    std::uint64_t rejected = 0;
    std::uint64_t without_amount = 0;
    Int128 minor = 0;
    Currency currency;
    bool mixed = false;              // several currencies: the sum means nothing
    std::uint64_t offset_bytes = 0;  // of the first
    std::uint64_t line = 0;

    void add(const Sum& other) noexcept;
    void amount(std::int64_t value, Currency of) noexcept;
  };

  struct Part {
    std::uint32_t segment;
    Sum sum;
  };

  void add(std::vector<Line>&& lines, const std::vector<Part>& parts);
  bool empty() const noexcept { return lines_.empty() && sums_.empty(); }

  // In file order. Call when all blocks are in.
  std::vector<Check> checks(const Layout& layout);

 private:
  std::mutex mutex_;
  std::vector<Line> lines_;
  std::vector<Sum> sums_;  // by segment
};

}  // namespace cuadre
