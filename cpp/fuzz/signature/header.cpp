// Any bytes as the headers of a signed message. The engine may only refuse, by its one family, or accept what it signed
// itself. Lines of the input are header values by turns; the first byte chooses the carrier.
#include <cstdlib>
#include <string>
#include <vector>

#include "cuadre/signature.hpp"

namespace {

using namespace cuadre;

Scheme make_scheme(unsigned syntax) {
  Scheme scheme;
  scheme.gateway = "fuzz";
  Piece piece;
  piece.from = Piece::From::id;
  scheme.pieces.push_back(piece);
  piece.from = Piece::From::timestamp;
  scheme.pieces.push_back(piece);
  scheme.separator = ".";
  scheme.carrier.names = {"s"};
  scheme.carrier.syntax = static_cast<Carrier::Syntax>(syntax % 4);
  scheme.carrier.prefix = "sha256=";
  scheme.carrier.time_key = "t";
  scheme.carrier.signature_keys = {"v1"};
  scheme.encoding = static_cast<SignatureEncoding>(syntax / 4 % 5);
  scheme.time_form = static_cast<TimeForm>(1 + syntax / 20 % 6);
  scheme.offset_minutes = -300;
  piece.from = Piece::From::header;
  piece.name = "t";
  scheme.time_at = piece;
  piece.name = "i";
  scheme.id_at = {piece};
  return scheme;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  std::vector<Key> keys;
  keys.push_back({"k", Secret("0f1e2d3c4b5a69788796a5b4c3d2e1f0"), std::nullopt, std::nullopt});
  std::vector<Scheme> schemes;
  schemes.push_back(make_scheme(data[0]));
  const Verifier verifier(std::move(schemes), std::move(keys));
  std::string_view rest(reinterpret_cast<const char*>(data) + 1, size - 1);
  constexpr std::string_view kNames[] = {"S", "t", "I", "S"};
  std::vector<HeaderLine> headers;
  for (std::size_t i = 0; i < 4 && !rest.empty(); ++i) {
    const std::size_t end = rest.find('\n');
    headers.push_back({kNames[i], rest.substr(0, end)});
    rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
  }
  try {
    verifier.verify({{}, headers, {}, {}}, 1'700'000'000'000'000);
    std::abort();  // a signature found without the secret
  } catch (const SignatureError& error) {
    if (name(error.reason()).empty()) std::abort();
  }
  return 0;
}
