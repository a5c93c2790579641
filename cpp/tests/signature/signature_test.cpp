// The engine from outside: genuine messages accepted, and every hostile one refused by the one family with its reason.
#include "cuadre/signature.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>

#include "signature/secret.hpp"

namespace cuadre {
namespace {

constexpr std::string_view kId = "msg_p5jXN8AQM9LWM0D4loKWxJek";
constexpr std::string_view kTime = "1614265330";
constexpr std::string_view kBody = "{\"test\": 2432232314}";
constexpr std::string_view kTag = "g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";
constexpr std::string_view kSecret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
constexpr std::int64_t kSecond = 1'000'000;
constexpr std::int64_t kNow = 1614265330 * kSecond;

Piece piece(Piece::From from, std::string name = {}) {
  Piece made;
  made.from = from;
  made.name = std::move(name);
  return made;
}

Scheme webhook() {
  Scheme made;
  made.gateway = "webhook";
  made.message = "notification";
  made.key_form = KeyForm::base64_prefixed;
  made.key_prefix = "whsec_";
  made.encoding = SignatureEncoding::base64;
  made.pieces = {piece(Piece::From::id), piece(Piece::From::timestamp), piece(Piece::From::body)};
  made.separator = ".";
  made.carrier.names = {"webhook-signature"};
  made.carrier.syntax = Carrier::Syntax::versions;
  made.carrier.signature_keys = {"v1"};
  made.time_form = TimeForm::unix_s;
  made.time_at = piece(Piece::From::header, "webhook-timestamp");
  made.time_signed = true;
  made.id_at = {piece(Piece::From::header, "webhook-id")};
  return made;
}

std::vector<Scheme> one(Scheme scheme) {
  std::vector<Scheme> readings;
  readings.push_back(std::move(scheme));
  return readings;
}

std::vector<Key> key(std::string_view secret, std::string id = "k") {
  std::vector<Key> keys;
  keys.push_back({std::move(id), Secret(secret), std::nullopt, std::nullopt});
  return keys;
}

std::string outcome(const Verifier& verifier, const Message& message, std::int64_t now_us = kNow) {
  try {
    verifier.verify(message, now_us);
    return "verified";
  } catch (const SignatureError& error) {
    EXPECT_EQ(error.code(), ErrorCode::signature_refused);
    EXPECT_EQ(std::string(error.what()).find(kTag), std::string::npos);
    return std::string(name(error.reason()));
  }
}

std::string outcome(std::string_view id, std::string_view time, std::string_view signature,
                    std::string_view body = kBody, std::int64_t now_us = kNow) {
  const Verifier verifier(one(webhook()), key(kSecret));
  const HeaderLine headers[] = {{"Webhook-Id", id}, {"WEBHOOK-TIMESTAMP", time}, {"webhook-signature", signature}};
  return outcome(verifier, {body, headers, "", "POST"}, now_us);
}

std::string good() { return "v1," + std::string(kTag); }

TEST(Verify, genuine_and_where_the_signature_stands) {
  EXPECT_EQ(outcome(kId, kTime, good()), "verified");
  EXPECT_EQ(outcome(kId, kTime, "v1,Ceo5qEr07ixe2NLpvHk3FH9bwy/WavXrAFQ/9tdO6mc= v2,x " + good()), "verified");
  EXPECT_EQ(outcome(kId, kTime, "v1,junk! " + good()), "verified");
}

TEST(Verify, hostile_signatures) {
  const std::string tag(kTag);
  const std::pair<std::string, const char*> cases[] = {
      {"", "header_malformed"},
      {"v1", "header_malformed"},
      {"v1,", "encoding_malformed"},
      {tag, "header_malformed"},
      {"v2," + tag, "header_malformed"},
      {"V1," + tag, "header_malformed"},
      {" v1," + tag, "header_malformed"},
      {"v1," + tag + " ", "header_malformed"},
      {"v1," + tag + "\n", "encoding_malformed"},
      {"v1," + tag.substr(0, 43), "encoding_malformed"},         // padding cut
      {"v1," + tag.substr(0, 42) + "F=", "encoding_malformed"},  // the same bytes in another spelling
      {"v1," + tag.substr(0, 20), "encoding_malformed"},         // truncated tag
      {"v1," + tag.substr(0, 42) + "A=", "mismatch"},
      {"v1,\xC3\xB1" + tag.substr(2), "encoding_malformed"},
      {"v1,g0hM9SsE-OTPJTGt_tmIKtSyZlE3uFJELVlNIOLJ1OE=", "encoding_malformed"},  // another alphabet
      {"v1," + tag + "," + tag, "encoding_malformed"},
  };
  for (const auto& [signature, reason] : cases) EXPECT_EQ(outcome(kId, kTime, signature), reason) << signature;
}

TEST(Verify, many_candidates) {
  std::string eleven;
  for (int i = 0; i < 11; ++i) eleven += "v1,AAAA ";
  EXPECT_EQ(outcome(kId, kTime, eleven + good()), "too_long");
  std::string many;
  for (int i = 0; i < 5000; ++i) many += good() + " ";
  EXPECT_EQ(outcome(kId, kTime, many + good()), "too_long");
}

TEST(Verify, hostile_times) {
  const std::pair<std::string, const char*> cases[] = {
      {"", "timestamp_malformed"},
      {"+1614265330", "timestamp_malformed"},
      {" 1614265330", "timestamp_malformed"},
      {"1614265330 ", "timestamp_malformed"},
      {"01614265330", "timestamp_malformed"},
      {"1614265330.0", "timestamp_malformed"},
      {"-1", "timestamp_malformed"},
      {"1e9", "timestamp_malformed"},
      {"0x60", "timestamp_malformed"},
      {"\xD9\xA1\xD9\xA6", "timestamp_malformed"},
      {std::string(40, '9'), "timestamp_malformed"},
      {"99999999999999999999", "mismatch"},
      {"9223372036854775807", "mismatch"},
      {"1614265331", "mismatch"},
  };
  for (const auto& [time, reason] : cases) EXPECT_EQ(outcome(kId, time, good()), reason) << time;
}

TEST(Verify, ids) {
  EXPECT_EQ(outcome("a.b", kTime, good()), "header_malformed");
  EXPECT_EQ(outcome(std::string(600, 'a'), kTime, good()), "too_long");
  EXPECT_EQ(outcome(std::string(5000, 'a'), kTime, good()), "too_long");
  EXPECT_EQ(outcome("", kTime, good()), "header_missing");
  EXPECT_EQ(outcome("", "", "", ""), "header_malformed");
}

TEST(Verify, both_edges_of_the_tolerance) {
  EXPECT_EQ(outcome(kId, kTime, good(), kBody, kNow + 300 * kSecond), "verified");
  EXPECT_EQ(outcome(kId, kTime, good(), kBody, kNow + 300 * kSecond + 1), "too_old");
  EXPECT_EQ(outcome(kId, kTime, good(), kBody, kNow - 300 * kSecond), "verified");
  EXPECT_EQ(outcome(kId, kTime, good(), kBody, kNow - 300 * kSecond - 1), "too_new");
  const Verifier exact(one(webhook()), key(kSecret), {.tolerance_s = 0, .settings = {}});
  const std::string signature = good();
  const HeaderLine headers[] = {{"webhook-id", kId}, {"webhook-timestamp", kTime}, {"webhook-signature", signature}};
  EXPECT_EQ(outcome(exact, {kBody, headers, "", ""}), "verified");
  EXPECT_EQ(outcome(exact, {kBody, headers, "", ""}, kNow + 1), "too_old");
  EXPECT_EQ(outcome(exact, {kBody, headers, "", ""}, kNow - 1), "too_new");
}

TEST(Verify, missing_and_repeated_headers) {
  const Verifier verifier(one(webhook()), key(kSecret));
  const std::string signature = good();
  const HeaderLine all[] = {{"webhook-id", kId}, {"webhook-timestamp", kTime}, {"webhook-signature", signature}};
  for (std::size_t left_out = 0; left_out < 3; ++left_out) {
    std::vector<HeaderLine> some;
    for (std::size_t i = 0; i < 3; ++i) {
      if (i != left_out) some.push_back(all[i]);
    }
    EXPECT_EQ(outcome(verifier, {kBody, some, "", ""}), "header_missing");
    std::vector<HeaderLine> doubled(std::begin(all), std::end(all));
    std::string upper(all[left_out].name);
    std::transform(upper.begin(), upper.end(), upper.begin(),
                   [](char c) { return c == '-' ? c : static_cast<char>(c - 32); });
    doubled.push_back({upper, all[left_out].value});
    EXPECT_EQ(outcome(verifier, {kBody, doubled, "", ""}), "header_repeated");
  }
  EXPECT_EQ(outcome(verifier, {"", {}, "", ""}), "header_missing");
}

TEST(Verify, every_bit_of_the_body_counts) {
  for (std::size_t bit = 0; bit < kBody.size() * 8; ++bit) {
    std::string body(kBody);
    body[bit / 8] = static_cast<char>(body[bit / 8] ^ (1 << bit % 8));
    EXPECT_EQ(outcome(kId, kTime, good(), body), "mismatch");
  }
}

TEST(Verify, keys_in_rotation) {
  std::vector<Key> keys = key("whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYX", "new");
  keys.push_back({"old", Secret(kSecret), std::nullopt, kNow});
  const Verifier verifier(one(webhook()), std::move(keys));
  const std::string signature = good();
  const HeaderLine headers[] = {{"webhook-id", kId}, {"webhook-timestamp", kTime}, {"webhook-signature", signature}};
  const Message message{kBody, headers, "", ""};
  const Verified verified = verifier.verify(message, kNow);
  EXPECT_EQ(verified.key_id, "old");
  EXPECT_EQ(verified.signed_at_us, kNow);
  EXPECT_EQ(verified.event_id, kId);
  EXPECT_EQ(outcome(verifier, message, kNow + 1), "mismatch");
}

TEST(Configuration, unusable_secrets) {
  const char* const cases[] = {"",
                               " ",
                               "\n\t",
                               "whsec_",
                               "whsec_!",
                               "whsec_ MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
                               "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaS",
                               "whsec_AAAA",
                               "whsec_test",
                               "secret",
                               "-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEA\n-----END PUBLIC KEY-----\n",
                               "whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"};
  for (const std::string secret : cases) {
    try {
      const Verifier verifier(one(webhook()), key(secret));
      ADD_FAILURE() << secret;
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::secret_invalid) << secret;
      EXPECT_TRUE(secret.size() <= 8 || error.message().find(secret) == std::string::npos);
    }
  }
  Scheme text = webhook();
  text.key_form = KeyForm::text;
  for (const char* secret : {"your_secret_key_here", "YOUR-SECRET-KEY-HERE", "short", "0123456789abcdef"}) {
    EXPECT_THROW(Verifier(one(text), key(secret)), Error) << secret;
  }
  std::vector<Key> twins = key(kSecret, "same");
  twins.push_back({"same", Secret(kSecret), std::nullopt, std::nullopt});
  EXPECT_THROW(Verifier(one(webhook()), std::move(twins)), Error);
  EXPECT_THROW(Verifier(one(webhook()), {}), Error);
  EXPECT_THROW(Verifier("nobody", "notification", key(kSecret)), Error);
}

TEST(Sign, verifies) {
  Key signing{"k", Secret(kSecret), std::nullopt, std::nullopt};
  const std::pair<std::string, std::string> values[] = {{"webhook-id", "msg_1"}};
  const std::string signature = sign(webhook(), signing, {kBody, {}, "", ""}, values, kNow);
  EXPECT_EQ(outcome("msg_1", timestamp_text(webhook(), kNow), signature), "verified");
  EXPECT_EQ(outcome("msg_2", timestamp_text(webhook(), kNow), signature), "mismatch");
}

std::atomic<std::size_t> g_wiped_bytes{0};
std::atomic<bool> g_dirty{false};
void look(const char* data, std::size_t size) {
  for (std::size_t i = 0; i < size; ++i) {
    if (data[i] != 0) g_dirty = true;
  }
  g_wiped_bytes += size;
}

TEST(Secret, is_zero_before_it_is_freed) {
  wiped_hook() = &look;
  {
    Secret first("a canary that nobody may find");
    Secret second(std::move(first));
    second = Secret("another one, moved over it");
  }
  wiped_hook() = nullptr;
  EXPECT_EQ(g_wiped_bytes.load(), 29U + 26U);
  EXPECT_FALSE(g_dirty.load());
}

TEST(Compare, all_lengths_and_positions) {
  EXPECT_TRUE(equal_in_constant_time("", ""));
  EXPECT_FALSE(equal_in_constant_time("", "a"));
  for (std::size_t i = 0; i < 70; ++i) {
    std::string left(70, 'x');
    std::string right = left;
    EXPECT_TRUE(equal_in_constant_time(left, right));
    right[i] = 'y';
    EXPECT_FALSE(equal_in_constant_time(left, right));
  }
}

}  // namespace
}  // namespace cuadre
