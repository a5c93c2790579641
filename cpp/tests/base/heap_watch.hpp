// The program's own operator new and delete, so that a test sees each block when it comes and before it goes. Included
// by one file of a program.
#pragma once

#include <malloc.h>

#include <cstdlib>
#include <new>
#include <utility>

namespace cuadre::heap_watch {

// Not called for what the hook itself takes or frees.
using Hook = void (*)(char* data, std::size_t size);
inline thread_local Hook on_new = nullptr;
inline thread_local Hook on_delete = nullptr;

}  // namespace cuadre::heap_watch

// Not inlined: a compiler that sees malloc behind new takes free behind delete for a mismatch.
// NOLINTBEGIN(misc-new-delete-overloads): this pair serves the others
__attribute__((noinline)) void* operator new(std::size_t size) {
  void* const data = std::malloc(size == 0 ? 1 : size);
  if (data == nullptr) throw std::bad_alloc();
  if (const auto hook = std::exchange(cuadre::heap_watch::on_new, nullptr)) {
    hook(static_cast<char*>(data), size);
    cuadre::heap_watch::on_new = hook;
  }
  return data;
}

__attribute__((noinline)) void operator delete(void* data) noexcept {
  if (data == nullptr) return;
  if (const auto hook = std::exchange(cuadre::heap_watch::on_delete, nullptr)) {
    hook(static_cast<char*>(data), malloc_usable_size(data));
    cuadre::heap_watch::on_delete = hook;
  }
  std::free(data);
}

__attribute__((noinline)) void operator delete(void* data, std::size_t /*size*/) noexcept { operator delete(data); }
// The forms for arrays by name, too: valgrind would put its own in the place of the library's.
__attribute__((noinline)) void* operator new[](std::size_t size) { return operator new(size); }
__attribute__((noinline)) void operator delete[](void* data) noexcept { operator delete(data); }
__attribute__((noinline)) void operator delete[](void* data, std::size_t /*size*/) noexcept { operator delete(data); }
// NOLINTEND(misc-new-delete-overloads)
