// Fees and taxes of whole columns: the answers of apply_fee, tax_on and tax_inside, row by row.
#pragma once

#include <optional>
#include <string_view>

#include "cuadre/money/column.hpp"
#include "cuadre/money/fee.hpp"

namespace cuadre {

struct ColumnFees {
  MoneyColumn fee;  // as in Fee
  MoneyColumn tax;
  MoneyColumn withheld;
  MoneyColumn net;
};
struct ColumnFeeInput {
  std::string_view method{};
  std::optional<Money> sale_tax{};          // of every row,
  const MoneyColumn* sale_taxes = nullptr;  // or a row each
};
struct ColumnTaxParts {
  MoneyColumn net;
  MoneyColumn tax;
};

// A null gives nulls. Throw what the scalar functions throw, naming the first row (from 0), and
// Error(currency_mismatch) for rows of another currency than the schedule's, or the one given.
ColumnFees apply_fee(const FeeSchedule& schedule, const MoneyColumn& amounts, const ColumnFeeInput& input = {});
MoneyColumn tax_on(const MoneyColumn& bases, const TaxRule& rule, Currency currency);
ColumnTaxParts tax_inside(const MoneyColumn& gross, const TaxRule& rule, Currency currency);

}  // namespace cuadre
