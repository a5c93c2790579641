#include "money/column/memory.hpp"

#include <sys/mman.h>

#include <mutex>
#include <new>
#include <vector>

namespace cuadre {
namespace {

constexpr std::size_t kHugePage = std::size_t{1} << 21U;

struct Mapped {
  std::byte* at;
  std::size_t bytes;
};

// Alignment by hand: twice a huge page more is asked for, and the ends go back at once.
std::byte* map_huge(std::size_t bytes) {
  void* mapped = ::mmap(nullptr, bytes + kHugePage, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (mapped == MAP_FAILED) throw std::bad_alloc();
  auto* raw = static_cast<std::byte*>(mapped);
  const std::size_t before = (kHugePage - reinterpret_cast<std::uintptr_t>(raw) % kHugePage) % kHugePage;
  if (before != 0) ::munmap(raw, before);
  if (before != kHugePage) ::munmap(raw + before + bytes, kHugePage - before);
  ::madvise(raw + before, bytes, MADV_HUGEPAGE);
  return raw + before;
}

class KeptBlocks {
 public:
  // One that is not much too large, or a new one.
  Mapped take(std::size_t bytes) {
    {
      const std::scoped_lock lock(mutex_);
      for (std::size_t i = blocks_.size(); i-- > 0;) {
        const Mapped block = blocks_[i];
        if (block.bytes < bytes || block.bytes > bytes + bytes / 4) continue;
        blocks_.erase(blocks_.begin() + static_cast<std::ptrdiff_t>(i));
        kept_ -= block.bytes;
        return block;
      }
    }
    return {map_huge(bytes), bytes};
  }

  void give(Mapped block) noexcept {
    {
      const std::scoped_lock lock(mutex_);
      if (block.bytes <= kKeptBytes && make_room(block.bytes)) {
        blocks_.push_back(block);  // room was reserved
        kept_ += block.bytes;
        return;
      }
    }
    ::munmap(block.at, block.bytes);
  }

  std::size_t kept() noexcept {
    const std::scoped_lock lock(mutex_);
    return kept_;
  }

 private:
  static constexpr std::size_t kBlocksMax = 64;

  bool make_room(std::size_t bytes) noexcept {  // the oldest go
    if (blocks_.capacity() < kBlocksMax) {
      try {
        blocks_.reserve(kBlocksMax);
      } catch (const std::bad_alloc&) {
        return false;
      }
    }
    while (!blocks_.empty() && (kept_ + bytes > kKeptBytes || blocks_.size() == kBlocksMax)) {
      ::munmap(blocks_.front().at, blocks_.front().bytes);
      kept_ -= blocks_.front().bytes;
      blocks_.erase(blocks_.begin());
    }
    return true;
  }

  std::mutex mutex_;
  std::vector<Mapped> blocks_;
  std::size_t kept_ = 0;
};

// Never destroyed: columns may die after static objects do.
KeptBlocks& kept_blocks() {
  static auto* const blocks = new KeptBlocks;
  return *blocks;
}

}  // namespace

std::shared_ptr<std::byte> column_block(std::size_t bytes) {
  if (bytes > PTRDIFF_MAX - 2 * kHugePage) throw std::bad_alloc();
  constexpr std::align_val_t kAlignment{64};
  if (bytes < kHugePage) {
    auto* at = static_cast<std::byte*>(::operator new(bytes == 0 ? 1 : bytes, kAlignment));
    return {at, [](std::byte* held) { ::operator delete(held, kAlignment); }};
  }
  const Mapped block = kept_blocks().take((bytes + kHugePage - 1) / kHugePage * kHugePage);
  return {block.at, [block](std::byte*) { kept_blocks().give(block); }};
}

std::size_t column_bytes_kept() noexcept { return kept_blocks().kept(); }

}  // namespace cuadre
