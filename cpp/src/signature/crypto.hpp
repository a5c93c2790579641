// OpenSSL 3's EVP behind three verbs: digest, authenticate, verify. Nothing else of the core sees OpenSSL's types.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "cuadre/signature.hpp"

typedef struct evp_md_ctx_st EVP_MD_CTX;  // NOLINT(modernize-use-using): OpenSSL's own spelling
typedef struct evp_pkey_st EVP_PKEY;      // NOLINT(modernize-use-using)

namespace cuadre {

enum class AlgorithmKind : std::uint8_t { hmac, digest, asymmetric, credential };
AlgorithmKind kind(Algorithm algorithm) noexcept;
std::size_t digest_bytes(Algorithm algorithm) noexcept;  // 0 for asymmetric signatures and credentials

struct Digest {
  unsigned char data[64];
  std::size_t size = 0;
  std::string_view bytes() const noexcept { return {reinterpret_cast<const char*>(data), size}; }
};

Digest digest(Algorithm algorithm, std::string_view text);

struct FreeContext {
  void operator()(EVP_MD_CTX* context) const noexcept;
};
struct FreePublicKey {
  void operator()(EVP_PKEY* key) const noexcept;
};

// HMAC with the two keyed blocks hashed once, at construction. OpenSSL 3.0 sets up an EVP_MAC anew for every message,
// which costs more than hashing a kilobyte; copying a digest's state does not.
class HmacKey {
 public:
  HmacKey(Algorithm algorithm, std::string_view key);
  Digest authenticate(std::string_view text) const;  // safe from several threads

 private:
  std::unique_ptr<EVP_MD_CTX, FreeContext> inner_, outer_;
};

class PublicKey {
 public:
  // Throw Error(secret_invalid) for what is not such a key, or one that is too weak for the algorithm.
  static PublicKey from_pem(Algorithm algorithm, std::string_view pem);
  static PublicKey from_certificate(Algorithm algorithm, std::string_view pem);
  static PublicKey from_der(Algorithm algorithm, std::string_view der);
  static PublicKey from_raw_ed25519(std::string_view bytes);

  bool verify(std::string_view text, std::string_view signature) const;
  std::optional<std::int64_t> not_before_us, not_after_us;  // a certificate's

 private:
  PublicKey(Algorithm algorithm, EVP_PKEY* key);
  void check() const;
  Algorithm algorithm_;
  std::unique_ptr<EVP_PKEY, FreePublicKey> key_;
};

}  // namespace cuadre
