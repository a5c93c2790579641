// Which column of an Arrow stream is which field, and whether its type can carry it exactly.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "settlement/rows.hpp"
#include "table/arrow_columns.hpp"

namespace cuadre {

struct BoundColumn {
  std::int64_t index = -1;  // in the stream
  std::string name;
  ArrowType type;
  bool bound() const noexcept { return index >= 0; }
};

class ArrowBinding {
 public:
  // Throws Error(arrow_unsupported | column_missing | column_repeated).
  ArrowBinding(const ArrowSchema& schema, const Layout& layout);
  ArrowBinding(const ArrowBinding&) = delete;  // columns point to the types in here
  ArrowBinding& operator=(const ArrowBinding&) = delete;

  const BoundColumn& operator[](Field field) const noexcept { return columns_[static_cast<std::size_t>(field)]; }
  const std::vector<Field>& text_fields() const noexcept { return text_fields_; }  // those the rules read as text

  bool native_amount() const noexcept { return native_amount_; }        // amounts are numbers, not text
  bool unsigned_amounts() const noexcept { return unsigned_amounts_; }  // the layout knows no sign
  bool native_date(Field field) const noexcept { return (*this)[field].type.values().storage == Storage::day; }
  int scale(Field field, Currency currency) const noexcept;  // decimals of a number in this column

  // The layout for the rules: with the columns that exist, and with "1" as a valid amount where amounts are numbers.
  const Layout& layout() const noexcept { return layout_; }

 private:
  void bind(Field field, bool needed);
  void bind_amounts();
  void attach(Field field, std::int64_t index);
  std::int64_t find(const std::string& name) const;  // -1: no such column
  void require_type(Field field, bool fits, const char* needs) const;
  void check_types() const;
  void adapt_amounts();

  std::vector<std::string> names_;
  std::vector<ArrowType> types_;
  Layout layout_;
  std::array<BoundColumn, kFieldCount> columns_;
  std::vector<Field> text_fields_;
  bool minor_ = false;
  bool native_amount_ = false;
  bool unsigned_amounts_ = false;
  int implied_decimals_ = 0;
};

}  // namespace cuadre
