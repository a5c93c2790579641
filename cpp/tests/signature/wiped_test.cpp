// No block that the core frees still holds a secret: operator delete looks into each before it goes. Secrets are
// written as literals here, so that the test itself owns no copy on the heap.
#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "base/heap_watch.hpp"
#include "cuadre/signature.hpp"
#include "signature/secret.hpp"

namespace cuadre {
namespace {

constexpr std::int64_t kNow = 1'700'000'000'000'000;
// The secret, in each form that it is configured in. Free lists overwrite the first bytes of a block, so any eight
// characters in a row are a find.
constexpr std::string_view kSecret = "Canary-that-nobody-may-find-Zq7";
constexpr std::string_view kHex = "43616e6172792d746861742d6e6f626f64792d6d61792d66696e642d5a7137";
constexpr std::string_view kBase64 = "Q2FuYXJ5LXRoYXQtbm9ib2R5LW1heS1maW5kLVpxNw==";
constexpr std::string_view kShort = "Zq7-canary-9";  // fits into a string without a block of its own
constexpr std::string_view kUpper = "CANARY-THAT-NOBODY-MAY-FIND-ZQ7";
constexpr std::string_view kFolded = "canary_that_nobody_may_find_zq7";

std::size_t g_found = 0, g_seen = 0;

void look(char* data, std::size_t size) {
  ++g_seen;
  const std::string_view block(data, size);
  for (const std::string_view secret : {kSecret, kHex, kBase64, kShort, kUpper, kFolded}) {
    for (std::size_t at = 0; at + 8 <= secret.size(); ++at) {
      if (block.find(secret.substr(at, 8)) == std::string_view::npos) continue;
      ++g_found;
      return;
    }
  }
}

class Wiped : public testing::Test {
 protected:
  void SetUp() override {
    g_found = g_seen = 0;
    heap_watch::on_delete = &look;
  }
  void TearDown() override { heap_watch::on_delete = nullptr; }
};

std::vector<Key> keys(std::string_view secret) {
  std::vector<Key> made;
  made.push_back({"k", Secret(secret), std::nullopt, std::nullopt});
  return made;
}

TEST_F(Wiped, the_watch_bites) {
  { const std::string careless(kSecret); }
  EXPECT_EQ(g_found, 1U);
  { std::vector<std::string>{}.emplace_back(kShort); }  // a short one, inside the block of its owner
  EXPECT_EQ(g_found, 2U);
  std::string growing(kSecret);
  growing.reserve(4096);  // leaves the smaller block behind
  EXPECT_EQ(g_found, 3U);
  wipe(growing.data(), growing.capacity());
}

TEST_F(Wiped, secrets_and_texts) {
  {
    std::vector<Secret> moved;  // grows, and moves what it holds
    for (int i = 0; i < 20; ++i) moved.emplace_back(i % 2 == 0 ? kSecret : kShort);
    Secret taken(std::move(moved[3]));
    moved[4] = std::move(taken);
    moved.erase(moved.begin());
  }
  for (const std::string_view secret : {kSecret, kShort}) {
    const auto text = std::make_unique<WipedText>(secret);
    EXPECT_EQ(text->text, secret);
  }
  EXPECT_EQ(g_found, 0U);
  EXPECT_GT(g_seen, 20U);
}

Piece piece(Piece::From from, std::string name = {}) {
  Piece made;
  made.from = from;
  made.name = std::move(name);
  return made;
}

Scheme scheme(Algorithm algorithm, KeyForm form = KeyForm::text) {
  Scheme made;
  made.gateway = "any";
  made.algorithm = algorithm;
  made.key_form = form;
  made.key_bytes_min = 8;
  made.encoding = algorithm == Algorithm::basic ? SignatureEncoding::base64 : SignatureEncoding::hex_lower;
  made.carrier.names = {"signature"};
  if (algorithm != Algorithm::basic && algorithm != Algorithm::token) made.pieces = {piece(Piece::From::body)};
  if (algorithm >= Algorithm::md5 && algorithm <= Algorithm::sha512) made.pieces.push_back(piece(Piece::From::secret));
  return made;
}

// Made, used for a genuine and a forged message, and gone.
void use(const Scheme& made, std::string_view secret, const std::vector<HeaderLine>& more = {}) {
  {
    const Key key{"k", Secret(secret), std::nullopt, std::nullopt};
    std::string made_text = sign(made, key, {"{}", {}, "", ""}, {}, kNow);
    const WipedText signature(made_text);
    wipe(made_text.data(), made_text.capacity());  // credentials: the answer is the secret, and the caller's
    const Verifier verifier(std::vector<Scheme>{made}, keys(secret));
    std::vector<HeaderLine> headers{{"signature", signature.text}};
    headers.insert(headers.end(), more.begin(), more.end());
    EXPECT_FALSE(verifier.judge({"{}", headers, "", ""}, kNow).refused) << name(made.algorithm);
    headers[0].value = "00";
    EXPECT_TRUE(verifier.judge({"{}", headers, "", ""}, kNow).refused);
  }
  EXPECT_EQ(g_found, 0U) << name(made.algorithm) << ' ' << name(made.key_form);
  g_found = 0;
}

TEST_F(Wiped, every_algorithm_and_key_form) {
  for (int i = 0; i <= static_cast<int>(Algorithm::token); ++i) {
    const auto algorithm = static_cast<Algorithm>(i);
    if (algorithm >= Algorithm::rsa_sha1 && algorithm <= Algorithm::ed25519) continue;  // public keys
    for (const std::string_view secret : {kSecret, kShort}) use(scheme(algorithm), secret);
    use(scheme(algorithm, KeyForm::hex), kHex);
    use(scheme(algorithm, KeyForm::base64), kBase64);
  }
}

// A text with a secret inside never grows, however long the rest of it is.
TEST_F(Wiped, long_headers_beside_a_secret) {
  Scheme made = scheme(Algorithm::sha256);
  made.pieces.push_back(piece(Piece::From::header, "salt"));
  made.pieces.push_back(piece(Piece::From::header, "salt"));
  const std::string salt(3000, 's');
  {
    const Verifier verifier(std::vector<Scheme>{made}, keys(kSecret));
    const std::string forged(64, '0');
    const HeaderLine headers[] = {{"signature", forged}, {"salt", salt}};
    EXPECT_EQ(verifier.judge({"{}", headers, "", ""}, kNow).refused, SignatureReason::mismatch);
    const Key key{"k", Secret(kSecret), std::nullopt, std::nullopt};
    const std::pair<std::string, std::string> values[] = {{"salt", salt}};
    EXPECT_EQ(sign(made, key, {"{}", {}, "", ""}, values, kNow).size(), 64U);
  }
  EXPECT_EQ(g_found, 0U);
}

TEST_F(Wiped, refused_configurations) {
  const std::pair<Scheme, std::string_view> cases[] = {
      {scheme(Algorithm::hmac_sha256, KeyForm::hex), kSecret},
      {scheme(Algorithm::hmac_sha256, KeyForm::base64), kSecret},
      {scheme(Algorithm::rsa_sha256, KeyForm::pem_public), kSecret},
      {scheme(Algorithm::rsa_sha256, KeyForm::pem_certificate), kSecret},
      {scheme(Algorithm::ed25519, KeyForm::base64), kBase64},
  };
  for (const auto& [made, secret] : cases) EXPECT_THROW(Verifier(std::vector<Scheme>{made}, keys(secret)), Error);
  Scheme longer = scheme(Algorithm::hmac_sha256);
  longer.key_bytes_min = 64;
  for (const std::string_view secret : {kSecret, kShort})
    EXPECT_THROW(Verifier(std::vector<Scheme>{longer}, keys(secret)), Error);
  EXPECT_EQ(g_found, 0U);
}

// PayU and Wompi as their schemes are: the assembled text holds the secret.
TEST_F(Wiped, gateways_whose_text_holds_the_secret) {
  std::size_t tried = 0;
  for (const Scheme* each : schemes()) {
    const Scheme& made = *each;
    const bool inside = std::any_of(made.pieces.begin(), made.pieces.end(),
                                    [](const Piece& one) { return one.from == Piece::From::secret; });
    if (!inside || made.key_form != KeyForm::text) continue;
    std::vector<std::pair<std::string, std::string>> values;
    for (const Piece& one : made.pieces) values.emplace_back(one.name, "150.00");
    for (const std::string& setting : made.settings) values.emplace_back(setting, "setting");
    {
      const Key key{"k", Secret(kSecret), std::nullopt, std::nullopt};
      try {
        (void)sign(made, key, {"{}", {}, "https://shop.example/", "POST"}, values, kNow);
        ++tried;
      } catch (const Error& error) {
        EXPECT_EQ(error.message().find(kSecret), std::string::npos);
      }
    }
    EXPECT_EQ(g_found, 0U) << made.gateway << ' ' << made.message;
    g_found = 0;
  }
  EXPECT_GE(tried, 5U);
}

}  // namespace
}  // namespace cuadre
