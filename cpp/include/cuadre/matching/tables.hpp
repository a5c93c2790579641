// What a reading and a reconciliation look like as tables. Nothing here decides or changes a result.
//
// Amount columns hold decimals with as many places as the finest currency among them has (at least 2), the currency
// beside them.
#pragma once

#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "cuadre/matching.hpp"
#include "cuadre/table.hpp"

namespace cuadre {

class RowTable;

// Several sources read one after the other into one table of rows.
struct Reading {
  std::vector<FileReport> files;
  std::shared_ptr<const RowTable> rows;
};
// Throws what Source::read throws.
Reading read_all(std::vector<std::unique_ptr<Source>> sources, const ReadOptions& options);

// reference, amount, currency, date, booked_date, kind, file, line, offset_bytes; no copy of the rows is made.
Table rows_table(const Reading& reading);

// The reports of one side. Tables over sides that have names start with a column `side`.
struct Side {
  std::string_view name;  // "ledger", "settlement", or empty where there is one side only
  const std::vector<FileReport>* files;
};
using Sides = std::vector<Side>;

Table rejects_table(const Sides& sides);  // file, line, offset_bytes, column, field, reason, reason_en, reason_es,
                                          // length_bytes, raw_text
Table checks_table(const Sides& sides);   // file, line, name, declared, found, holds
Table totals_table(const Sides& sides);   // file, currency, rows, amount
Table files_table(const Sides& sides);  // file, size_bytes, records, rows, rejects, ignored, checks_held, checks_failed

// bucket, currency, ledger_rows, settlement_rows, ledger_amount, settlement_amount, difference (settlement minus
// ledger)
Table summary_table(const MatchResult& result);
// side, what (rows or money), currency, in_files, in_buckets, rejected, ignored, holds
Table proof_table(const MatchResult& result);
// One row a break, computed when asked for. An amount stands where its row is accounted for by this break, so that
// columns add up; a row that is only named for context has file and line. age_days: from the older date to `as_of`.
Table breaks_table(std::shared_ptr<const MatchResult> result, std::optional<std::int32_t> as_of_days);
// One row a matched pair, read again from the files when asked for.
Table matches_table(std::shared_ptr<const MatchResult> result);

// What the breaks are worth, by currency code: the difference where amounts differ, else the whole amount, signs aside.
std::vector<CurrencyTotal> breaks_worth(const MatchResult& result);

}  // namespace cuadre
