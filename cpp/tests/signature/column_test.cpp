// Columns of messages: the verdict of every row is the one that the engine gives to that message alone.
#include "cuadre/signature/column.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "signature/crypto.hpp"
#include "signature/encoding.hpp"

namespace cuadre {
namespace {

constexpr std::string_view kSecret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
constexpr std::int64_t kNow_us = 1'700'000'000'000'000;

Verifier verifier() {
  std::vector<Key> keys;
  keys.push_back({"2026-07", Secret(kSecret), std::nullopt, std::nullopt});
  return {"stripe", "notification", std::move(keys)};
}

struct Row {
  std::string body;
  std::optional<std::string> header;
};

std::vector<Row> rows(int count) {
  const HmacKey key(Algorithm::hmac_sha256, kSecret);
  std::vector<Row> out;
  for (int i = 0; i < count; ++i) {
    std::string body = R"({"id":"evt_)" + std::to_string(i) + R"("})";
    const std::string time = std::to_string(1'700'000'000 - (i % 11 == 5 ? 301 : 0));
    std::optional<std::string> header =
        "t=" + time + ",v1=" + hex_encode(key.authenticate(time + "." + body).bytes()) + (i % 11 == 6 ? "0" : "");
    if (i % 11 == 7) header.reset();
    if (i % 11 == 8) header = "t=" + time;
    if (i % 11 == 9) body = "no JSON, and not what was signed";
    out.push_back({std::move(body), std::move(header)});
  }
  return out;
}

Table table(const std::vector<Row>& rows) {
  TableBuilder builder({{"STRIPE-SIGNATURE", ColumnType::utf8}, {"body", ColumnType::utf8}});
  for (const Row& row : rows) {
    BatchBuilder& cells = builder.row();
    if (row.header)
      cells.text(*row.header);
    else
      cells.null();
    cells.text(row.body);
  }
  return builder.finish();
}

std::string line(bool verified, std::string_view reason, std::string_view id) {
  return verified ? "verified " + std::string(id) : std::string(reason);
}

std::vector<std::string> one_by_one(const Verifier& verifier, const std::vector<Row>& rows) {
  std::vector<std::string> out;
  for (const Row& row : rows) {
    std::vector<HeaderLine> headers;
    if (row.header) headers.push_back({"Stripe-Signature", *row.header});
    const Message message{row.body, headers, {}, "POST"};
    std::string from_verify;
    try {
      from_verify = line(true, {}, verifier.verify(message, kNow_us).event_id);
    } catch (const SignatureError& error) {
      from_verify = line(false, name(error.reason()), {});
      EXPECT_EQ(error.message(), std::string(name(error.reason())) + ": " + std::string(error.detail()));
      EXPECT_EQ(error.detail(), verifier.judge(message, kNow_us).detail);
    }
    const Verdict verdict = verifier.judge(message, kNow_us);
    out.push_back(line(!verdict.refused, name(verdict.refused.value_or(SignatureReason::mismatch)), verdict.event_id));
    EXPECT_EQ(out.back(), from_verify);
    const Verdict later = verifier.judge(message, kNow_us, true);
    EXPECT_EQ(later.refused, verdict.refused);
    EXPECT_EQ(later.event_id_later, !verdict.refused);
    EXPECT_TRUE(later.event_id.empty());
    if (!later.refused) {
      EXPECT_EQ(verifier.event_id(later.reading, message), verdict.event_id);
    }
  }
  return out;
}

std::vector<std::string> as_column(const Verifier& verifier, const std::vector<Row>& rows, unsigned threads) {
  ArrowArrayStream stream{};
  table(rows).export_stream(&stream);
  const Table answer = verify_column(verifier, &stream, {kNow_us, "POST", threads, nullptr});
  EXPECT_EQ(stream.release, nullptr);
  std::vector<std::string> out;
  for (std::uint64_t first = 0; first < answer.rows();) {
    const Batch batch = answer.batch(first);
    for (std::size_t row = 0; row < batch.rows(); ++row) {
      const bool verified = batch.integer(0, row) != 0;
      EXPECT_EQ(batch.is_null(1, row), verified);
      EXPECT_EQ(batch.is_null(2, row), !verified);
      if (verified) {
        EXPECT_EQ(batch.integer(5, row), kNow_us);
      }
      out.push_back(line(verified, batch.text(1, row), batch.text(4, row)));
    }
    first += batch.rows();
  }
  return out;
}

TEST(VerifyColumn, as_one_by_one_on_any_number_of_threads) {
  const Verifier made = verifier();
  for (const int count : {0, 1, 11, 2047, 2048, 2049, 70'000}) {
    const std::vector<Row> all = rows(count);
    const std::vector<std::string> wanted = one_by_one(made, all);
    for (const unsigned threads : {1U, 2U, 7U}) EXPECT_EQ(as_column(made, all, threads), wanted) << count;
  }
}

TEST(VerifyColumn, stops_when_it_is_told_to) {
  ArrowArrayStream stream{};
  table(rows(100)).export_stream(&stream);
  Progress progress;
  progress.cancel = true;
  try {
    verify_column(verifier(), &stream, {kNow_us, "POST", 2, &progress});
    ADD_FAILURE() << "it went on";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::cancelled);
  }
}

}  // namespace
}  // namespace cuadre
