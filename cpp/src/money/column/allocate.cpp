// Every row split by the same weights.
#include "cuadre/money/allocate.hpp"

#include "cuadre/money/column.hpp"
#include "money/column/memory.hpp"

namespace cuadre {

std::vector<MoneyColumn> MoneyColumn::allocate(std::span<const Ratio> weights, std::int64_t step_minor) const {
  std::vector<std::shared_ptr<std::int64_t>> shares;
  for (std::size_t i = 0; i < weights.size(); ++i) shares.push_back(column_array<std::int64_t>(size()));
  cuadre::allocate(0, weights, step_minor);  // refuses the weights of an empty column too
  for (std::size_t row = 0; row < size(); ++row) {
    if (is_null(row)) {
      for (const auto& share : shares) share.get()[row] = 0;
      continue;
    }
    try {
      const std::vector<std::int64_t> parts = cuadre::allocate(amount_minor(row), weights, step_minor);
      for (std::size_t i = 0; i < parts.size(); ++i) shares[i].get()[row] = parts[i];
    } catch (const Error& error) {
      throw Error(error.code(), "row " + std::to_string(row) + ": " + error.message());
    }
  }
  std::vector<MoneyColumn> columns;
  for (auto& share : shares) {
    ColumnMemory memory = memory_;
    memory.values = std::move(share);
    columns.emplace_back(std::move(memory), currency_);
  }
  return columns;
}

}  // namespace cuadre
