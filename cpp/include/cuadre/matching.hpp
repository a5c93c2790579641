// Our ledger against their rows: what agrees, what breaks and why, with a proof that no row and no cent was dropped.
//
// Rows meet on a key: the reference under a declared normal form, together with the kind of row. Inside one key that
// stands on both sides, equal amounts in the same currency pair off first, in file order; if then one row is left on
// each side, that pair differs; otherwise what is left of the settlement is paid_twice and what is left of the ledger
// repeated_in_ledger. A key that stands on one side only gives only_in_ledger or only_in_settlement. A row is used
// once.
#pragma once

#include <array>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cuadre/base/words.hpp"
#include "cuadre/settlement.hpp"

namespace cuadre {

// What comes of a row, in the order of reports. All but the first are codes of breaks. Names are part of the interface.
// A new one is a line here, a rule in join.cpp and a sentence in matching/sentence.hpp.
#define CUADRE_BUCKETS(X)                                                   \
  X(matched, "Matched", "Coincide")                                         \
  X(amount_differs, "Amount differs", "Valor distinto")                     \
  X(currency_differs, "Currency differs", "Moneda distinta")                \
  X(only_in_ledger, "Only in the ledger", "Solo en el libro")               \
  X(only_in_settlement, "Only in the settlement", "Solo en la liquidación") \
  X(paid_twice, "Paid twice", "Pagado dos veces")                           \
  X(repeated_in_ledger, "Repeated in the ledger", "Repetido en el libro")

enum class Bucket : std::uint8_t {
#define CUADRE_X(name, en, es) name,
  CUADRE_BUCKETS(CUADRE_X)
#undef CUADRE_X
};
#define CUADRE_X(name, en, es) Bucket::name,
inline constexpr std::size_t kBucketCount = std::initializer_list<Bucket>{CUADRE_BUCKETS(CUADRE_X)}.size();
#undef CUADRE_X
std::span<const Term, kBucketCount> buckets() noexcept;  // by position
inline std::string_view name(Bucket bucket) noexcept { return buckets()[static_cast<std::size_t>(bucket)].name; }

// Steps, applied in this order whatever the order of declaration: "trim" blanks at both ends, "digits_only", "upper"
// (ASCII), "strip_left_zeros". No step: the reference as it is.
struct KeyRule {
  bool trim = false;
  bool digits_only = false;
  bool upper = false;
  bool strip_left_zeros = false;
  static KeyRule compile(
      const std::vector<std::string>& steps);  // throws Error(argument_invalid), names the known steps
  // The key of a reference; points into it, or into `scratch` where a step has to rewrite it. Empty: there is no key.
  std::string_view apply(std::string_view reference, std::string& scratch) const;
  std::vector<std::string> steps() const;
};

// By their place in kKeySteps.
inline constexpr std::array<bool KeyRule::*, kKeySteps.size()> kKeyStepMembers = {
    &KeyRule::trim, &KeyRule::digits_only, &KeyRule::upper, &KeyRule::strip_left_zeros};
static_assert(kKeySteps.front() == "trim" && kKeySteps.back() == "strip_left_zeros" &&
              kKeyStepMembers.back() != nullptr);

// One row of one side, as it stands in its source.
struct SideRow {
  std::uint32_t source = 0;  // index into the side's sources
  bool present = false;      // there is such a row
  bool owned = false;        // it is accounted for by this break (false: named for context, counted elsewhere)
  std::uint64_t line = 0;
  std::uint64_t offset_bytes = 0;
  std::int64_t amount_minor = 0;
  std::int32_t date_days = kNoDate;
  std::int32_t booked_days = kNoDate;
  Currency currency;
  RowKind kind = RowKind::payment;
};

struct Break {
  Bucket code;
  std::string reference;  // as the owning side writes it (the settlement's for paid_twice, else the ledger's where
                          // there is one)
  SideRow ledger;
  SideRow settlement;
};

struct BucketTotal {
  Bucket bucket;
  Currency currency;
  std::uint64_t ledger_rows = 0;
  std::uint64_t settlement_rows = 0;
  Int128 ledger_minor = 0;
  Int128 settlement_minor = 0;
};

// One line of the proof: rows read = rows in buckets + rejects + ignored, or money of buckets = money of files, for one
// side.
struct ProofLine {
  bool ledger;        // which side
  Currency currency;  // default: a line about row counts
  Int128 files;       // from the readers
  Int128 buckets;     // from the matcher
  std::uint64_t rejected = 0;
  std::uint64_t ignored = 0;
  bool holds = false;
};

struct MatchOptions {
  KeyRule key;
  ReadOptions read;
};

// Where a matched pair stands on both sides: offset_bytes, counted on through the side's sources one after the other.
struct Pair {
  std::uint64_t ledger_at;
  std::uint64_t settlement_at;
};

class MatchResult {
 public:
  ~MatchResult();
  MatchResult(MatchResult&&) noexcept;

  std::vector<FileReport> ledger_files;
  std::vector<FileReport> settlement_files;
  std::vector<BucketTotal> totals;  // by bucket, then currency code; only those with rows
  std::vector<Break> breaks;        // by bucket, then ledger position, then settlement position
  std::vector<ProofLine> proof;     // every line holds, else match() threw Error(proof_failed)
  KeyRule key;
  bool balanced() const noexcept;  // no break and no reject and every check of every file holds
  std::uint64_t matched() const noexcept;

  // Reads matched pairs [first, first + count) again, in ledger order. Throws Error(file_changed) if a file is not what
  // it was.
  struct MatchedRow {
    std::string reference;
    SideRow ledger, settlement;
  };
  std::vector<MatchedRow> matches(std::uint64_t first, std::uint64_t count) const;

  struct Impl;
  explicit MatchResult(std::unique_ptr<Impl> impl);

 private:
  friend MatchResult match(std::vector<std::unique_ptr<Source>>, std::vector<std::unique_ptr<Source>>,
                           const struct MatchOptions&);
  std::unique_ptr<Impl> impl_;
};

// Reads both sides and matches them. Sources stay open inside the result. Throws Error.
MatchResult match(std::vector<std::unique_ptr<Source>> ledger, std::vector<std::unique_ptr<Source>> settlement,
                  const MatchOptions& options);

}  // namespace cuadre
