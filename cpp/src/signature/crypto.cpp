#include "signature/crypto.hpp"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <ctime>

#include "cuadre/base/day.hpp"
#include "signature/secret.hpp"
#include "signature/time.hpp"

namespace cuadre {
namespace {

constexpr std::size_t kBlockMax = 128;

const char* digest_name(Algorithm algorithm) noexcept {
  switch (algorithm) {
    case Algorithm::hmac_md5:
    case Algorithm::md5:
      return "MD5";
    case Algorithm::hmac_sha1:
    case Algorithm::sha1:
    case Algorithm::rsa_sha1:
      return "SHA1";
    case Algorithm::hmac_sha384:
    case Algorithm::sha384:
      return "SHA384";
    case Algorithm::hmac_sha512:
    case Algorithm::sha512:
      return "SHA512";
    default:
      return "SHA256";
  }
}

// Fetched once and kept: a fetch takes locks and costs more than the hash.
const EVP_MD* digest_method(Algorithm algorithm) {
  static std::array<std::atomic<EVP_MD*>, 17> kept{};
  std::atomic<EVP_MD*>& place = kept[static_cast<std::size_t>(algorithm)];
  if (EVP_MD* method = place.load(std::memory_order_acquire)) return method;
  EVP_MD* fetched = EVP_MD_fetch(nullptr, digest_name(algorithm), nullptr);
  if (fetched == nullptr) {
    ERR_clear_error();
    throw Error(ErrorCode::argument_invalid, std::string("this machine's OpenSSL does not offer ") +
                                                 digest_name(algorithm) + "; use a provider that has it");
  }
  EVP_MD* nobody = nullptr;
  if (place.compare_exchange_strong(nobody, fetched, std::memory_order_acq_rel)) return fetched;
  EVP_MD_free(fetched);
  return nobody;
}

EVP_MD_CTX* make_context() {
  EVP_MD_CTX* context = EVP_MD_CTX_new();
  if (context == nullptr) throw std::bad_alloc();
  return context;
}

[[noreturn]] void openssl_failed() {
  ERR_clear_error();
  throw Error(ErrorCode::proof_failed, "OpenSSL could not hash; please report it");
}

void finish(EVP_MD_CTX* context, Digest& out) {
  unsigned size = 0;
  if (EVP_DigestFinal_ex(context, out.data, &size) != 1) openssl_failed();
  out.size = size;
}

struct FreeBio {
  void operator()(BIO* bio) const noexcept { BIO_free(bio); }
};

std::unique_ptr<BIO, FreeBio> reader(std::string_view text) {
  std::unique_ptr<BIO, FreeBio> bio(
      BIO_new_mem_buf(text.data(), static_cast<int>(std::min<std::size_t>(text.size(), 1U << 20U))));
  if (!bio) throw std::bad_alloc();
  return bio;
}

[[noreturn]] void refuse(const std::string& text) {
  ERR_clear_error();
  throw Error(ErrorCode::secret_invalid, text);
}

std::int64_t epoch_us(const ASN1_TIME* time) {
  std::tm fields{};
  if (ASN1_TIME_to_tm(time, &fields) != 1) refuse("the certificate's validity cannot be read; ask for another copy");
  const std::int64_t days = day_number({fields.tm_year + 1900, fields.tm_mon + 1, fields.tm_mday});
  return ((days * 24 + fields.tm_hour) * 60 + fields.tm_min) * 60'000'000 + std::int64_t{fields.tm_sec} * 1'000'000;
}

// PEM keys that ask for a pass phrase must not read the terminal.
int no_pass_phrase(char* /*buffer*/, int /*size*/, int /*writing*/, void* /*data*/) { return -1; }

}  // namespace

AlgorithmKind kind(Algorithm algorithm) noexcept {
  if (algorithm <= Algorithm::hmac_sha512) return AlgorithmKind::hmac;
  if (algorithm <= Algorithm::sha512) return AlgorithmKind::digest;
  return algorithm <= Algorithm::ed25519 ? AlgorithmKind::asymmetric : AlgorithmKind::credential;
}

std::size_t digest_bytes(Algorithm algorithm) noexcept {
  switch (algorithm) {
    case Algorithm::hmac_md5:
    case Algorithm::md5:
      return 16;
    case Algorithm::hmac_sha1:
    case Algorithm::sha1:
      return 20;
    case Algorithm::hmac_sha256:
    case Algorithm::sha256:
      return 32;
    case Algorithm::hmac_sha384:
    case Algorithm::sha384:
      return 48;
    case Algorithm::hmac_sha512:
    case Algorithm::sha512:
      return 64;
    default:
      return 0;
  }
}

Digest digest(Algorithm algorithm, std::string_view text) {
  Digest out;
  unsigned size = 0;
  if (EVP_Digest(text.data(), text.size(), out.data, &size, digest_method(algorithm), nullptr) != 1) openssl_failed();
  out.size = size;
  return out;
}

void FreeContext::operator()(EVP_MD_CTX* context) const noexcept { EVP_MD_CTX_free(context); }
void FreePublicKey::operator()(EVP_PKEY* key) const noexcept { EVP_PKEY_free(key); }

HmacKey::HmacKey(Algorithm algorithm, std::string_view key) : inner_(make_context()), outer_(make_context()) {
  const EVP_MD* method = digest_method(algorithm);
  const auto block = static_cast<std::size_t>(EVP_MD_get_block_size(method));
  std::array<char, kBlockMax> pad{};
  Digest hashed;
  if (key.size() > block) {
    hashed = digest(algorithm, key);
    key = hashed.bytes();
  }
  const auto start = [&](EVP_MD_CTX* context, unsigned char mask) {
    for (std::size_t i = 0; i < block; ++i) {
      pad[i] = static_cast<char>((i < key.size() ? static_cast<unsigned char>(key[i]) : 0U) ^ mask);
    }
    if (EVP_DigestInit_ex2(context, method, nullptr) != 1 || EVP_DigestUpdate(context, pad.data(), block) != 1)
      openssl_failed();
  };
  start(inner_.get(), 0x36);
  start(outer_.get(), 0x5c);
  wipe(pad.data(), pad.size());
  wipe(reinterpret_cast<char*>(hashed.data), sizeof hashed.data);
}

Digest HmacKey::authenticate(std::string_view text) const {
  thread_local const std::unique_ptr<EVP_MD_CTX, FreeContext> scratch(make_context());
  EVP_MD_CTX* const context = scratch.get();
  Digest out;
  if (EVP_MD_CTX_copy_ex(context, inner_.get()) != 1 || EVP_DigestUpdate(context, text.data(), text.size()) != 1)
    openssl_failed();
  finish(context, out);
  if (EVP_MD_CTX_copy_ex(context, outer_.get()) != 1 || EVP_DigestUpdate(context, out.data, out.size) != 1)
    openssl_failed();
  finish(context, out);
  return out;
}

PublicKey::PublicKey(Algorithm algorithm, EVP_PKEY* key) : algorithm_(algorithm), key_(key) {
  if (key == nullptr) refuse("not a public key that OpenSSL can read; give the PEM text as the gateway publishes it");
  check();
}

void PublicKey::check() const {
  const int type = EVP_PKEY_get_base_id(key_.get());
  const int bits = EVP_PKEY_get_bits(key_.get());
  switch (algorithm_) {
    case Algorithm::ed25519:
      if (type != EVP_PKEY_ED25519) refuse("the key is not an Ed25519 key, which this scheme needs");
      break;
    case Algorithm::ecdsa_sha256:
      if (type != EVP_PKEY_EC || bits < 256)
        refuse("the key is not an elliptic-curve key of at least 256 bits, which this scheme needs");
      break;
    default:
      if ((type != EVP_PKEY_RSA && !(type == EVP_PKEY_RSA_PSS && algorithm_ == Algorithm::rsa_pss_sha256)) ||
          bits < 2048)
        refuse("the key is not an RSA key of at least 2048 bits, which this scheme needs");
  }
}

PublicKey PublicKey::from_pem(Algorithm algorithm, std::string_view pem) {
  if (pem.find("PRIVATE KEY") != std::string_view::npos)
    refuse("a private key where the gateway's public key is needed; never configure a private key for checking");
  const auto bio = reader(pem);
  return {algorithm, PEM_read_bio_PUBKEY(bio.get(), nullptr, &no_pass_phrase, nullptr)};
}

PublicKey PublicKey::from_certificate(Algorithm algorithm, std::string_view pem) {
  const auto bio = reader(pem);
  const std::unique_ptr<X509, decltype(&X509_free)> certificate(
      PEM_read_bio_X509(bio.get(), nullptr, &no_pass_phrase, nullptr), &X509_free);
  if (!certificate) refuse("not a certificate that OpenSSL can read; give its PEM text, BEGIN CERTIFICATE");
  PublicKey key(algorithm, X509_get_pubkey(certificate.get()));
  key.not_before_us = epoch_us(X509_get0_notBefore(certificate.get()));
  key.not_after_us = epoch_us(X509_get0_notAfter(certificate.get()));
  return key;
}

PublicKey PublicKey::from_der(Algorithm algorithm, std::string_view der) {
  const auto* start = reinterpret_cast<const unsigned char*>(der.data());
  const unsigned char* at = start;
  EVP_PKEY* key = d2i_PUBKEY(nullptr, &at, static_cast<long>(der.size()));
  if (key != nullptr && at != start + der.size()) {
    EVP_PKEY_free(key);
    key = nullptr;
  }
  return {algorithm, key};
}

PublicKey PublicKey::from_raw_ed25519(std::string_view bytes) {
  return {Algorithm::ed25519,
          EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, reinterpret_cast<const unsigned char*>(bytes.data()),
                                      bytes.size())};
}

bool PublicKey::verify(std::string_view text, std::string_view signature) const {
  const std::unique_ptr<EVP_MD_CTX, FreeContext> context(make_context());
  EVP_PKEY_CTX* options = nullptr;  // owned by the context
  const EVP_MD* method = algorithm_ == Algorithm::ed25519 ? nullptr : digest_method(algorithm_);
  bool good = EVP_DigestVerifyInit(context.get(), &options, method, nullptr, key_.get()) == 1;
  if (good && algorithm_ == Algorithm::rsa_pss_sha256) {
    good = EVP_PKEY_CTX_set_rsa_padding(options, RSA_PKCS1_PSS_PADDING) > 0 &&
           EVP_PKEY_CTX_set_rsa_pss_saltlen(options, RSA_PSS_SALTLEN_DIGEST) > 0;
  }
  good =
      good && EVP_DigestVerify(context.get(), reinterpret_cast<const unsigned char*>(signature.data()),
                               signature.size(), reinterpret_cast<const unsigned char*>(text.data()), text.size()) == 1;
  ERR_clear_error();  // a wrong signature leaves entries that belong to nobody
  return good;
}

}  // namespace cuadre
