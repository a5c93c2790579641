// Memory for secrets. The hook is for tests: it sees every buffer after it was wiped and before it is freed.
#pragma once

#include <atomic>
#include <cstddef>
#include <string>
#include <string_view>

namespace cuadre {

using WipedHook = void (*)(const char* data, std::size_t size);
std::atomic<WipedHook>& wiped_hook() noexcept;

void wipe(char* data, std::size_t size) noexcept;

// A text that may hold a secret: wiped when it goes. Reserve before filling, a string that grows leaves copies behind;
// and it copies rather than moves, for a short string that is moved from keeps its characters.
class WipedText {
 public:
  WipedText() = default;
  explicit WipedText(std::string_view value) { text.assign(value); }
  WipedText(const WipedText&) = delete;
  WipedText& operator=(const WipedText&) = delete;
  ~WipedText() { wipe(text.data(), text.capacity()); }
  std::string text;
};

}  // namespace cuadre
