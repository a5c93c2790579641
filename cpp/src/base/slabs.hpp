// Memory for millions of small things of one kind, in huge pages where the system gives them: many lists grow at once,
// and each would miss its page otherwise; and the first touch of fresh memory is what costs, so nothing is ever moved
// or grown.
#pragma once

#include <cstddef>
#include <utility>
#include <vector>

namespace cuadre {

class SlabPool {
 public:
  static constexpr std::size_t kChunkBytes = 4096;
  SlabPool() = default;
  SlabPool(SlabPool&& other) noexcept
      : slabs_(std::exchange(other.slabs_, {})),
        at_(std::exchange(other.at_, nullptr)),
        end_(std::exchange(other.end_, nullptr)) {}
  SlabPool& operator=(SlabPool&&) = delete;
  ~SlabPool();

  void* chunk();  // kChunkBytes bytes, aligned to as many; throws std::bad_alloc

 private:
  std::vector<void*> slabs_;
  char* at_ = nullptr;
  char* end_ = nullptr;
};

// Things in chunks of a pool, which must outlive the list. T is trivial.
template <class T>
class ChunkList {
 public:
  void push(const T& item, SlabPool& pool) {
    if (at_ == end_) grow(pool);
    *at_++ = item;
  }
  std::size_t size() const noexcept { return chunks_.size() * kPerChunk - static_cast<std::size_t>(end_ - at_); }
  void append_to(std::vector<T>& into) const {
    for (std::size_t i = 0; i < chunks_.size(); ++i) {
      into.insert(into.end(), chunks_[i], i + 1 == chunks_.size() ? at_ : chunks_[i] + kPerChunk);
    }
  }

 private:
  static constexpr std::size_t kPerChunk = SlabPool::kChunkBytes / sizeof(T);
  void grow(SlabPool& pool) {
    at_ = static_cast<T*>(pool.chunk());
    end_ = at_ + kPerChunk;
    chunks_.push_back(at_);
  }
  T* at_ = nullptr;
  T* end_ = nullptr;
  std::vector<T*> chunks_;
};

}  // namespace cuadre
