// Memory for secrets. The hook is for tests: it sees every buffer after it was wiped and before it is freed.
#pragma once

#include <atomic>
#include <cstddef>
#include <string>
#include <utility>

namespace cuadre {

using WipedHook = void (*)(const char* data, std::size_t size);
std::atomic<WipedHook>& wiped_hook() noexcept;

void wipe(char* data, std::size_t size) noexcept;

// A text that may hold a secret: wiped when it goes. Reserve before filling, a string that grows leaves copies behind.
class WipedText {
 public:
  WipedText() = default;
  explicit WipedText(std::string value) : text(std::move(value)) {}
  WipedText(const WipedText&) = delete;
  WipedText& operator=(const WipedText&) = delete;
  ~WipedText() { wipe(text.data(), text.capacity()); }
  std::string text;
};

}  // namespace cuadre
