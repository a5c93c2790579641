#include "cuadre/build.hpp"

#include <openssl/crypto.h>
#include <simdjson.h>

#include "base/simd.hpp"

namespace cuadre {

BuildInfo build_info() {
  return {OpenSSL_version(OPENSSL_VERSION_STRING), SIMDJSON_STRINGIFY(SIMDJSON_VERSION),
          std::string(name(simd_level()))};
}

}  // namespace cuadre
