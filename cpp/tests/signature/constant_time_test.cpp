// What is compared with a signature is never branched on, nor used as an address: memcheck counts an error where either
// happens to memory that is marked undefined. Marked are the expected tags, as OpenSSL hands them to the engine, and
// configured passwords and tokens; the answer of a compare is public. To mark them where they stand, the linker turns
// the three functions below to this file's (cmake/tests.cmake). Without valgrind the tests say so and skip; ctest runs
// them under it, and runs the leaky compare too, which must fail.
#include <gtest/gtest.h>
#include <openssl/evp.h>

#include <cstring>
#include <string>
#include <vector>

#include "base/heap_watch.hpp"
#include "cuadre/signature.hpp"

#if __has_include(<valgrind/memcheck.h>)
#include <valgrind/memcheck.h>
#else
#define RUNNING_ON_VALGRIND 0
#define VALGRIND_COUNT_ERRORS 0
#define VALGRIND_MAKE_MEM_UNDEFINED(data, size) static_cast<void>(data)
#define VALGRIND_MAKE_MEM_DEFINED(data, size) static_cast<void>(data)
#endif

namespace {

std::size_t g_tags = 0, g_compares = 0;  // how often what is proven took place

void hide(void* data, std::size_t size) {
  ++g_tags;
  VALGRIND_MAKE_MEM_UNDEFINED(data, size);
}

}  // namespace

// NOLINTBEGIN(bugprone-reserved-identifier): the linker's own spelling
extern "C" {
int __real_EVP_DigestFinal_ex(EVP_MD_CTX* context, unsigned char* out, unsigned* size);
int __wrap_EVP_DigestFinal_ex(EVP_MD_CTX* context, unsigned char* out, unsigned* size) {
  const int done = __real_EVP_DigestFinal_ex(context, out, size);
  hide(out, *size);
  return done;
}
int __real_EVP_Digest(const void* data, std::size_t count, unsigned char* out, unsigned* size, const EVP_MD* method,
                      ENGINE* engine);
int __wrap_EVP_Digest(const void* data, std::size_t count, unsigned char* out, unsigned* size, const EVP_MD* method,
                      ENGINE* engine) {
  const int done = __real_EVP_Digest(data, count, out, size, method, engine);
  hide(out, *size);
  return done;
}
bool __real__ZN6cuadre22equal_in_constant_timeESt17basic_string_viewIcSt11char_traitsIcEES3_(std::string_view left,
                                                                                             std::string_view right);
bool __wrap__ZN6cuadre22equal_in_constant_timeESt17basic_string_viewIcSt11char_traitsIcEES3_(std::string_view left,
                                                                                             std::string_view right) {
  ++g_compares;
  bool same = __real__ZN6cuadre22equal_in_constant_timeESt17basic_string_viewIcSt11char_traitsIcEES3_(left, right);
  VALGRIND_MAKE_MEM_DEFINED(&same, sizeof same);
  return same;
}
}
// NOLINTEND(bugprone-reserved-identifier)

namespace cuadre {
namespace {

constexpr std::int64_t kNow = 1'700'000'000'000'000;
constexpr std::string_view kSecret = "a secret made for these tests 0123";

class ConstantTime : public testing::Test {
 protected:
  void SetUp() override {
    if (RUNNING_ON_VALGRIND == 0) GTEST_SKIP() << "run this test under valgrind --error-exitcode=1";
    g_tags = g_compares = 0;
    before_ = VALGRIND_COUNT_ERRORS;
  }
  // Not by an expectation alone: valgrind's exit code must say it, too.
  void TearDown() override {
    if (RUNNING_ON_VALGRIND == 0) return;
    EXPECT_EQ(VALGRIND_COUNT_ERRORS, before_);
  }

