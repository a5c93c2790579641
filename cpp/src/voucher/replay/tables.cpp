// What a replay looks like as tables. Batches are filled column by column when somebody asks.
#include <algorithm>
#include <array>
#include <cstring>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "money/table_amounts.hpp"
#include "table/arrow_memory.hpp"
#include "voucher/replay/data.hpp"
#include "voucher/replay/parts.hpp"

namespace cuadre {
namespace {

constexpr const char* kAmountNames[] = {"due", "paid", "reversed", "refunded", "reserved", "settled", "held", "earned"};
constexpr std::size_t kAmounts = std::size(kAmountNames);

void add_amounts(TableSchema& schema, int scale, bool nullable) {
  for (const char* name : kAmountNames) schema.push_back({name, ColumnType::decimal128, nullable, scale});
  for (std::size_t i = 0; i < kAccounts; ++i) {
    const std::string account(text_of(static_cast<Account>(i)).name);
    schema.push_back({"balance_" + account, ColumnType::decimal128, nullable, scale});
  }
}

int scale_of(const TotalsByCurrency& totals) {
  AmountScale scale;
  for (std::uint16_t id = 1; id < Currency::count(); ++id) {
    if (totals[id].records != 0) scale.holds(Currency::from_id(id));
  }
  return scale.value();
}

// Memory of a column, written row by row.
class Filler {
 public:
  Filler(ColumnData& column, std::size_t rows) : column_(column), rows_(rows) {}

  template <class T>
  T* numbers() {
    column_.values.resize(rows_ * sizeof(T));
    return reinterpret_cast<T*>(column_.values.data());
  }
  void null(std::size_t row) {
    if (column_.validity.empty()) column_.validity.assign((rows_ + 7) / 8, 0xFF);
    column_.validity[row / 8] = static_cast<std::uint8_t>(column_.validity[row / 8] & ~(1U << (row % 8)));
    ++column_.nulls;
  }
  void words(const std::vector<std::string_view>& words) {
    column_.dictionary = std::make_unique<ColumnData>();
    ColumnData& held = *column_.dictionary;
    held.values.resize((words.size() + 1) * sizeof(std::int32_t));
    std::int32_t end = 0;
    for (std::size_t i = 0; i < words.size(); ++i) {
      held.text.insert(held.text.end(), words[i].begin(), words[i].end());
      end = static_cast<std::int32_t>(held.text.size());
      std::memcpy(held.values.data() + (i + 1) * sizeof(end), &end, sizeof(end));
    }
    column_.dictionary_size = static_cast<std::int32_t>(words.size());
  }

 private:
  ColumnData& column_;
  std::size_t rows_;
};

std::vector<std::string_view> state_words(Machine machine) {
  std::vector<std::string_view> words;
  for (const StateInfo& state : machine_table(machine).states) words.push_back(state.name);
  return words;
}

// A source of batches over what a replay keeps.
class ReplaySource : public TableSource {
 public:
  ReplaySource(std::shared_ptr<const Replay::Data> data, TableSchema schema)
      : data_(std::move(data)), schema_(std::make_shared<const TableSchema>(std::move(schema))) {}
  const TableSchema& schema() const noexcept override { return *schema_; }
  bool concurrent() const noexcept override { return true; }

  Batch batch(std::uint64_t from, std::size_t count) const override {
    auto data = std::make_shared<BatchData>();
    data->schema = schema_;
    data->rows = count;
    data->columns.resize(schema_->size());
    fill(static_cast<std::size_t>(from), *data);
    return make_batch(std::move(data));
  }

 protected:
  virtual void fill(std::size_t first, BatchData& out) const = 0;
  const Replay::Data& data() const noexcept { return *data_; }

