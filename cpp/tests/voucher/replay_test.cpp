// Columns of events over columns of vouchers: state and outcome of every row are those of one Record after the other.
#include "cuadre/voucher/replay.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

namespace cuadre {
namespace {

constexpr std::int64_t kHour_us = 3'600'000'000;
constexpr std::int64_t kMade_us = 1'790'000'000'000'000;
constexpr std::int64_t kDue_minor = 5000;
constexpr int kKinds = 6;

struct Row {
  int voucher;
  Event event;
};

Terms terms_of(int voucher) {
  Terms terms;
  terms.gateway = "any";
  terms.reference = "A-" + std::to_string(voucher);
  terms.environment = "production";
  terms.amount = Money::from_minor(kDue_minor, Currency::of("PEN"));
  terms.made_at_us = kMade_us;
  terms.expires_at_us = kMade_us + 48 * kHour_us;
  return terms;
}

// A history that hangs on nothing but the number of the row: every kind, some late, some doubled, some out of order.
Row row_of(int number, int vouchers) {
  constexpr VoucherEvent kinds[kKinds] = {VoucherEvent::pending,  VoucherEvent::paid,    VoucherEvent::settled,
                                          VoucherEvent::refunded, VoucherEvent::expired, VoucherEvent::reversed};
  const int turn = number / vouchers;
  Row row{number % vouchers, {}};
  const VoucherEvent kind = kinds[(turn + row.voucher % 5) % kKinds];
  row.event.event = static_cast<std::uint8_t>(kind);
  row.event.occurred_at_us = kMade_us + (turn * 17 + row.voucher * 7) % 60 * kHour_us;
  row.event.received_at_us = row.event.occurred_at_us + (number % 3) * kHour_us;
  row.event.id = "e" + std::to_string(turn % 4);
  if (machine_table(Machine::voucher).events[row.event.event].has_amount)
    row.event.amount = Money::from_minor(kind == VoucherEvent::refunded ? 2000 : kDue_minor, Currency::of("PEN"));
  return row;
}

ArrowArrayStream vouchers_stream(int vouchers) {
  TableBuilder builder({{"reference", ColumnType::utf8},
                        {"amount_minor", ColumnType::int64},
                        {"currency", ColumnType::dictionary},
                        {"issued_at", ColumnType::timestamp_us},
                        {"expires_at", ColumnType::timestamp_us}});
  for (int i = 0; i < vouchers; ++i) {
    const Terms terms = terms_of(i);
    builder.row()
        .text(terms.reference)
        .integer(kDue_minor)
        .text("PEN")
        .timestamp(terms.made_at_us)
        .timestamp(terms.expires_at_us);
  }
  ArrowArrayStream stream{};
  builder.finish().export_stream(&stream);
  return stream;
}

ArrowArrayStream events_stream(const std::vector<Row>& rows) {
  TableBuilder builder({{"reference", ColumnType::utf8},
                        {"kind", ColumnType::dictionary},
                        {"source", ColumnType::dictionary},
                        {"amount_minor", ColumnType::int64},
                        {"occurred_at", ColumnType::timestamp_us},
                        {"received_at", ColumnType::timestamp_us},
                        {"id", ColumnType::utf8}});
  for (const Row& row : rows) {
    BatchBuilder& cells = builder.row();
    cells.text("A-" + std::to_string(row.voucher))
        .text(machine_table(Machine::voucher).events[row.event.event].name)
        .text(name(row.event.source));
    if (row.event.amount) {
      cells.integer(row.event.amount->amount_minor());
    } else {
      cells.null();
    }
    cells.timestamp(row.event.occurred_at_us).timestamp(row.event.received_at_us).text(row.event.id);
  }
  ArrowArrayStream stream{};
  builder.finish().export_stream(&stream);
  return stream;
}

std::vector<std::string> one_by_one(const std::vector<Row>& rows, int vouchers) {
  std::vector<Record> records;
  for (int i = 0; i < vouchers; ++i) records.emplace_back(terms_of(i));
  for (const Row& row : rows)
    records[static_cast<std::size_t>(row.voucher)] =
        records[static_cast<std::size_t>(row.voucher)].apply(row.event).first;
  std::vector<std::string> out;
  for (const Record& record : records)
    out.push_back(record.terms().reference + " " +
                  std::string(machine_table(Machine::voucher).states[record.state()].name) + " " +
                  decimal_text(record.totals().paid, 2));
  return out;
}

std::vector<std::string> as_columns(const std::vector<Row>& rows, int vouchers, unsigned threads) {
  ArrowArrayStream terms = vouchers_stream(vouchers);
  ArrowArrayStream events = events_stream(rows);
  ReplayOptions options;
  options.threads = threads;
  const Table records = replay_events(hold_table(&terms), hold_table(&events), options).records();
  std::vector<std::string> out;
  for (std::uint64_t first = 0; first < records.rows();) {
    const Batch batch = records.batch(first);
    for (std::size_t row = 0; row < batch.rows(); ++row) {
      std::string line;
      for (const std::string_view column : {"reference", "state", "paid"}) {
        std::size_t at = 0;
        while (batch.schema()[at].name != column) ++at;
        if (!line.empty()) line += ' ';
        batch.append_cell(line, at, row);
      }
      out.push_back(std::move(line));
    }
    first += batch.rows();
  }
  return out;
}

TEST(Replay, as_one_by_one_on_any_number_of_threads_in_any_order) {
  for (const auto& [vouchers, events] : {std::pair{1, 0}, std::pair{7, 61}, std::pair{900, 5000}}) {
    std::vector<Row> rows;
    for (int i = 0; i < events; ++i) rows.push_back(row_of(i, vouchers));
    const std::vector<std::string> wanted = one_by_one(rows, vouchers);
    for (const unsigned threads : {1U, 2U, 5U}) {
      EXPECT_EQ(as_columns(rows, vouchers, threads), wanted) << vouchers << " on " << threads;
      std::reverse(rows.begin(), rows.end());
    }
  }
}

}  // namespace
}  // namespace cuadre
