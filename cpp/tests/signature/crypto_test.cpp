// Encodings, times, carriers and crypto one by one.
#include "signature/crypto.hpp"

#include <gtest/gtest.h>

#include "signature/carrier.hpp"
#include "signature/encoding.hpp"
#include "signature/time.hpp"

namespace cuadre {
namespace {

TEST(Encoding, one_spelling_of_hex) {
  std::string out;
  EXPECT_TRUE(hex_decode("00ffA0", HexCase::either, out));
  EXPECT_EQ(out, std::string("\0\xff\xa0", 3));
  for (const char* text : {"0", "0g", "AA", " 00", "00 ", "0x00", "+1"})
    EXPECT_FALSE(hex_decode(text, HexCase::lower, out)) << text;
  EXPECT_FALSE(hex_decode("aa", HexCase::upper, out));
  EXPECT_TRUE(hex_decode("", HexCase::lower, out));
}

TEST(Encoding, one_spelling_of_base64) {
  std::string out;
  for (std::size_t size = 0; size < 70; ++size) {
    std::string bytes;
    for (std::size_t i = 0; i < size; ++i) bytes += static_cast<char>(i * 37 + size);
    const std::string text = base64_encode(bytes);
    ASSERT_TRUE(base64_decode(text, out)) << text;
    EXPECT_EQ(out, bytes);
  }
  for (const char* text : {"A", "AA", "AAA", "A===", "AB==", "AAB=", "AA=A", "====", "AAAA=", "AA==AAAA", "AA-_",
                           "AA A", "AAAA\n", "\xC3\xB1\xC3\xB1"})
    EXPECT_FALSE(base64_decode(text, out)) << text;
  EXPECT_TRUE(decode(SignatureEncoding::base64_of_hex, base64_encode("00ff"), out));
  EXPECT_FALSE(decode(SignatureEncoding::base64_of_hex, base64_encode("00FF"), out));
}

TEST(Time, forms) {
  const auto parsed = [](TimeForm form, std::string_view text) {
    return parse_timestamp(form, -300, text).value_or(-1);
  };
  EXPECT_EQ(parsed(TimeForm::unix_s, "0"), 0);
  EXPECT_EQ(parsed(TimeForm::unix_s_or_ms, "1700000000"), 1'700'000'000'000'000);
  EXPECT_EQ(parsed(TimeForm::unix_s_or_ms, "1700000000123"), 1'700'000'000'123'000);
  EXPECT_EQ(parsed(TimeForm::iso_utc, "2023-11-14T22:13:20Z"), 1'700'000'000'000'000);
  EXPECT_EQ(parsed(TimeForm::iso_utc_ms, "2023-11-14T22:13:20.123Z"), 1'700'000'000'123'000);
  EXPECT_EQ(parsed(TimeForm::iso_offset, "2023-11-14T17:13:20-05:00"), 1'700'000'000'000'000);
  for (const char* text :
       {"2023-02-29T00:00:00Z", "2023-13-01T00:00:00Z", "2023-11-14T24:00:00Z", "2023-11-14 22:13:20Z",
        "2023-11-14T22:13:20", "2023-11-14T22:13:20.Z", "2023-11-14T22:13:20z", "", "Z"})
    EXPECT_EQ(parsed(TimeForm::iso_utc, text), -1) << text;
}

TEST(Time, written_is_read) {
  Scheme scheme;
  scheme.offset_minutes = -300;
  for (const TimeForm form :
       {TimeForm::unix_s, TimeForm::unix_ms, TimeForm::iso_utc, TimeForm::iso_utc_ms, TimeForm::iso_offset}) {
    scheme.time_form = form;
    for (std::int64_t now = 951'782'400'000'000; now < 1'900'000'000'000'000; now += 86'399'000'000 * 97) {
      const auto back = parse_timestamp(form, -300, timestamp_text(scheme, now));
      ASSERT_TRUE(back) << timestamp_text(scheme, now);
      EXPECT_EQ(*back, now);
    }
  }
}

TEST(Header, names_fold_ascii_alone) {
  EXPECT_TRUE(same_header("X-Sign", "x-sIGN"));
  EXPECT_FALSE(same_header("x_sign", "x-sign"));
  EXPECT_FALSE(same_header("\xE2\x84\xAA", "k"));  // the Kelvin sign
}

TEST(Crypto, hmac_of_rfc_4231) {
  const HmacKey key(Algorithm::hmac_sha256, "Jefe");
  EXPECT_EQ(hex_encode(key.authenticate("what do ya want for nothing?").bytes()),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  const HmacKey long_key(Algorithm::hmac_sha512, std::string(131, '\xaa'));
  EXPECT_EQ(
      hex_encode(long_key.authenticate("Test Using Larger Than Block-Size Key - Hash Key First").bytes()).substr(0, 32),
      "80b24263c7c1a3ebb71493c1dd7be8b4");
}

TEST(Crypto, keys_that_are_not) {
  for (const char* text : {"", "junk", "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n",
                           "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"}) {
    EXPECT_THROW(PublicKey::from_pem(Algorithm::rsa_sha256, text), Error);
    EXPECT_THROW(PublicKey::from_certificate(Algorithm::rsa_sha256, text), Error);
    EXPECT_THROW(PublicKey::from_der(Algorithm::rsa_sha256, text), Error);
    EXPECT_THROW(PublicKey::from_raw_ed25519(text), Error);
  }
}

TEST(Crypto, ed25519_of_rfc_8032) {
  std::string bytes, signature;
  hex_decode("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", HexCase::lower, bytes);
  hex_decode(
      "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aee"
      "b00d"
      "291612bb0c00",
      HexCase::lower, signature);
  const PublicKey key = PublicKey::from_raw_ed25519(bytes);
  EXPECT_TRUE(key.verify("\x72", signature));
  EXPECT_FALSE(key.verify("\x73", signature));
  EXPECT_FALSE(key.verify("\x72", signature.substr(1)));
}

}  // namespace
}  // namespace cuadre