 private:
  std::shared_ptr<const Replay::Data> data_;
  std::shared_ptr<const TableSchema> schema_;
};

// ---- records

class RecordsSource final : public ReplaySource {
 public:
  RecordsSource(std::shared_ptr<const Replay::Data> data, int scale)
      : ReplaySource(std::move(data), schema_of(scale)), powers_(Currency::count()) {
    for (std::uint16_t id = 0; id < Currency::count(); ++id) {
      const int minor_units = Currency::from_id(id).minor_units();
      powers_[id] = power_of_ten(minor_units < 0 || minor_units > scale ? 0 : scale - minor_units);
    }
  }
  std::uint64_t rows() const noexcept override { return data().records; }

 private:
  static TableSchema schema_of(int scale) {
    TableSchema schema = {{"reference", ColumnType::utf8},
                          {"currency", ColumnType::dictionary},
                          {"state", ColumnType::dictionary},
                          {"needs_review", ColumnType::boolean}};
    add_amounts(schema, scale, true);
    schema.push_back({"expires_at", ColumnType::timestamp_us});
    schema.push_back({"events", ColumnType::int64});
    schema.push_back({"quarantined", ColumnType::int64});
    schema.push_back({"fault", ColumnType::dictionary});
    return schema;
  }

  void fill(std::size_t first, BatchData& out) const override {
    references(first, out.rows, out.columns[0]);
    currencies(first, out.rows, out.columns[1]);
    states(first, out);
    for (std::size_t i = 0; i < kAmounts + kAccounts; ++i) amounts(first, i, out.rows, out.columns[4 + i]);
    std::size_t column = 4 + kAmounts + kAccounts;
    numbers(
        first, out.rows, out.columns[column++], [](const RecordRow& row) { return row.expires_at_us; }, true);
    numbers(
        first, out.rows, out.columns[column++],
        [](const RecordRow& row) { return static_cast<std::int64_t>(row.events); }, false);
    numbers(
        first, out.rows, out.columns[column++],
        [](const RecordRow& row) { return static_cast<std::int64_t>(row.quarantined); }, false);
    faults(first, out.rows, out.columns[column]);
  }

  const RecordRow* rows_from(std::size_t first) const noexcept { return data().rows.get() + first; }

  void references(std::size_t first, std::size_t count, ColumnData& out) const {
    Filler filler(out, count);
    out.values.resize((count + 1) * sizeof(std::int32_t));
    std::size_t at = 0;
    data().terms->table().for_rows(
        first, first + count, [&](const InputTable::Part& part, std::size_t row, std::size_t) {
          const std::string_view text = data().terms->reference(part, row);
          if (text.empty()) filler.null(at);
          out.text.insert(out.text.end(), text.begin(), text.end());
          if (out.text.size() > INT32_MAX)
            throw Error(ErrorCode::argument_invalid, "references of more than 2 GiB in one batch");
          const auto end = static_cast<std::int32_t>(out.text.size());
          std::memcpy(out.values.data() + ++at * sizeof(end), &end, sizeof(end));
        });
  }

  void currencies(std::size_t first, std::size_t count, ColumnData& out) const {
    Filler filler(out, count);
    auto* codes = filler.numbers<std::int32_t>();
    std::vector<std::int32_t> places(Currency::count(), -1);
    std::vector<std::string_view> words;
    const RecordRow* rows = rows_from(first);
    for (std::size_t i = 0; i < count; ++i) {
      const auto id = static_cast<std::uint16_t>(rows[i].currency);
      codes[i] = 0;
      if (id == 0) {
        filler.null(i);
        continue;
      }
      if (places[id] < 0) {
        places[id] = static_cast<std::int32_t>(words.size());
        words.push_back(Currency::from_id(id).code());
      }
      codes[i] = places[id];
    }
    filler.words(words);
  }

