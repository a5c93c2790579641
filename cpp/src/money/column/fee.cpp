// Fees and taxes of columns. Taxes are scaled as products are; a block with a row that does not fit, or is refused, is
// done again row by row by the scalar function, which finds the words.
#include "cuadre/money/column/fee.hpp"

#include <limits>
#include <string>
#include <utility>

#include "money/column/kernels.hpp"
#include "money/column/memory.hpp"

namespace cuadre {
namespace {

constexpr std::int64_t kMin = std::numeric_limits<std::int64_t>::min();
constexpr std::int64_t kMax = std::numeric_limits<std::int64_t>::max();

void require_currency(const MoneyColumn& column, Currency currency, const std::string& whose) {
  if (column.currency() == currency) return;
  const std::string wanted = ", and " + whose + " is in " + std::string(currency.code());
  if (column.currency()) {
    throw Error(ErrorCode::currency_mismatch, "the column is in " + std::string(column.currency().code()) + wanted);
  }
  for (std::size_t row = 0; row < column.size(); ++row) {
    if (column.is_null(row) || column.currency(row) == currency) continue;
    throw Error(ErrorCode::currency_mismatch, "row " + std::to_string(row) + " is in " +
                                                  std::string(column.currency(row).code()) + wanted +
                                                  "; filter by currency first");
  }
}

struct Validity {
  std::shared_ptr<const std::uint8_t> bits;
  std::size_t offset = 0;
};

Validity validity_of(const MoneyColumn& left, const MoneyColumn* right) {
  if (right == nullptr || !right->memory().validity) return {left.memory().validity, left.memory().validity_offset};
  if (!left.memory().validity) return {right->memory().validity, right->memory().validity_offset};
  const auto both = std::make_shared<const std::vector<std::uint8_t>>((left.valid() & right->valid()).values);
  return {{both, both->data()}, 0};
}

MoneyColumn column_of(std::shared_ptr<const std::int64_t> values, const Validity& validity, std::size_t size,
                      Currency currency) {
  return MoneyColumn({std::move(values), validity.bits, validity.offset, nullptr, size}, currency);
}

// x * numerator / divisor of 64 bits, with the step in it; empty where they are longer.
std::optional<RowScale> scale_of(const Ratio& factor, std::int64_t step_minor, RoundingMode mode) {
  const Ratio steps = factor / Ratio(step_minor);
  constexpr std::int64_t kPartMax = kMax / 2;
  if (steps.numerator() > kPartMax || steps.denominator() > kPartMax) return std::nullopt;
  const auto numerator = steps.numerator().convert_to<std::int64_t>();
  const auto divisor = steps.denominator().convert_to<std::int64_t>();
  if (divisor == 1) return RowScale(2 * numerator, 2, step_minor, mode);  // it divides by two at least
  return RowScale(numerator, divisor, step_minor, mode);
}

// fast(first, last) answers for a block or tells that it cannot; then slow(row) does for each row that is not null.
template <class Fast, class Slow>
void in_two_ways(const MoneyColumn& column, Fast&& fast, Slow&& slow) {
  std::vector<std::uint8_t> again((column.size() + kBlockRows - 1) / kBlockRows);
  in_row_blocks(column.size(), [&](std::size_t first, std::size_t last) {
    again[first / kBlockRows] = static_cast<std::uint8_t>(!fast(first, last));
  });
  for (std::size_t block = 0; block < again.size(); ++block) {
    if (again[block] == 0) continue;
    const std::size_t last = std::min((block + 1) * kBlockRows, column.size());
    for (std::size_t row = block * kBlockRows; row < last; ++row) {
      if (column.is_null(row)) continue;
      try {
        slow(row);
      } catch (const Error& error) {
        throw Error(error.code(), "row " + std::to_string(row) + ": " + error.message());
      }
    }
  }
}

}  // namespace

MoneyColumn tax_on(const MoneyColumn& bases, const TaxRule& rule, Currency currency) {
  require_currency(bases, currency, rule.name);
  const auto out = column_array<std::int64_t>(bases.size());
  const std::int64_t* const values = bases.memory().values.get();
  std::int64_t* const taxes = out.get();
  const auto scale = scale_of(rule.rate, rule.step_minor, rule.mode);
  const auto fast = [&](std::size_t first, std::size_t last) {
    if (!scale) return false;
    bool fits = true;
    for (std::size_t i = first; i < last; ++i) {
      const std::int64_t value = values[i];
      fits &= value != kMin;
      const std::int64_t size = value < 0 ? -(value + static_cast<std::int64_t>(value == kMin)) : value;
      taxes[i] = size < rule.minimum_base_minor ? 0 : size;
    }
    if (!fits || (*scale)(taxes + first, taxes + first, last - first)) return false;
    for (std::size_t i = first; i < last; ++i) taxes[i] = values[i] < 0 ? -taxes[i] : taxes[i];
    return true;
  };
  in_two_ways(bases, fast, [&](std::size_t row) {
    taxes[row] = tax_on(Money::from_minor(values[row], currency), rule).money.amount_minor();
  });
  return column_of(out, validity_of(bases, nullptr), bases.size(), currency);
}

ColumnTaxParts tax_inside(const MoneyColumn& gross, const TaxRule& rule, Currency currency) {
  require_currency(gross, currency, rule.name);
  const auto nets_held = column_array<std::int64_t>(gross.size());
  const auto taxes_held = column_array<std::int64_t>(gross.size());
  const std::int64_t* const values = gross.memory().values.get();
  std::int64_t* const nets = nets_held.get();
  std::int64_t* const taxes = taxes_held.get();
  const Ratio all = Ratio(1) + rule.rate;
  const auto scale = scale_of(Ratio(1) / all, rule.step_minor, rule.mode);
  // net >= minimum  <=>  gross >= minimum * (1 + rate)
  const BigInteger least = (Ratio(rule.minimum_base_minor) * all).rounded(RoundingMode::toward_pos_inf);
  const auto fast = [&](std::size_t first, std::size_t last) {
    if (!scale || least > kMax) return false;
    const auto from = least.convert_to<std::int64_t>();
    bool sound = !(*scale)(values + first, nets + first, last - first);
    for (std::size_t i = first; i < last; ++i) {
      const std::int64_t value = values[i];
      sound &= value >= 0;
      nets[i] = value < from ? value : std::min(nets[i], value);
      taxes[i] = static_cast<std::int64_t>(static_cast<std::uint64_t>(value) - static_cast<std::uint64_t>(nets[i]));
    }
    return sound;
  };
  in_two_ways(gross, fast, [&](std::size_t row) {
    const TaxParts parts = tax_inside(Money::from_minor(values[row], currency), rule);
    nets[row] = parts.net.amount_minor();
    taxes[row] = parts.tax.amount_minor();
  });
  const Validity validity = validity_of(gross, nullptr);
  return {column_of(nets_held, validity, gross.size(), currency),
          column_of(taxes_held, validity, gross.size(), currency)};
}

ColumnFees apply_fee(const FeeSchedule& schedule, const MoneyColumn& amounts, const ColumnFeeInput& input) {
  const std::size_t size = amounts.size();
  require_currency(amounts, schedule.currency, "the contract");
  FeeRows rows{.amounts_minor = {amounts.memory().values.get(), size}, .method = input.method};
  if (input.sale_tax) {
    if (input.sale_tax->currency() != schedule.currency) {
      throw Error(ErrorCode::currency_mismatch, "the sale tax is in " + std::string(input.sale_tax->currency().code()) +
                                                    ", the contract in " + std::string(schedule.currency.code()));
    }
    rows.sale_tax_minor = input.sale_tax->amount_minor();
  }
  if (input.sale_taxes != nullptr) {
    require_currency(*input.sale_taxes, schedule.currency, "the contract");
    if (input.sale_taxes->size() != size) {
      throw Error(ErrorCode::argument_invalid,
                  std::to_string(input.sale_taxes->size()) + " sale taxes for " + std::to_string(size) + " amounts");
    }
    rows.sale_taxes_minor = {input.sale_taxes->memory().values.get(), size};
  }
  const Validity validity = validity_of(amounts, input.sale_taxes);
  rows.validity = validity.bits.get();
  rows.validity_offset = validity.offset;
  const auto fee = column_array<std::int64_t>(size), tax = column_array<std::int64_t>(size);
  const auto withheld = column_array<std::int64_t>(size), net = column_array<std::int64_t>(size);
  apply_fee(schedule, rows, {{fee.get(), size}, {tax.get(), size}, {withheld.get(), size}, {net.get(), size}});
  const auto made = [&](const auto& values) { return column_of(values, validity, size, schedule.currency); };
  return {made(fee), made(tax), made(withheld), made(net)};
}

}  // namespace cuadre
