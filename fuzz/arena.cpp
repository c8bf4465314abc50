#include "fuzz/arena.h"

#include <cstdint>
#include <cstdlib>
#include <new>

// There where the program has ASan.
extern "C" {
__attribute__((weak)) void __asan_poison_memory_region(const volatile void* begin, std::size_t size);
__attribute__((weak)) void __asan_unpoison_memory_region(const volatile void* begin, std::size_t size);
}

namespace relayproof::fuzz {
namespace {

constexpr std::size_t kSize = std::size_t{1} << 20;
constexpr std::size_t kAlignment = 16;
static_assert(kAlignment >= __STDCPP_DEFAULT_NEW_ALIGNMENT__);

alignas(kAlignment) std::byte block[kSize];
std::size_t used = kSize;  // all of it is to be closed first
int nesting = 0;           // 0: `new` means the heap
std::size_t fromHeap = 0;

void forbid(const std::byte* begin, std::size_t size) {
  if (__asan_poison_memory_region != nullptr) __asan_poison_memory_region(begin, size);
}

/// Each piece has its size before it, where nobody but us may look.
void* take(std::size_t size) {
  const std::size_t whole = kAlignment + (size + kAlignment - 1) / kAlignment * kAlignment;
  if (size >= kSize || whole > kSize - used) return nullptr;
  std::byte* const header = block + used;
  used += whole;
  *reinterpret_cast<std::size_t*>(header) = size;
  if (__asan_unpoison_memory_region != nullptr) __asan_unpoison_memory_region(header + kAlignment, size);
  return header + kAlignment;
}

bool isOurs(const void* piece) {
  const auto at = reinterpret_cast<std::uintptr_t>(piece), begin = reinterpret_cast<std::uintptr_t>(block);
  return at >= begin && at < begin + kSize;
}

void* allocateIfThereIs(std::size_t size) noexcept {
  if (nesting > 0)
    if (void* piece = take(size)) return piece;
  ++fromHeap;
  return std::malloc(size == 0 ? 1 : size);
}

void* allocate(std::size_t size) {
  void* const piece = allocateIfThereIs(size);
  if (piece == nullptr) throw std::bad_alloc();
  return piece;
}

void release(void* piece) {
  if (!isOurs(piece)) return std::free(piece);
  const auto* const begin = static_cast<const std::byte*>(piece);
  forbid(begin, *reinterpret_cast<const std::size_t*>(begin - kAlignment));
}

int nestingOutside = 0;

}  // namespace

Arena::Arena() {
  if (nesting++ > 0) return;
  forbid(block, used);
  used = 0;
}
Arena::~Arena() { --nesting; }

std::size_t Arena::heapAllocations() { return fromHeap; }

Arena::Outside::Outside() {
  nestingOutside = nesting;
  nesting = 0;
}
Arena::Outside::~Outside() { nesting = nestingOutside; }

}  // namespace relayproof::fuzz

void* operator new(std::size_t size) { return relayproof::fuzz::allocate(size); }
void* operator new[](std::size_t size) { return relayproof::fuzz::allocate(size); }
void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
  return relayproof::fuzz::allocateIfThereIs(size);
}
void* operator new[](std::size_t size, const std::nothrow_t&) noexcept {
  return relayproof::fuzz::allocateIfThereIs(size);
}
void operator delete(void* piece) noexcept { relayproof::fuzz::release(piece); }
void operator delete[](void* piece) noexcept { relayproof::fuzz::release(piece); }
void operator delete(void* piece, std::size_t) noexcept { relayproof::fuzz::release(piece); }
void operator delete[](void* piece, std::size_t) noexcept { relayproof::fuzz::release(piece); }
