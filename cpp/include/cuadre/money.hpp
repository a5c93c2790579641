// Exact money: whole minor units of a currency in 64 bits, sums in 128. No operation here rounds, wraps or sees a
// float.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "cuadre/base/decimal.hpp"
#include "cuadre/error.hpp"

namespace cuadre {

// One entry of ISO 4217. Two bytes, trivially copyable; the default value is "no currency".
class Currency {
 public:
  constexpr Currency() noexcept = default;
  static std::optional<Currency> find(std::string_view code) noexcept;  // "COP": three capitals, nothing else
  static Currency of(std::string_view code);                            // throws Error(currency_unknown)

  std::string_view code() const noexcept;
  std::uint16_t number() const noexcept;
  int minor_units() const noexcept;  // decimals: COP 2, CLP 0, KWD 3; -1 where ISO says N.A. (gold, XXX)

  constexpr std::uint16_t id() const noexcept { return id_; }  // index into the table; stable within one build only
  static Currency from_id(std::uint16_t id) noexcept;          // no currency when there is no such id
  static std::uint16_t count() noexcept;                       // ids are 0 .. count() - 1
  constexpr explicit operator bool() const noexcept { return id_ != 0; }
  friend constexpr bool operator==(Currency, Currency) noexcept = default;

 private:
  constexpr explicit Currency(std::uint16_t id) noexcept : id_(id) {}
  std::uint16_t id_ = 0;
};

// How an amount is written. The text must fit the form entirely; nothing is skipped.
enum class SignStyle : std::uint8_t { none, front, behind, brackets };

struct AmountForm {
  char decimal_mark = '.';    // '.' or ','
  char grouping = 0;          // 0: none; otherwise groups of three, only where they belong
  int implied_decimals = -1;  // 0 or more: digits only, the last n are decimals
  SignStyle sign = SignStyle::front;
};

enum class AmountStatus : std::uint8_t { ok, empty, invalid, inexact, overflow };

struct AmountScan {
  AmountStatus status;
  std::int64_t minor;   // valid when ok
  std::uint32_t fault;  // 0-based byte at which the text stops being an amount
};

// Judged by exact value: "8.95000" is 895 for two decimals, "8.951" is inexact. Never throws, never allocates.
// Wrong syntax comes first, then overflow (fault: the first digit), then inexact (fault: the first decimal that is too
// many).
AmountScan scan_amount(std::string_view text, const AmountForm& form, int minor_units) noexcept;

// An amount of one currency, in whole minor units (centavos, céntimos; pesos where ISO knows no smaller unit) within 64
// bits. Immutable, 16 bytes, safe to share between threads. Arithmetic throws Error(currency_mismatch) between
// currencies and Error(amount_overflow) past the range; nothing wraps, nothing is converted. There is no division: it
// would need a rounding rule.
class Money {
 public:
  // Throws Error(currency_unknown) for "no currency", Error(argument_invalid) for one without minor units (XAU, XXX).
  static Money from_minor(std::int64_t amount_minor, Currency currency);
  // Throws besides Error(amount_invalid | amount_inexact | amount_overflow), with the column (1-based byte) of the
  // fault.
  static Money parse(std::string_view text, Currency currency, const AmountForm& form = {});

  std::int64_t amount_minor() const noexcept { return amount_minor_; }
  Currency currency() const noexcept { return currency_; }
  std::string amount_text() const { return decimal_text(amount_minor_, currency_.minor_units()); }  // "1234.50"

  Money operator-() const;
  Money abs() const;
  friend Money operator+(Money left, Money right);
  friend Money operator-(Money left, Money right);
  friend Money operator*(Money money, std::int64_t times);

  // Amounts of two currencies are never equal; their order is an Error(currency_mismatch).
  friend bool operator==(Money, Money) noexcept = default;
  friend std::strong_ordering operator<=>(Money left, Money right);

 private:
  constexpr Money(std::int64_t amount_minor, Currency currency) noexcept
      : amount_minor_(amount_minor), currency_(currency) {}
  std::int64_t amount_minor_;
  Currency currency_;
};

}  // namespace cuadre
