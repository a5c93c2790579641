#include "signature/encoding.hpp"

#include <array>

namespace cuadre {
namespace {

constexpr std::string_view kBase64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::uint8_t kNone = 0xFF;

constexpr auto kBase64Values = [] {
  std::array<std::uint8_t, 256> values{};
  values.fill(kNone);
  for (std::size_t i = 0; i < kBase64.size(); ++i)
    values[static_cast<unsigned char>(kBase64[i])] = static_cast<std::uint8_t>(i);
  return values;
}();

std::uint8_t base64_value(char c) { return kBase64Values[static_cast<unsigned char>(c)]; }

// The value of a hex digit, with the bit kLower or kUpper for a letter, or kBad.
constexpr unsigned kLower = 0x100, kUpper = 0x200, kBad = 0x400;
constexpr auto kHexValues = [] {
  std::array<std::uint16_t, 256> values{};
  values.fill(static_cast<std::uint16_t>(kBad));
  for (unsigned i = 0; i < 10; ++i) values['0' + i] = static_cast<std::uint16_t>(i);
  for (unsigned i = 0; i < 6; ++i) {
    values['a' + i] = static_cast<std::uint16_t>((10 + i) | kLower);
    values['A' + i] = static_cast<std::uint16_t>((10 + i) | kUpper);
  }
  return values;
}();

}  // namespace

bool hex_decode(std::string_view text, HexCase letters, std::string& out) {
  if (text.size() % 2 != 0) return false;
  out.resize(text.size() / 2);
  unsigned seen = 0;
  for (std::size_t i = 0; i < out.size(); ++i) {
    const unsigned high = kHexValues[static_cast<unsigned char>(text[2 * i])];
    const unsigned low = kHexValues[static_cast<unsigned char>(text[2 * i + 1])];
    seen |= high | low;
    out[i] = static_cast<char>((high & 15U) << 4U | (low & 15U));
  }
  const unsigned refused = kBad | (letters == HexCase::upper ? kLower : 0U) | (letters == HexCase::lower ? kUpper : 0U);
  return (seen & refused) == 0;
}

bool base64_decode(std::string_view text, std::string& out) {
  if (text.size() % 4 != 0) return false;
  out.clear();
  if (text.empty()) return true;
  std::size_t padding = 0;
  while (padding < 2 && text[text.size() - 1 - padding] == '=') ++padding;
  const std::size_t digits = text.size() - padding;
  out.resize(text.size() / 4 * 3 - padding);
  std::uint32_t bits = 0;
  unsigned held = 0;
  std::size_t at = 0;
  for (std::size_t i = 0; i < digits; ++i) {
    const std::uint8_t value = base64_value(text[i]);
    if (value == kNone) return false;
    bits = bits << 6U | value;
    held += 6;
    if (held >= 8) {
      held -= 8;
      out[at++] = static_cast<char>(bits >> held & 0xFFU);
      bits &= (1U << held) - 1U;
    }
  }
  return bits == 0 && at == out.size();  // what is left over must be zero, or one value had several spellings
}

std::string hex_encode(std::string_view bytes, bool upper) {
  const char* const digits = upper ? "0123456789ABCDEF" : "0123456789abcdef";
  std::string text;
  text.reserve(bytes.size() * 2);
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    text += digits[byte >> 4U];
    text += digits[byte & 15U];
  }
  return text;
}

std::string base64_encode(std::string_view bytes) {
  std::string text;
  text.reserve((bytes.size() + 2) / 3 * 4);
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    const std::size_t count = std::min<std::size_t>(3, bytes.size() - i);
    std::uint32_t bits = 0;
    for (std::size_t k = 0; k < 3; ++k) bits = bits << 8U | (k < count ? static_cast<unsigned char>(bytes[i + k]) : 0U);
    for (std::size_t k = 0; k < 4; ++k) text += k <= count ? kBase64[bits >> (18U - 6U * k) & 63U] : '=';
  }
  return text;
}

bool decode(SignatureEncoding encoding, std::string_view text, std::string& out) {
  switch (encoding) {
    case SignatureEncoding::hex_lower:
      return hex_decode(text, HexCase::lower, out);
    case SignatureEncoding::hex_upper:
      return hex_decode(text, HexCase::upper, out);
    case SignatureEncoding::hex:
      return hex_decode(text, HexCase::either, out);
    case SignatureEncoding::base64:
      return base64_decode(text, out);
    case SignatureEncoding::base64_of_hex: {
      std::string hex;
      return base64_decode(text, hex) && hex_decode(hex, HexCase::lower, out);
    }
  }
  return false;
}

std::string encode(SignatureEncoding encoding, std::string_view bytes) {
  switch (encoding) {
    case SignatureEncoding::hex_upper:
      return hex_encode(bytes, true);
    case SignatureEncoding::base64:
      return base64_encode(bytes);
    case SignatureEncoding::base64_of_hex:
      return base64_encode(hex_encode(bytes));
    case SignatureEncoding::hex_lower:
    case SignatureEncoding::hex:
      break;
  }
  return hex_encode(bytes);
}

}  // namespace cuadre
