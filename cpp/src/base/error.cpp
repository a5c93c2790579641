#include "cuadre/error.hpp"

#include <array>

namespace cuadre {
namespace {

constexpr auto kCodes = std::to_array<ErrorCodeInfo>({
#define CUADRE_X(name, text) {ErrorCode::name, #name, text},
    CUADRE_ERROR_CODES(CUADRE_X)
#undef CUADRE_X
});

std::string placed(const std::string& message, const Position& position) {
  if (position.file.empty()) return message;
  std::string text = position.file;
  if (position.line != 0) text += ", line " + std::to_string(position.line);
  if (position.column != 0) text += ", column " + std::to_string(position.column);
  if (position.offset_bytes >= 0) text += ", byte " + std::to_string(position.offset_bytes);
  return text + ": " + message;
}

}  // namespace

std::span<const ErrorCodeInfo> error_codes() noexcept { return kCodes; }

std::string_view name(ErrorCode code) noexcept { return kCodes[static_cast<std::size_t>(code)].name; }

Error::Error(ErrorCode code, std::string message, Position position)
    : code_(code), message_(std::move(message)), position_(std::move(position)), what_(placed(message_, position_)) {}

}  // namespace cuadre
