#include "cuadre/signature.hpp"

#include <array>

namespace cuadre {
namespace {

struct ReasonInfo {
  std::string_view name, meaning;
};
constexpr auto kReasons = std::to_array<ReasonInfo>({
#define CUADRE_X(name, text) {#name, text},
    CUADRE_SIGNATURE_REASONS(CUADRE_X)
#undef CUADRE_X
});

}  // namespace

std::string_view name(SignatureReason reason) noexcept { return kReasons[static_cast<std::size_t>(reason)].name; }

SignatureError::SignatureError(SignatureReason reason, const std::string& detail)
    : Error(ErrorCode::signature_refused, std::string(cuadre::name(reason)) + ": " + detail), reason_(reason) {}

std::string_view SignatureError::detail() const noexcept {
  return std::string_view(message()).substr(cuadre::name(reason_).size() + 2);
}

// Every byte is looked at and nothing branches on one; the barrier keeps a compiler from seeing that it could stop
// early. tests/signature/constant_time_test.cpp shows it under valgrind with one side marked undefined.
bool equal_in_constant_time(std::string_view left, std::string_view right) noexcept {
  if (left.size() != right.size()) return false;
  unsigned differences = 0;
  for (std::size_t i = 0; i < left.size(); ++i) {
    differences |= static_cast<unsigned char>(left[i]) ^ static_cast<unsigned>(static_cast<unsigned char>(right[i]));
    asm volatile("" : "+r"(differences));  // NOLINT(hicpp-no-assembler)
  }
  return differences == 0;
}

}  // namespace cuadre
