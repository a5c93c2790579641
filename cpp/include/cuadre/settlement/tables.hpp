// What a reading looks like as tables. Nothing here decides or changes a result.
//
// Amount columns hold decimals with as many places as the finest currency among them has (at least 2), the currency
// beside them.
#pragma once

#include <memory>
#include <string_view>
#include <vector>

#include "cuadre/settlement.hpp"
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
Table checks_table(const Sides& sides, Language language);  // file, line, name, declared, found, holds
Table totals_table(const Sides& sides);                     // file, currency, rows, amount
Table files_table(const Sides& sides);  // file, size_bytes, records, rows, rejects, ignored, checks_held, checks_failed

}  // namespace cuadre
