// How a batch lies in memory: Arrow's layout, so that exporting is handing out pointers.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <new>
#include <string>
#include <unordered_map>
#include <vector>

#include "cuadre/table.hpp"

namespace cuadre {

// Arrow asks for buffers aligned to 64 bytes; some readers copy what is not.
template <class T>
struct AlignedAllocator {
  using value_type = T;
  static constexpr std::align_val_t kAlignment{64};
  AlignedAllocator() = default;
  template <class U>
  explicit AlignedAllocator(const AlignedAllocator<U>&) noexcept {}
  T* allocate(std::size_t count) { return static_cast<T*>(::operator new(count * sizeof(T), kAlignment)); }
  void deallocate(T* at, std::size_t) noexcept { ::operator delete(at, kAlignment); }
  friend bool operator==(const AlignedAllocator&, const AlignedAllocator&) { return true; }
};
using Buffer = std::vector<std::uint8_t, AlignedAllocator<std::uint8_t>>;

struct ColumnData {
  Buffer validity;  // one bit a row, lowest first; empty while nothing is null
  Buffer values;    // numbers; the offsets of utf8; the indices of dictionary; one bit a row of boolean
  Buffer text;      // utf8
  std::int64_t nulls = 0;
  std::unique_ptr<ColumnData> dictionary;  // a utf8 column
  std::int32_t dictionary_size = 0;
  std::unordered_map<std::string, std::int32_t> known;  // while building: where in the dictionary
};

struct BatchData {
  std::shared_ptr<const TableSchema> schema;
  std::vector<ColumnData> columns;
  std::size_t rows = 0;
};

Batch make_batch(std::shared_ptr<const BatchData> data);  // of memory that was filled as a whole
Table table_of(std::shared_ptr<const TableSchema> schema, std::vector<Batch> batches);

inline bool bit(const std::uint8_t* bits, std::size_t at) noexcept { return ((bits[at / 8] >> (at % 8)) & 1U) != 0; }

void append_date(std::string& out, std::int32_t days);        // "2026-03-02"
void append_instant(std::string& out, std::int64_t time_us);  // "2026-03-02T12:00:00Z", decimals where there are some

void export_schema(const TableSchema& schema, ArrowSchema* out);

}  // namespace cuadre
