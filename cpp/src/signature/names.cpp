// How schemes are told, in tables and in Python.
#include <array>

#include "cuadre/signature.hpp"

namespace cuadre {
namespace {

template <typename Enum, std::size_t N>
std::string_view at(const std::array<std::string_view, N>& names, Enum value) noexcept {
  const auto place = static_cast<std::size_t>(value);
  return place < N ? names[place] : std::string_view{};
}

// to_array counts the names; the assertions compare with the last enumerator.
constexpr auto kAlgorithms = std::to_array<std::string_view>(
    {"HMAC-MD5", "HMAC-SHA1", "HMAC-SHA256", "HMAC-SHA384", "HMAC-SHA512", "MD5", "SHA1", "SHA256", "SHA384", "SHA512",
     "RSA-SHA1", "RSA-SHA256", "RSA-PSS-SHA256", "ECDSA-SHA256", "Ed25519", "basic", "token"});
static_assert(kAlgorithms.size() == static_cast<std::size_t>(Algorithm::token) + 1);
constexpr auto kKeyForms =
    std::to_array<std::string_view>({"text", "hex", "base64", "base64_prefixed", "pem_public", "pem_certificate"});
static_assert(kKeyForms.size() == static_cast<std::size_t>(KeyForm::pem_certificate) + 1);
constexpr auto kEncodings =
    std::to_array<std::string_view>({"hex_lower", "hex_upper", "hex", "base64", "base64_of_hex"});
static_assert(kEncodings.size() == static_cast<std::size_t>(SignatureEncoding::base64_of_hex) + 1);
constexpr auto kTimeForms = std::to_array<std::string_view>(
    {"none", "unix_s", "unix_ms", "unix_s_or_ms", "iso_utc", "iso_utc_ms", "iso_offset"});
static_assert(kTimeForms.size() == static_cast<std::size_t>(TimeForm::iso_offset) + 1);

std::string described(const Piece& piece) {
  switch (piece.from) {
    case Piece::From::body:
      return "body";
    case Piece::From::listed_fields:
      return "listed fields";
    case Piece::From::sorted_fields:
      return piece.name + "* by name";
    case Piece::From::url:
      return "url";
    case Piece::From::method:
      return "method";
    case Piece::From::path:
      return "path";
    case Piece::From::timestamp:
      return "timestamp";
    case Piece::From::id:
      return "id";
    case Piece::From::secret:
      return "secret";
    case Piece::From::field: {
      const std::size_t dot = piece.name.rfind('.');
      return dot == std::string::npos ? piece.name : piece.name.substr(dot + 1);
    }
    default:
      return piece.name;
  }
}

}  // namespace

std::string_view name(Algorithm algorithm) noexcept { return at(kAlgorithms, algorithm); }
std::string_view name(KeyForm form) noexcept { return at(kKeyForms, form); }
std::string_view name(SignatureEncoding encoding) noexcept { return at(kEncodings, encoding); }
std::string_view name(TimeForm form) noexcept { return at(kTimeForms, form); }

std::string signed_text(const Scheme& scheme) {
  // "+" says that nothing stands between two pieces; pieces with texts of their own around them need no sign.
  std::string text;
  for (std::size_t at = 0; at < scheme.pieces.size(); ++at) {
    const Piece& piece = scheme.pieces[at];
    const bool framed = !piece.before.empty() || !piece.behind.empty();
    if (at > 0 && !framed) text += scheme.separator.empty() ? "+" : scheme.separator;
    const std::string core = piece.before + described(piece) + piece.behind;
    text += piece.optional ? "[" + core + "]" : core;
  }
  return text;
}

}  // namespace cuadre
