// Tables about a reconciliation.
#include "cuadre/matching/tables.hpp"

#include <algorithm>
#include <map>

#include "cuadre/matching/sentence.hpp"
#include "money/table_amounts.hpp"

namespace cuadre {
namespace {

int scale_of(const MatchResult& result) {
  AmountScale scale;
  for (const BucketTotal& total : result.totals) scale.holds(total.currency);
  return scale.value();
}

std::string_view label(const std::vector<FileReport>& files, const SideRow& row) { return files[row.source].file; }

// file, line, offset_bytes, date of one side; nulls where there is no such row.
void append_place(BatchBuilder& out, const std::vector<FileReport>& files, const SideRow& row) {
  if (!row.present) {
    out.null().null().null().null();
    return;
  }
  out.text(label(files, row)).unsigned_integer(row.line).unsigned_integer(row.offset_bytes).date(row.date_days);
}

void append_amount(BatchBuilder& out, const SideRow& row) {
  if (row.owned) {
    out.decimal(row.amount_minor, row.currency.minor_units());
  } else {
    out.null();
  }
}

class BreaksSource final : public TableSource {
 public:
  BreaksSource(std::shared_ptr<const MatchResult> result, std::optional<std::int32_t> as_of_days)
      : result_(std::move(result)), as_of_days_(as_of_days) {
    const int scale = scale_of(*result_);
    schema_ = std::make_shared<TableSchema>(TableSchema{{"code", ColumnType::dictionary, false},
                                                        {"reference", ColumnType::utf8, false},
                                                        {"kind", ColumnType::dictionary, false},
                                                        {"currency", ColumnType::dictionary, false},
                                                        {"ledger_amount", ColumnType::decimal128, true, scale},
                                                        {"settlement_amount", ColumnType::decimal128, true, scale},
                                                        {"difference", ColumnType::decimal128, true, scale},
                                                        {"settlement_currency", ColumnType::dictionary},
                                                        {"ledger_file", ColumnType::dictionary},
                                                        {"ledger_line", ColumnType::uint64},
                                                        {"ledger_offset_bytes", ColumnType::uint64},
                                                        {"ledger_date", ColumnType::date32},
                                                        {"settlement_file", ColumnType::dictionary},
                                                        {"settlement_line", ColumnType::uint64},
                                                        {"settlement_offset_bytes", ColumnType::uint64},
                                                        {"settlement_date", ColumnType::date32},
                                                        {"age_days", ColumnType::int32},
                                                        {"sentence_en", ColumnType::utf8, false},
                                                        {"sentence_es", ColumnType::utf8, false}});
  }

  const TableSchema& schema() const noexcept override { return *schema_; }
  std::uint64_t rows() const noexcept override { return result_->breaks.size(); }
  bool concurrent() const noexcept override { return true; }

  Batch batch(std::uint64_t first, std::size_t count) const override {
    BatchBuilder out(schema_);
    std::string sentence;
    for (std::size_t done = 0; done < count && !out.full(); ++done) {
      append(out, result_->breaks[static_cast<std::size_t>(first) + done], sentence);
    }
    return out.finish();
  }

 private:
  void append(BatchBuilder& out, const Break& item, std::string& sentence) const {
    const SideRow& main = item.ledger.owned ? item.ledger : item.settlement;
    out.text(name(item.code)).text(item.reference).text(name(main.kind)).text(main.currency.code());
    append_amount(out, item.ledger);
    append_amount(out, item.settlement);
    if (item.code == Bucket::currency_differs) {
      out.null();
    } else {
      const Int128 theirs = item.settlement.owned ? item.settlement.amount_minor : 0;
      const Int128 ours = item.ledger.owned ? item.ledger.amount_minor : 0;
      out.decimal(theirs - ours, main.currency.minor_units());
    }
    if (item.settlement.owned) {
      out.text(item.settlement.currency.code());
    } else {
      out.null();
    }
    append_place(out, result_->ledger_files, item.ledger);
    append_place(out, result_->settlement_files, item.settlement);
    append_age(out, item);
    for (const Language language : {Language::english, Language::spanish}) {
      sentence.clear();
      append_sentence(sentence, language, item, result_->key, result_->ledger_files, result_->settlement_files);
      out.text(sentence);
    }
  }

  // From the older date of the rows that this break accounts for.
  void append_age(BatchBuilder& out, const Break& item) const {
    std::int32_t oldest = kNoDate;
    for (const SideRow* row : {&item.ledger, &item.settlement}) {
      if (!row->owned || row->date_days == kNoDate) continue;
      oldest = oldest == kNoDate ? row->date_days : std::min(oldest, row->date_days);
    }
    if (!as_of_days_ || oldest == kNoDate) {
      out.null();
    } else {
      out.integer(*as_of_days_ - oldest);
    }
  }

  std::shared_ptr<const MatchResult> result_;
  std::optional<std::int32_t> as_of_days_;
  std::shared_ptr<const TableSchema> schema_;
};

class MatchesSource final : public TableSource {
 public:
  explicit MatchesSource(std::shared_ptr<const MatchResult> result) : result_(std::move(result)) {
    schema_ = std::make_shared<TableSchema>(TableSchema{{"reference", ColumnType::utf8, false},
                                                        {"kind", ColumnType::dictionary, false},
                                                        {"currency", ColumnType::dictionary, false},
                                                        {"amount", ColumnType::decimal128, false, scale_of(*result_)},
                                                        {"ledger_file", ColumnType::dictionary, false},
                                                        {"ledger_line", ColumnType::uint64, false},
                                                        {"ledger_offset_bytes", ColumnType::uint64, false},
                                                        {"ledger_date", ColumnType::date32},
                                                        {"settlement_file", ColumnType::dictionary, false},
                                                        {"settlement_line", ColumnType::uint64, false},
                                                        {"settlement_offset_bytes", ColumnType::uint64, false},
                                                        {"settlement_date", ColumnType::date32}});
  }

