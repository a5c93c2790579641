#include "base/slabs.hpp"

#include <sys/mman.h>

#include <cstdint>
#include <new>

namespace cuadre {
namespace {

constexpr std::size_t kSlab = std::size_t{1} << 21U;  // a huge page

}  // namespace

SlabPool::~SlabPool() {
  for (void* slab : slabs_) ::munmap(slab, kSlab);
}

void* SlabPool::chunk() {
  if (at_ == end_) {
    // Twice the size, so that an aligned slab is inside; the rest goes back at once.
    void* mapped = ::mmap(nullptr, 2 * kSlab, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (mapped == MAP_FAILED) throw std::bad_alloc();
    char* raw = static_cast<char*>(mapped);
    const std::size_t before = (kSlab - reinterpret_cast<std::uintptr_t>(raw) % kSlab) % kSlab;
    if (before != 0) ::munmap(raw, before);
    ::munmap(raw + before + kSlab, kSlab - before);
    ::madvise(raw + before, kSlab, MADV_HUGEPAGE);
    slabs_.push_back(raw + before);
    at_ = raw + before;
    end_ = at_ + kSlab;
  }
  return std::exchange(at_, at_ + kChunkBytes);
}

}  // namespace cuadre
