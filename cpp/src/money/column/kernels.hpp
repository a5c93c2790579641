// The loops over columns, compiled once for each instruction set and chosen when the program runs.
#pragma once

#include <cstddef>
#include <cstdint>

#include "cuadre/money/column.hpp"

namespace cuadre {

// Where `right` is null, every row meets `scalar`. `out` may not overlap the inputs. Nothing branches on an overflow:
// the loops only report that there was one (in rows that may be null), and who calls looks for it.
struct Operands {
  const std::int64_t* left;
  const std::int64_t* right;
  std::int64_t scalar;
  std::size_t size;
};

struct ColumnKernels {
  bool (*add)(const Operands&, std::int64_t* out) noexcept;
  bool (*subtract)(const Operands&, std::int64_t* out) noexcept;
  bool (*negate)(const Operands&, std::int64_t* out) noexcept;
  bool (*abs)(const Operands&, std::int64_t* out) noexcept;
  bool (*multiply)(const Operands&, std::int64_t* out) noexcept;  // by the scalar
  void (*equal)(const Operands&, std::uint8_t* bits) noexcept;
  void (*less)(const Operands&, std::uint8_t* bits) noexcept;
  void (*greater)(const Operands&, std::uint8_t* bits) noexcept;
  Int128 (*sum)(const std::int64_t* values, std::size_t size) noexcept;        // at most 2^31 rows
  std::int64_t (*min)(const std::int64_t* values, std::size_t size) noexcept;  // at least one row
  std::int64_t (*max)(const std::int64_t* values, std::size_t size) noexcept;
};
const ColumnKernels& column_kernels() noexcept;

// value * numerator / divisor * step, rounded before the step; what is constant is worked out once.
class RowScale {
 public:
  RowScale(std::int64_t numerator, std::int64_t divisor, std::int64_t step, RoundingMode mode) noexcept;
  bool operator()(const std::int64_t* values, std::int64_t* out, std::size_t size) const noexcept {
    return loop_(*this, values, out, size);
  }
  // One row, at any size of intermediate results; false where the result does not fit.
  bool wide(std::int64_t value, std::int64_t& out) const noexcept;

 private:
  using Loop = bool (*)(const RowScale&, const std::int64_t*, std::int64_t*, std::size_t) noexcept;
  template <RoundingMode kMode>
  static bool loop(const RowScale& scale, const std::int64_t* values, std::int64_t* out, std::size_t size) noexcept;

  std::int64_t numerator_;
  std::int64_t divisor_;
  std::int64_t step_;
  std::uint64_t magic_ = 0;  // floor(2^(63 + shift) / divisor) + 1, so that one multiplication divides
  unsigned shift_ = 0;
  RoundingMode mode_;
  Loop loop_;
};

}  // namespace cuadre