  const TableSchema& schema() const noexcept override { return *schema_; }
  std::uint64_t rows() const noexcept override { return result_->matched(); }

  Batch batch(std::uint64_t first, std::size_t count) const override {
    BatchBuilder out(schema_);
    for (const MatchResult::MatchedRow& row : result_->matches(first, count)) {
      out.text(row.reference).text(name(row.ledger.kind)).text(row.ledger.currency.code());
      out.decimal(row.ledger.amount_minor, row.ledger.currency.minor_units());
      append_place(out, result_->ledger_files, row.ledger);
      append_place(out, result_->settlement_files, row.settlement);
      if (out.full()) break;
    }
    return out.finish();
  }

 private:
  std::shared_ptr<const MatchResult> result_;
  std::shared_ptr<const TableSchema> schema_;
};

Int128 at_stake(const Break& item) {
  const Int128 ours = item.ledger.owned ? item.ledger.amount_minor : 0;
  const Int128 theirs = item.settlement.owned ? item.settlement.amount_minor : 0;
  const Int128 stake = item.code == Bucket::currency_differs ? ours : theirs - ours;
  return stake < 0 ? -stake : stake;
}

}  // namespace

Table summary_table(const MatchResult& result) {
  const int scale = scale_of(result);
  TableBuilder table({{"bucket", ColumnType::dictionary, false},
                      {"currency", ColumnType::dictionary, false},
                      {"ledger_rows", ColumnType::uint64, false},
                      {"settlement_rows", ColumnType::uint64, false},
                      {"ledger_amount", ColumnType::decimal128, false, scale},
                      {"settlement_amount", ColumnType::decimal128, false, scale},
                      {"difference", ColumnType::decimal128, false, scale}});
  for (const BucketTotal& total : result.totals) {
    BatchBuilder& row = table.row();
    row.text(name(total.bucket)).text(total.currency.code());
    row.unsigned_integer(total.ledger_rows).unsigned_integer(total.settlement_rows);
    row.decimal(total.ledger_minor, total.currency.minor_units())
        .decimal(total.settlement_minor, total.currency.minor_units());
    row.decimal(total.settlement_minor - total.ledger_minor, total.currency.minor_units());
  }
  return table.finish();
}

Table proof_table(const MatchResult& result) {
  const int scale = scale_of(result);
  TableBuilder table({{"side", ColumnType::dictionary, false},
                      {"what", ColumnType::dictionary, false},
                      {"currency", ColumnType::dictionary},
                      {"in_files", ColumnType::decimal128, false, scale},
                      {"in_buckets", ColumnType::decimal128, false, scale},
                      {"rejected", ColumnType::uint64, false},
                      {"ignored", ColumnType::uint64, false},
                      {"holds", ColumnType::boolean, false}});
  Int128 unit = 1;
  for (int digit = 0; digit < scale; ++digit) unit *= 10;
  for (const ProofLine& line : result.proof) {
    BatchBuilder& row = table.row();
    row.text(line.ledger ? "ledger" : "settlement").text(line.currency ? "money" : "rows");
    if (line.currency) {
      row.text(line.currency.code())
          .decimal(line.files, line.currency.minor_units())
          .decimal(line.buckets, line.currency.minor_units());
    } else {
      row.null().decimal(line.files * unit).decimal(line.buckets * unit);
    }
    row.unsigned_integer(line.rejected).unsigned_integer(line.ignored).boolean(line.holds);
  }
  return table.finish();
}

Table breaks_table(std::shared_ptr<const MatchResult> result, std::optional<std::int32_t> as_of_days) {
  return Table(std::make_shared<BreaksSource>(std::move(result), as_of_days));
}

Table forms_table(const MatchResult& result) {
  TableBuilder table({{"form", ColumnType::dictionary, false},
                      {"named_amount", ColumnType::decimal128, true, scale_of(result)},
                      {"named_currency", ColumnType::dictionary}});
  for (const Break& item : result.breaks) {
    BatchBuilder& row = table.row();
    row.text(sentence_forms()[static_cast<std::size_t>(form_of(item))].name);
    const SideRow& other = item.ledger.owned ? item.settlement : item.ledger;
    if (other.present && !other.owned) {
      row.decimal(other.amount_minor, other.currency.minor_units()).text(other.currency.code());
    } else {
      row.null().null();
    }
  }
  return table.finish();
}

Table matches_table(std::shared_ptr<const MatchResult> result) {
  return Table(std::make_shared<MatchesSource>(std::move(result)));
}

std::vector<CurrencyTotal> breaks_worth(const MatchResult& result) {
  std::map<std::string_view, CurrencyTotal> sums;
  for (const Break& item : result.breaks) {
    const Currency currency = item.ledger.owned ? item.ledger.currency : item.settlement.currency;
    CurrencyTotal& sum = sums[currency.code()];
    sum.currency = currency;
    ++sum.rows;
    sum.amount_minor += at_stake(item);
  }
  std::vector<CurrencyTotal> out;
  out.reserve(sums.size());
  for (const auto& [code, sum] : sums) out.push_back(sum);
  return out;
}

}  // namespace cuadre
