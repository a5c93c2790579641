// Any bytes as a body whose fields are signed, in JSON and as a form. Refusals are of one family; what can be signed
// verifies, and no longer does once a byte stands behind it.
#include <cstdlib>
#include <string>
#include <vector>

#include "cuadre/signature.hpp"

namespace {

using namespace cuadre;

Piece piece(Piece::From from, const char* name = "") {
  Piece made;
  made.from = from;
  made.name = name;
  return made;
}

Scheme make_scheme(unsigned choice) {
  Scheme scheme;
  scheme.gateway = "fuzz";
  scheme.body = (choice & 1U) != 0 ? Scheme::Body::form : Scheme::Body::json;
  scheme.separator = "~";
  scheme.pieces = {piece(Piece::From::field, "a"), piece(Piece::From::field, "b.0.c")};
  scheme.pieces[0].form = static_cast<Piece::Form>(choice / 2 % 6);
  scheme.pieces[1].empty_if_absent = true;
  if ((choice & 64U) != 0) scheme.pieces.push_back(piece(Piece::From::sorted_fields, "x_"));
  if ((choice & 128U) != 0 && scheme.body == Scheme::Body::json)
    scheme.pieces.push_back(piece(Piece::From::listed_fields, "list"));
  scheme.carrier.names = {"s"};
  return scheme;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const Scheme scheme = make_scheme(data[0]);
  const std::string body(reinterpret_cast<const char*>(data) + 1, size - 1);
  const auto key = [] { return Key{"k", Secret("0f1e2d3c4b5a69788796a5b4c3d2e1f0"), std::nullopt, std::nullopt}; };
  std::vector<Key> keys;
  keys.push_back(key());
  const Verifier verifier({scheme}, std::move(keys));
  std::string signature(64, '0');
  bool signable = true;
  try {
    signature = sign(scheme, key(), {body, {}, {}, {}}, {}, 0);
  } catch (const Error& error) {
    if (error.code() != ErrorCode::argument_invalid) std::abort();
    signable = false;
  }
  const HeaderLine headers[] = {{"s", signature}};
  bool verified = true;
  try {
    verifier.verify({body, headers, {}, {}}, 0);
  } catch (const SignatureError&) {
    verified = false;
  }
  if (verified != signable) std::abort();
  return 0;
}
