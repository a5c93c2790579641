// Tables about files, whichever side they are on; and the rows of a reading.
#include "cuadre/settlement/tables.hpp"

#include <algorithm>

#include "money/table_amounts.hpp"
#include "settlement/row_table.hpp"

namespace cuadre {
namespace {

class RowsSource final : public TableSource {
 public:
  RowsSource(std::shared_ptr<const RowTable> rows, std::vector<std::string> files, int scale)
      : rows_(std::move(rows)), files_(std::move(files)) {
    schema_ = std::make_shared<TableSchema>(TableSchema{{"reference", ColumnType::utf8, false},
                                                        {"amount", ColumnType::decimal128, false, scale},
                                                        {"currency", ColumnType::dictionary, false},
                                                        {"date", ColumnType::date32},
                                                        {"booked_date", ColumnType::date32},
                                                        {"kind", ColumnType::dictionary, false},
                                                        {"file", ColumnType::dictionary, false},
                                                        {"line", ColumnType::uint64, false},
                                                        {"offset_bytes", ColumnType::uint64, false}});
    std::uint64_t first = 0;
    for (const RowChunk& chunk : rows_->chunks()) {
      firsts_.push_back(first);
      first += chunk.size();
    }
  }

  const TableSchema& schema() const noexcept override { return *schema_; }
  std::uint64_t rows() const noexcept override { return rows_->size(); }

  Batch batch(std::uint64_t first, std::size_t count) const override {
    BatchBuilder out(schema_);
    auto at = static_cast<std::size_t>(std::upper_bound(firsts_.begin(), firsts_.end(), first) - firsts_.begin()) - 1;
    std::size_t row = static_cast<std::size_t>(first - firsts_[at]);
    for (std::size_t done = 0; done < count && !out.full(); ++done) {
      while (row == rows_->chunks()[at].size()) ++at, row = 0;
      append(out, rows_->chunks()[at], row++);
    }
    return out.finish();
  }

 private:
  void append(BatchBuilder& out, const RowChunk& chunk, std::size_t row) const {
    out.text(chunk.reference(row)).decimal(chunk.amounts_minor[row], chunk.currencies[row].minor_units());
    out.text(chunk.currencies[row].code()).date(chunk.dates[row]).date(chunk.booked[row]);
    out.text(name(chunk.kinds[row])).text(files_[chunk.source]);
    out.unsigned_integer(chunk.lines[row]).unsigned_integer(chunk.offsets_bytes[row]);
  }

