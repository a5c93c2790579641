// How schemes are told, in tables and in Python.
#include "cuadre/signature/words.hpp"

#include <array>

namespace cuadre {
namespace {

// The list ends where the enumeration does, or it does not compile.
template <auto last, std::size_t N>
constexpr std::array<std::string_view, N> listed(const char* const (&names)[N]) {
  static_assert(N == static_cast<std::size_t>(last) + 1);
  std::array<std::string_view, N> list;
  for (std::size_t i = 0; i < N; ++i) list[i] = names[i];
  return list;
}

constexpr auto kAlgorithms = listed<Algorithm::token>(
    {"HMAC-MD5", "HMAC-SHA1", "HMAC-SHA256", "HMAC-SHA384", "HMAC-SHA512", "MD5", "SHA1", "SHA256", "SHA384", "SHA512",
     "RSA-SHA1", "RSA-SHA256", "RSA-PSS-SHA256", "ECDSA-SHA256", "Ed25519", "basic", "token"});
constexpr auto kKeyForms =
    listed<KeyForm::pem_certificate>({"text", "hex", "base64", "base64_prefixed", "pem_public", "pem_certificate"});
constexpr auto kEncodings =
    listed<SignatureEncoding::base64_of_hex>({"hex_lower", "hex_upper", "hex", "base64", "base64_of_hex"});
constexpr auto kTimeForms =
    listed<TimeForm::iso_offset>({"none", "unix_s", "unix_ms", "unix_s_or_ms", "iso_utc", "iso_utc_ms", "iso_offset"});
constexpr auto kFrom =
    listed<Piece::From::secret>({"literal", "body", "header", "field", "listed_fields", "sorted_fields", "query", "url",
                                 "method", "path", "timestamp", "id", "setting", "secret"});
constexpr auto kForms = listed<Piece::Form::unescaped_slashes>(
    {"as_is", "lower", "trimmed", "zero_hundredths_dropped", "tenths_half_even", "unescaped_slashes"});
constexpr auto kOnly =
    listed<Piece::Only::digit_behind>({"anything", "digits", "currency", "word", "capitals", "digit_behind"});
constexpr auto kCarriers = listed<Carrier::In::query>({"header", "field", "query"});
constexpr auto kSyntaxes = listed<Carrier::Syntax::versions>({"bare", "prefixed", "pairs", "versions"});
constexpr auto kBodies = listed<Scheme::Body::form>({"any", "json", "form"});

}  // namespace

SchemeWords words(Algorithm) noexcept { return kAlgorithms; }
SchemeWords words(KeyForm) noexcept { return kKeyForms; }
SchemeWords words(SignatureEncoding) noexcept { return kEncodings; }
SchemeWords words(TimeForm) noexcept { return kTimeForms; }
SchemeWords words(Piece::From) noexcept { return kFrom; }
SchemeWords words(Piece::Form) noexcept { return kForms; }
SchemeWords words(Piece::Only) noexcept { return kOnly; }
SchemeWords words(Carrier::In) noexcept { return kCarriers; }
SchemeWords words(Carrier::Syntax) noexcept { return kSyntaxes; }
SchemeWords words(Scheme::Body) noexcept { return kBodies; }

namespace {

template <class Enum>
std::string_view word(Enum value) noexcept {
  const SchemeWords all = words(value);
  const auto place = static_cast<std::size_t>(value);
  return place < all.size() ? all[place] : std::string_view{};
}

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

std::string_view name(Algorithm algorithm) noexcept { return word(algorithm); }
std::string_view name(KeyForm form) noexcept { return word(form); }
std::string_view name(SignatureEncoding encoding) noexcept { return word(encoding); }
std::string_view name(TimeForm form) noexcept { return word(form); }

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
