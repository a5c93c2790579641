#include "signature/secret.hpp"

#include <openssl/crypto.h>

#include <cstring>
#include <utility>

#include "cuadre/signature.hpp"

namespace cuadre {

std::atomic<WipedHook>& wiped_hook() noexcept {
  static std::atomic<WipedHook> hook{nullptr};
  return hook;
}

void wipe(char* data, std::size_t size) noexcept {
  if (data == nullptr || size == 0) return;
  OPENSSL_cleanse(data, size);
  if (const WipedHook hook = wiped_hook().load(std::memory_order_relaxed)) hook(data, size);
}

Secret::Secret(std::string_view bytes) : data_(std::make_unique<char[]>(bytes.size() + 1)), size_(bytes.size()) {
  if (!bytes.empty()) std::memcpy(data_.get(), bytes.data(), bytes.size());
}

Secret::Secret(Secret&& other) noexcept : data_(std::move(other.data_)), size_(std::exchange(other.size_, 0)) {}

Secret& Secret::operator=(Secret&& other) noexcept {
  if (this != &other) {
    wipe(data_.get(), size_);
    data_ = std::move(other.data_);
    size_ = std::exchange(other.size_, 0);
  }
  return *this;
}

Secret::~Secret() { wipe(data_.get(), size_); }

std::string_view Secret::bytes() const noexcept { return {data_.get(), size_}; }

}  // namespace cuadre