  std::shared_ptr<const RowTable> rows_;
  std::vector<std::string> files_;
  std::shared_ptr<const TableSchema> schema_;
  std::vector<std::uint64_t> firsts_;  // of each chunk
};

// Starts with `side` where sides have names.
TableSchema with_side(const Sides& sides, TableSchema columns) {
  if (!sides.empty() && !sides.front().name.empty())
    columns.insert(columns.begin(), {"side", ColumnType::dictionary, false});
  return columns;
}

BatchBuilder& row_of(TableBuilder& table, const Side& side) {
  BatchBuilder& row = table.row();
  if (!side.name.empty()) row.text(side.name);
  return row;
}

template <class Each>
void for_each_file(const Sides& sides, Each&& each) {
  for (const Side& side : sides) {
    for (const FileReport& file : *side.files) each(side, file);
  }
}

}  // namespace

Reading read_all(std::vector<std::unique_ptr<Source>> sources, const ReadOptions& options) {
  auto rows = std::make_shared<RowTable>();
  Reading reading;
  for (std::size_t source = 0; source < sources.size(); ++source) {
    rows->begin(static_cast<std::uint32_t>(source));
    reading.files.push_back(sources[source]->read(*rows, options));
  }
  rows->finish();
  reading.rows = std::move(rows);
  return reading;
}

Table rows_table(const Reading& reading) {
  std::vector<std::string> files;
  AmountScale scale;
  for (const FileReport& file : reading.files) {
    files.push_back(file.file);
    for (const CurrencyTotal& total : file.totals) scale.holds(total.currency);
  }
  return Table(std::make_shared<RowsSource>(reading.rows, std::move(files), scale.value()));
}

Table rejects_table(const Sides& sides) {
  TableBuilder table(with_side(sides, {{"file", ColumnType::dictionary, false},
                                       {"line", ColumnType::uint64, false},
                                       {"offset_bytes", ColumnType::uint64, false},
                                       {"column", ColumnType::uint64},
                                       {"field", ColumnType::utf8, false},
                                       {"reason", ColumnType::dictionary, false},
                                       {"reason_en", ColumnType::dictionary, false},
                                       {"reason_es", ColumnType::dictionary, false},
                                       {"length_bytes", ColumnType::uint64, false},
                                       {"raw_text", ColumnType::utf8, false}}));
  for_each_file(sides, [&](const Side& side, const FileReport& file) {
    for (const Reject& reject : file.rejects) {
      const Term& reason = reject_reasons()[static_cast<std::size_t>(reject.reason)];
      BatchBuilder& row = row_of(table, side);
      row.text(file.file).unsigned_integer(reject.line).unsigned_integer(reject.offset_bytes);
      if (reject.column == 0) {
        row.null();
      } else {
        row.unsigned_integer(reject.column);
      }
      row.text(reject.field).text(reason.name).text(reason.english).text(reason.spanish);
      row.unsigned_integer(reject.length_bytes).text(reject.raw_text);
    }
  });
  return table.finish();
}

Table checks_table(const Sides& sides, Language language) {
  TableBuilder table(with_side(sides, {{"file", ColumnType::dictionary, false},
                                       {"line", ColumnType::uint64, false},
                                       {"name", ColumnType::utf8, false},
                                       {"declared", ColumnType::utf8, false},
                                       {"found", ColumnType::utf8, false},
                                       {"holds", ColumnType::boolean, false}}));
  for_each_file(sides, [&](const Side& side, const FileReport& file) {
    for (const Check& check : file.checks) {
      row_of(table, side)
          .text(file.file)
          .unsigned_integer(check.line)
          .text(check.name(language))
          .text(check.declared.text(language))
          .text(check.found.text(language))
          .boolean(check.holds);
    }
  });
  return table.finish();
}

Table totals_table(const Sides& sides) {
  AmountScale scale;
  for_each_file(sides, [&](const Side&, const FileReport& file) {
    for (const CurrencyTotal& total : file.totals) scale.holds(total.currency);
  });
  TableBuilder table(with_side(sides, {{"file", ColumnType::dictionary, false},
                                       {"currency", ColumnType::dictionary, false},
                                       {"rows", ColumnType::uint64, false},
                                       {"amount", ColumnType::decimal128, false, scale.value()}}));
  for_each_file(sides, [&](const Side& side, const FileReport& file) {
    for (const CurrencyTotal& total : file.totals) {
      row_of(table, side)
          .text(file.file)
          .text(total.currency.code())
          .unsigned_integer(total.rows)
          .decimal(total.amount_minor, total.currency.minor_units());
    }
  });
  return table.finish();
}

Table files_table(const Sides& sides) {
  TableSchema columns{{"file", ColumnType::utf8, false}};
  for (const char* count : {"size_bytes", "records", "rows", "rejects", "ignored", "checks_held", "checks_failed"}) {
    columns.push_back({count, ColumnType::uint64, false});
  }
  TableBuilder table(with_side(sides, std::move(columns)));
  for_each_file(sides, [&](const Side& side, const FileReport& file) {
    const auto held = static_cast<std::uint64_t>(
        std::count_if(file.checks.begin(), file.checks.end(), [](const Check& check) { return check.holds; }));
    BatchBuilder& row = row_of(table, side);
    row.text(file.file).unsigned_integer(file.size_bytes).unsigned_integer(file.records).unsigned_integer(file.rows);
    row.unsigned_integer(file.rejects.size()).unsigned_integer(file.ignored);
    row.unsigned_integer(held).unsigned_integer(file.checks.size() - held);
  });
  return table.finish();
}

}  // namespace cuadre