  void states(std::size_t first, BatchData& out) const {
    Filler words(out.columns[2], out.rows);
    Filler review(out.columns[3], out.rows);
    words.words(state_words(data().machine));
    auto* codes = words.numbers<std::int32_t>();
    Buffer& bits = out.columns[3].values;
    bits.assign((out.rows + 7) / 8, 0);
    const auto infos = machine_table(data().machine).states;
    const RecordRow* rows = rows_from(first);
    for (std::size_t i = 0; i < out.rows; ++i) {
      codes[i] = static_cast<std::int32_t>(rows[i].state);
      if (rows[i].fault != 0) words.null(i), review.null(i);
      if (infos[rows[i].state].review) bits[i / 8] = static_cast<std::uint8_t>(bits[i / 8] | 1U << (i % 8));
    }
  }

  static std::int64_t amount_of(const RecordRow& row, std::size_t which) noexcept {
    const std::int64_t minor[] = {row.due,      row.paid,    row.reversed, row.refunded,
                                  row.reserved, row.settled, row.held,     row.earned};
    if (which < kAmounts) return minor[which];
    const std::size_t account = which - kAmounts;
    if (account < row.balances.size()) return row.balances[account];
    std::int64_t rest = 0;
    for (const std::int64_t balance : row.balances) rest -= balance;
    return rest;
  }

  void amounts(std::size_t first, std::size_t which, std::size_t count, ColumnData& out) const {
    Filler filler(out, count);
    auto* values = filler.numbers<Int128>();
    const RecordRow* rows = rows_from(first);
    for (std::size_t i = 0; i < count; ++i) {
      if (rows[i].fault != 0) filler.null(i);
      values[i] = Int128{amount_of(rows[i], which)} * powers_[rows[i].currency];
    }
  }

  template <class Get>
  void numbers(std::size_t first, std::size_t count, ColumnData& out, Get&& get, bool no_time_is_null) const {
    Filler filler(out, count);
    auto* values = filler.numbers<std::int64_t>();
    const RecordRow* rows = rows_from(first);
    for (std::size_t i = 0; i < count; ++i) {
      values[i] = get(rows[i]);
      if (!no_time_is_null || values[i] != kNoTime) continue;
      filler.null(i);
      values[i] = 0;
    }
  }

  void faults(std::size_t first, std::size_t count, ColumnData& out) const {
    static constexpr std::string_view kNames[] = {
#define CUADRE_X(name, text) #name,
        CUADRE_TERM_FAULTS(CUADRE_X)
#undef CUADRE_X
    };
    Filler filler(out, count);
    filler.words({std::begin(kNames), std::end(kNames)});
    auto* codes = filler.numbers<std::int32_t>();
    const RecordRow* rows = rows_from(first);
    for (std::size_t i = 0; i < count; ++i) {
      codes[i] = static_cast<std::int32_t>(rows[i].fault);
      if (rows[i].fault == 0) filler.null(i);
    }
  }

  std::vector<std::int64_t> powers_;  // to the table's scale, by currency
};

// ---- outcomes

class OutcomesSource final : public ReplaySource {
 public:
  explicit OutcomesSource(std::shared_ptr<const Replay::Data> data)
      : ReplaySource(std::move(data), {{"outcome", ColumnType::dictionary},
                                       {"reason", ColumnType::dictionary},
                                       {"from_state", ColumnType::dictionary},
                                       {"to_state", ColumnType::dictionary}}) {}
  std::uint64_t rows() const noexcept override { return data().events; }

 private:
  void fill(std::size_t first, BatchData& out) const override {
    std::vector<std::string_view> reasons;
    for (std::size_t i = 0; i <= static_cast<std::size_t>(StepReason::too_many); ++i)
      reasons.push_back(text_of(static_cast<StepReason>(i)).name);
    std::vector<std::string_view> outcomes;
    for (std::size_t i = 0; i < EventAnswer::kLater; ++i) outcomes.push_back(name(static_cast<Outcome>(i)));
    const auto later = [](const EventAnswer& is) { return is.outcome == EventAnswer::kLater; };
    column(
        first, out, 0, outcomes, [](const EventAnswer& is) { return is.outcome; }, later);
    column(
        first, out, 1, reasons, [](const EventAnswer& is) { return is.reason; }, later);
    const std::vector<std::string_view> states = state_words(data().machine);
    const auto stateless = [](const EventAnswer& is) { return is.from == EventAnswer::kNoState; };
    column(
        first, out, 2, states, [](const EventAnswer& is) { return is.from; }, stateless);
    column(
        first, out, 3, states, [](const EventAnswer& is) { return is.to; }, stateless);
  }

