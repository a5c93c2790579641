// Tables and their streams, for the tests of whoever gives or takes them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "cuadre/error.hpp"
#include "cuadre/table.hpp"
#include "table/arrow_columns.hpp"

namespace cuadre {

using Stream = Owned<ArrowArrayStream>;

inline Stream stream_of(const Table& table) {
  ArrowArrayStream stream;
  table.export_stream(&stream);
  return Stream(&stream);
}

// reference, amount (two decimals), date.
inline Table ledger(std::size_t rows) {
  TableBuilder table(
      {{"reference", ColumnType::utf8}, {"amount", ColumnType::decimal128, true, 2}, {"date", ColumnType::date32}});
  for (std::size_t i = 0; i < rows; ++i) {
    table.row()
        .text("R" + std::to_string(i))
        .decimal(static_cast<Int128>(i) * 100 + 5, 2)
        .date(static_cast<std::int32_t>(i % 20000));
  }
  return table.finish();
}

class FailingSource final : public TableSource {
 public:
  const TableSchema& schema() const noexcept override { return schema_; }
  std::uint64_t rows() const noexcept override { return 10; }
  Batch batch(std::uint64_t, std::size_t) const override {
    throw Error(ErrorCode::file_changed, "it shrank", {"day.csv", 0, 0, -1});
  }

 private:
  TableSchema schema_{{"reference", ColumnType::utf8}, {"amount", ColumnType::int64}};
};

}  // namespace cuadre
