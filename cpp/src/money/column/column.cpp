// What a column is: memory, rows, slices, filters.
#include "cuadre/money/column.hpp"

#include <algorithm>
#include <bit>
#include <utility>

#include "money/column/memory.hpp"

namespace cuadre {
namespace {

constexpr std::size_t kWord = 64;

std::size_t count_bits(const std::uint8_t* bits, std::size_t from, std::size_t size) noexcept {
  std::size_t count = 0;
  for (std::size_t at = 0; at < size; at += kWord) {
    count += static_cast<std::size_t>(std::popcount(load_bits(bits, from + at, std::min(kWord, size - at))));
  }
  return count;
}

void require_rows(std::size_t left, std::size_t right) {
  if (left == right) return;
  throw Error(ErrorCode::argument_invalid,
              "as many rows are needed on both sides, not " + std::to_string(left) + " and " + std::to_string(right));
}

// valid(word of this validity, or all ones)
std::uint64_t valid_word(const std::vector<std::uint8_t>& validity, std::size_t at, std::size_t count) noexcept {
  const std::uint64_t all = count == kWord ? ~std::uint64_t{0} : (std::uint64_t{1} << count) - 1;
  return validity.empty() ? all : load_bits(validity.data(), at, count);
}

template <class Combine>
Mask combine_masks(const Mask& left, const Mask& right, Combine&& combine) {
  require_rows(left.size, right.size);
  Mask out(left.size);
  const bool nulls = !left.validity.empty() || !right.validity.empty();
  if (nulls) out.validity.resize(out.values.size());
  for (std::size_t at = 0; at < out.size; at += kWord) {
    const std::size_t count = std::min(kWord, out.size - at);
    const std::uint64_t left_valid = valid_word(left.validity, at, count);
    const std::uint64_t right_valid = valid_word(right.validity, at, count);
    std::uint64_t known = 0;
    const std::uint64_t value = combine(load_bits(left.values.data(), at, count), left_valid,
                                        load_bits(right.values.data(), at, count), right_valid, known);
    store_bits(out.values.data(), at, count, value);
    if (nulls) store_bits(out.validity.data(), at, count, known);
  }
  return out;
}

}  // namespace

// ---- Mask

std::size_t Mask::count_true() const noexcept { return count_bits(values.data(), 0, size); }
std::size_t Mask::null_count() const noexcept {
  return validity.empty() ? 0 : size - count_bits(validity.data(), 0, size);
}

Mask Mask::operator&(const Mask& other) const {
  return combine_masks(*this, other, [](auto a, auto a_valid, auto b, auto b_valid, auto& known) {
    known = (a_valid & b_valid) | (a_valid & ~a) | (b_valid & ~b);
    return a & b;
  });
}

Mask Mask::operator|(const Mask& other) const {
  return combine_masks(*this, other, [](auto a, auto a_valid, auto b, auto b_valid, auto& known) {
    known = (a_valid & b_valid) | a | b;
    return a | b;
  });
}

Mask Mask::operator~() const {
  return combine_masks(*this, *this, [](auto a, auto valid, auto, auto, auto& known) {
    known = valid;
    return ~a & valid;
  });
}

// ---- MoneyColumn

MoneyColumn::MoneyColumn(ColumnMemory memory, Currency currency) : memory_(std::move(memory)), currency_(currency) {
  if (!memory_.currencies) currency_ = Money::from_minor(0, currency).currency();
}

MoneyColumn MoneyColumn::from_minor(std::span<const std::int64_t> amounts_minor, Currency currency) {
  const auto values = column_array<std::int64_t>(amounts_minor.size());
  std::copy(amounts_minor.begin(), amounts_minor.end(), values.get());
  return MoneyColumn({values, nullptr, 0, nullptr, amounts_minor.size()}, currency);
}

std::size_t MoneyColumn::null_count() const noexcept {
  if (!memory_.validity) return 0;
  return size() - count_bits(memory_.validity.get(), memory_.validity_offset, size());
}

bool MoneyColumn::is_null(std::size_t row) const noexcept {
  return memory_.validity && load_bits(memory_.validity.get(), memory_.validity_offset + row, 1) == 0;
}

Currency MoneyColumn::currency(std::size_t row) const noexcept {
  return memory_.currencies ? Currency::from_id(memory_.currencies.get()[row]) : currency_;
}

std::optional<Money> MoneyColumn::at(std::size_t row) const {
  if (is_null(row)) return std::nullopt;
  return Money::from_minor(amount_minor(row), currency(row));
}

Mask MoneyColumn::valid() const {
  Mask mask(size());
  for (std::size_t at = 0; at < size(); at += kWord) {
    const std::size_t count = std::min(kWord, size() - at);
    const std::uint64_t all = count == kWord ? ~std::uint64_t{0} : (std::uint64_t{1} << count) - 1;
    store_bits(mask.values.data(), at, count,
               memory_.validity ? load_bits(memory_.validity.get(), memory_.validity_offset + at, count) : all);
  }
  return mask;
}

MoneyColumn MoneyColumn::slice(std::size_t first, std::size_t count) const {
  if (first > size() || count > size() - first) {
    throw Error(ErrorCode::argument_invalid, "a slice outside the column of " + std::to_string(size()) + " rows");
  }
  ColumnMemory part = memory_;
  part.values = {memory_.values, memory_.values.get() + first};
  part.validity_offset += first;
  if (part.currencies) part.currencies = {memory_.currencies, memory_.currencies.get() + first};
  part.size = count;
  return MoneyColumn(std::move(part), currency_);
}

MoneyColumn MoneyColumn::filter(const Mask& mask) const {
  require_rows(size(), mask.size);
  const std::size_t kept = mask.count_true();
  const auto values = column_array<std::int64_t>(kept);
  const auto validity = memory_.validity ? column_array<std::uint8_t>((kept + 7) / 8) : nullptr;
  const auto currencies = memory_.currencies ? column_array<std::uint16_t>(kept) : nullptr;
  if (validity) std::fill_n(validity.get(), (kept + 7) / 8, std::uint8_t{0});
  std::size_t out = 0;
  for (std::size_t at = 0; at < size(); at += kWord) {
    const std::size_t count = std::min(kWord, size() - at);
    for (std::uint64_t bits = load_bits(mask.values.data(), at, count); bits != 0; bits &= bits - 1) {
      const std::size_t row = at + static_cast<std::size_t>(std::countr_zero(bits));
      values.get()[out] = amount_minor(row);
      if (currencies) currencies.get()[out] = memory_.currencies.get()[row];
      if (validity && !is_null(row)) validity.get()[out / 8] |= static_cast<std::uint8_t>(1U << (out % 8));
      ++out;
    }
  }
  return MoneyColumn({values, validity, 0, currencies, kept}, currency_);
}

}  // namespace cuadre