  template <class Get, class Null>
  void column(std::size_t first, BatchData& out, std::size_t at, const std::vector<std::string_view>& words, Get&& get,
              Null&& null) const {
    Filler filler(out.columns[at], out.rows);
    filler.words(words);
    auto* codes = filler.numbers<std::int32_t>();
    const std::uint32_t* answers = data().answers.get() + first;
    for (std::size_t i = 0; i < out.rows; ++i) {
      const EventAnswer answer = EventAnswer::of(answers[i]);
      codes[i] = get(answer);
      if (!null(answer)) continue;
      codes[i] = 0;
      filler.null(i);
    }
  }
};

}  // namespace

Table Replay::records() const { return Table(std::make_shared<RecordsSource>(data_, scale_of(data_->totals))); }

Table Replay::outcomes() const { return Table(std::make_shared<OutcomesSource>(data_)); }

Table Replay::totals() const {
  TableSchema schema = {{"currency", ColumnType::dictionary},
                        {"records", ColumnType::int64, false},
                        {"events", ColumnType::int64, false}};
  for (std::size_t i = 0; i < EventAnswer::kLater; ++i)
    schema.push_back({std::string(name(static_cast<Outcome>(i))), ColumnType::int64, false});
  schema.push_back({"later", ColumnType::int64, false});
  add_amounts(schema, scale_of(data_->totals), true);
  schema.push_back({"holds", ColumnType::boolean, false});
  TableBuilder table(std::move(schema));
  for (std::uint16_t step = 1; step <= Currency::count(); ++step) {  // those of no currency come last
    const std::uint16_t id = step == Currency::count() ? std::uint16_t{0} : step;
    const ReplayTotals& of = data_->totals[id];
    if (of.records == 0 && of.told() == 0) continue;
    const Currency currency = Currency::from_id(id);
    BatchBuilder& row = table.row();
    if (id == 0) {
      row.null();
    } else {
      row.text(currency.code());
    }
    row.integer(static_cast<std::int64_t>(of.records)).integer(static_cast<std::int64_t>(of.told()));
    for (const std::uint64_t count : of.events) row.integer(static_cast<std::int64_t>(count));
    Int128 sum = 0;
    for (const Int128 balance : of.balances) sum += balance;
    const auto amount = [&](Int128 minor) { id == 0 ? row.null() : row.decimal(minor, currency.minor_units()); };
    for (const Int128 minor : of.amounts) amount(minor);
    for (const Int128 minor : of.balances) amount(minor);
    row.boolean(sum == 0);
  }
  return table.finish();
}

Table Replay::due(std::int64_t now_us) const {
  TableBuilder table({{"reference", ColumnType::utf8, false},
                      {"kind", ColumnType::dictionary, false},
                      {"source", ColumnType::dictionary, false},
                      {"occurred_at", ColumnType::timestamp_us, false},
                      {"received_at", ColumnType::timestamp_us, false}});
  const RecordRow* rows = data_->rows.get();
  data_->terms->table().for_rows(0, data_->records, [&](const InputTable::Part& part, std::size_t at, std::size_t row) {
    const RecordRow& is = rows[row];
    if (is.may_expire == 0 || is.expires_at_us >= now_us) return;
    table.row()
        .text(part.text(0, at))
        .text("expired")
        .text(name(EventSource::clock))
        .timestamp(is.expires_at_us)
        .timestamp(now_us);
  });
  return table.finish();
}

}  // namespace cuadre