 private:
  unsigned long before_ = 0;
};

TEST_F(ConstantTime, compare) {
  for (const std::size_t size : {16U, 20U, 32U, 48U, 64U, 0U, 7U}) {
    std::string expected(size, 'e');
    for (const char filled : {'e', 'g'}) {
      const std::string given(size, filled);
      VALGRIND_MAKE_MEM_UNDEFINED(expected.data(), expected.size());
      const bool same = equal_in_constant_time(expected, given);
      VALGRIND_MAKE_MEM_DEFINED(expected.data(), expected.size());
      EXPECT_EQ(same, size == 0 || filled == 'e');
    }
  }
}

Scheme scheme(Algorithm algorithm, SignatureEncoding encoding) {
  Scheme made;
  made.gateway = "any";
  made.algorithm = algorithm;
  made.encoding = encoding;
  made.carrier.names = {"signature"};
  Piece body;
  body.from = Piece::From::body;
  made.pieces = {body};
  return made;
}

std::vector<Key> keys() {
  std::vector<Key> made;
  made.push_back({"k", Secret(kSecret), std::nullopt, std::nullopt});
  return made;
}

// What a shop has signed, and the same with another body: one verifies, one does not, neither leaks.
void verify_both(const Scheme& made, const std::string& signature) {
  const Verifier verifier(std::vector<Scheme>{made}, keys());
  const HeaderLine headers[] = {{"signature", signature}};
  EXPECT_FALSE(verifier.judge({"{}", headers, "", ""}, kNow).refused);
  EXPECT_EQ(verifier.judge({"{ }", headers, "", ""}, kNow).refused, SignatureReason::mismatch);
  EXPECT_GT(g_compares, 1U);
}

TEST_F(ConstantTime, verify_by_hmac_in_every_encoding) {
  using enum SignatureEncoding;
  for (const Algorithm algorithm : {Algorithm::hmac_md5, Algorithm::hmac_sha1, Algorithm::hmac_sha256,
                                    Algorithm::hmac_sha384, Algorithm::hmac_sha512}) {
    for (const SignatureEncoding encoding : {hex_lower, hex_upper, hex}) {
      const std::string digits(encoding == hex_upper ? "0123456789ABCDEF" : "0123456789abcdef");
      const Scheme made = scheme(algorithm, encoding);
      const Verifier verifier(std::vector<Scheme>{made}, keys());
      std::string wrong;
      const std::size_t bytes[] = {16, 20, 32, 48, 64};
      for (std::size_t i = 0; i < 2 * bytes[static_cast<std::size_t>(algorithm)]; ++i) wrong += digits[i % 16];
      const HeaderLine headers[] = {{"signature", wrong}};
      EXPECT_EQ(verifier.judge({"{}", headers, "", ""}, kNow).refused, SignatureReason::mismatch);
    }
  }
  EXPECT_GE(g_tags, 30U);
}

TEST_F(ConstantTime, a_genuine_signature) {
  // HMAC-SHA256 of "{}" under kSecret, in both encodings; from Python's hmac.
  verify_both(scheme(Algorithm::hmac_sha256, SignatureEncoding::hex_lower),
              "da64a5941ab7a387037fcfc7a210bc951071e9db6859de65a95b4d6f3f7479bd");
  verify_both(scheme(Algorithm::hmac_sha256, SignatureEncoding::base64),
              "2mSllBq3o4cDf8/HohC8lRBx6dtoWd5lqVtNbz90eb0=");
  EXPECT_GE(g_tags, 8U);
}

TEST_F(ConstantTime, digests_with_a_secret_inside) {
  Scheme made = scheme(Algorithm::sha256, SignatureEncoding::hex_lower);
  Piece secret;
  secret.from = Piece::From::secret;
  made.pieces.push_back(secret);
  verify_both(made, "0a7dcab40d530563f8c76528ee24440cfbc26f987400ab0069e207e0b31a347a");
  EXPECT_GE(g_tags, 2U);
}

// The configured secret is marked where the verifier keeps it: in a block that this file's operator new gave out.
struct Block {
  char* data;
  std::size_t size;
};
std::vector<Block> g_blocks;

TEST_F(ConstantTime, passwords_and_tokens) {
  for (const Algorithm algorithm : {Algorithm::token, Algorithm::basic}) {
    Scheme made = scheme(algorithm, SignatureEncoding::base64);
    made.pieces.clear();
    g_blocks.clear();
    heap_watch::on_new = [](char* data, std::size_t size) { g_blocks.push_back({data, size}); };
    heap_watch::on_delete = [](char* data, std::size_t) {
      std::erase_if(g_blocks, [&](const Block& block) { return block.data == data; });
    };
    const Verifier verifier(std::vector<Scheme>{made}, keys());
    heap_watch::on_new = heap_watch::on_delete = nullptr;
    for (const Block& block : g_blocks) {
      if (block.size == kSecret.size() + 1 && std::memcmp(block.data, kSecret.data(), kSecret.size()) == 0)
        hide(block.data, kSecret.size());
    }
    EXPECT_EQ(g_tags, 2U) << "the key as configured and the key made ready";
    const std::string right =
        algorithm == Algorithm::token ? std::string(kSecret) : "YSBzZWNyZXQgbWFkZSBmb3IgdGhlc2UgdGVzdHMgMDEyMw==";
    for (const std::string& given : {right, std::string("QUJD")}) {
      const HeaderLine headers[] = {{"signature", given}};
      EXPECT_EQ(verifier.judge({"{}", headers, "", ""}, kNow).refused.has_value(), given != right);
    }
    EXPECT_EQ(g_compares, 2U);
    g_tags = g_compares = 0;
  }
}

// What a careless compare looks like; ctest runs this test alone and asks for memcheck's exit code.
TEST(Leaky, stops_at_the_first_difference) {
  if (RUNNING_ON_VALGRIND == 0) GTEST_SKIP() << "run this test under valgrind --error-exitcode=1";
  std::string expected(32, 'e');
  const std::string given(32, 'g');
  VALGRIND_MAKE_MEM_UNDEFINED(expected.data(), expected.size());
  const auto before = VALGRIND_COUNT_ERRORS;
  volatile bool same = true;
  for (std::size_t i = 0; i < given.size() && same; ++i) {
    if (expected[i] != given[i]) same = false;
  }
  VALGRIND_MAKE_MEM_DEFINED(expected.data(), expected.size());
  EXPECT_GT(VALGRIND_COUNT_ERRORS, before);
}

}  // namespace
}  // namespace cuadre
