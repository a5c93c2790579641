#include "signature/carrier.hpp"

#include <algorithm>

namespace cuadre {
namespace {

char lower(char c) noexcept { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; }

[[noreturn]] void malformed(const char* detail) { throw SignatureError(SignatureReason::header_malformed, detail); }

bool known(const std::vector<std::string>& keys, std::string_view key) {
  return std::find(keys.begin(), keys.end(), key) != keys.end();
}

void add(Candidates& out, std::string_view text) {
  if (out.count == kCandidatesMax)
    throw SignatureError(SignatureReason::too_long, "more than 10 signatures in one message");
  out.text[out.count++] = text;
}

template <class Entry>
void split(std::string_view value, char separator, Entry entry) {
  std::size_t entries = 0;
  while (true) {
    if (++entries > kCandidatesMax * 2)
      throw SignatureError(SignatureReason::too_long, "more than 20 entries in the signature header");
    const std::size_t end = value.find(separator);
    entry(value.substr(0, end));
    if (end == std::string_view::npos) return;
    value.remove_prefix(end + 1);
  }
}

void read_pairs(const Carrier& carrier, std::string_view value, Candidates& out) {
  split(value, carrier.pair_separator, [&](std::string_view pair) {
    const std::size_t equals = pair.find('=');
    if (equals == std::string_view::npos || equals == 0) malformed("an entry of the signature header is not key=value");
    const std::string_view key = pair.substr(0, equals);
    if (!carrier.time_key.empty() && key == carrier.time_key) {
      if (out.time) malformed("the time stands twice in the signature header");
      out.time = pair.substr(equals + 1);
    } else if (known(carrier.signature_keys, key)) {
      add(out, pair.substr(equals + 1));
    }
  });
  if (!carrier.time_key.empty() && !out.time) malformed("the signature header holds no time");
}

void read_versions(const Carrier& carrier, std::string_view value, Candidates& out) {
  split(value, ' ', [&](std::string_view entry) {
    const std::size_t comma = entry.find(',');
    if (comma == std::string_view::npos || comma == 0)
      malformed("an entry of the signature header is not version,signature");
    if (known(carrier.signature_keys, entry.substr(0, comma))) add(out, entry.substr(comma + 1));
  });
}

}  // namespace

bool same_header(std::string_view left, std::string_view right) noexcept {
  if (left.size() != right.size()) return false;
  for (std::size_t i = 0; i < left.size(); ++i) {
    if (lower(left[i]) != lower(right[i])) return false;
  }
  return true;
}

std::optional<std::string_view> find_header(std::span<const HeaderLine> headers, std::string_view name) {
  std::optional<std::string_view> found;
  for (const HeaderLine& header : headers) {
    if (!same_header(header.name, name)) continue;
    if (found)
      throw SignatureError(SignatureReason::header_repeated, "the header " + std::string(name) + " stands twice");
    found = header.value;
  }
  if (found && found->size() > kHeaderBytesMax)
    throw SignatureError(SignatureReason::too_long, "the header " + std::string(name) + " is over 4096 bytes");
  return found;
}

Candidates read_carrier(const Carrier& carrier, std::string_view value) {
  Candidates out;
  switch (carrier.syntax) {
    case Carrier::Syntax::bare:
      add(out, value);
      break;
    case Carrier::Syntax::prefixed:
      if (!value.starts_with(carrier.prefix)) malformed("the signature does not start as the gateway writes it");
      add(out, value.substr(carrier.prefix.size()));
      break;
    case Carrier::Syntax::pairs:
      read_pairs(carrier, value, out);
      break;
    case Carrier::Syntax::versions:
      read_versions(carrier, value, out);
      break;
  }
  if (out.count == 0) malformed("the signature header holds no signature of this scheme");
  return out;
}

std::string write_carrier(const Carrier& carrier, std::string_view signature, std::string_view time) {
  std::string out;
  switch (carrier.syntax) {
    case Carrier::Syntax::bare:
      break;
    case Carrier::Syntax::prefixed:
      out = carrier.prefix;
      break;
    case Carrier::Syntax::pairs:
      if (!carrier.time_key.empty()) out.append(carrier.time_key).append("=").append(time) += carrier.pair_separator;
      out.append(carrier.signature_keys.at(0)) += '=';
      break;
    case Carrier::Syntax::versions:
      out.append(carrier.signature_keys.at(0)) += ',';
      break;
  }
  out.reserve(out.size() + signature.size());
  out += signature;
  return out;  // by name: a call's result would be copied, and a token with it
}

}  // namespace cuadre
