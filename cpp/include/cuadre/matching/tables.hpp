// What a reconciliation looks like as tables. Nothing here decides or changes a result.
//
// Amount columns hold decimals with as many places as the finest currency among them has (at least 2), the currency
// beside them.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "cuadre/matching.hpp"
#include "cuadre/table.hpp"

namespace cuadre {

// bucket, currency, ledger_rows, settlement_rows, ledger_amount, settlement_amount, difference (settlement minus
// ledger)
Table summary_table(const MatchResult& result);
// side, what (rows or money), currency, in_files, in_buckets, rejected, ignored, holds
Table proof_table(const MatchResult& result);
// One row a break, computed when asked for. An amount stands where its row is accounted for by this break, so that
// columns add up; a row that is only named for context has file and line. age_days: from the older date to `as_of`.
Table breaks_table(std::shared_ptr<const MatchResult> result, std::optional<std::int32_t> as_of_days);
// For who fills a break's sentence from its row in breaks_table, one row each: its form, by name, and the amount of a
// row that is named for context.
Table forms_table(const MatchResult& result);
// One row a matched pair, read again from the files when asked for.
Table matches_table(std::shared_ptr<const MatchResult> result);

// What the breaks are worth, by currency code: the difference where amounts differ, else the whole amount, signs aside.
std::vector<CurrencyTotal> breaks_worth(const MatchResult& result);

}  // namespace cuadre
