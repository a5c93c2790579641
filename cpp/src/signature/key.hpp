// Configured secrets, judged and made ready for one reading of a scheme.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "cuadre/signature.hpp"
#include "signature/crypto.hpp"

namespace cuadre {

struct ReadyKey {
  std::size_t index = 0;  // among the configured keys
  Secret bytes;           // digests and credentials; empty otherwise
  std::optional<HmacKey> hmac;
  std::optional<PublicKey> public_key;
};

// Throws Error(secret_invalid), naming the key by its id and never showing it.
ReadyKey ready_key(const Scheme& scheme, const Key& key, std::size_t index, bool placeholders);

}  // namespace cuadre
