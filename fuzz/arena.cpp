#include "fuzz/arena.h"

#include <cstdint>
#include <cstdio>
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

// What a piece is for, so that it is given back as it was asked for.
enum class Form : std::size_t { object, array, givenBack };
struct Header {
  std::size_t size;
  Form form;
};
static_assert(sizeof(Header) == kAlignment);

alignas(kAlignment) std::byte block[kSize];
std::size_t used = kSize;  // all of it is to be closed first
// Of the thread that asks; 0, as in a thread of the matcher's: `new` means the heap.
thread_local int nesting = 0;
std::size_t fromHeap = 0;

void forbid(const std::byte* begin, std::size_t size) {
  if (__asan_poison_memory_region != nullptr) __asan_poison_memory_region(begin, size);
}

// Each piece has its header before it, where nobody but us may look.
Header* headerOf(void* piece) { return static_cast<Header*>(piece) - 1; }

__attribute__((no_sanitize("address"))) void* take(std::size_t size, Form form) {
  const std::size_t whole = kAlignment + (size + kAlignment - 1) / kAlignment * kAlignment;
  if (size >= kSize || whole > kSize - used) return nullptr;
  std::byte* const piece = block + used + kAlignment;
  used += whole;
  *headerOf(piece) = {size, form};
  if (__asan_unpoison_memory_region != nullptr) __asan_unpoison_memory_region(piece, size);
  return piece;
}

bool isOurs(const void* piece) {
  const auto at = reinterpret_cast<std::uintptr_t>(piece), begin = reinterpret_cast<std::uintptr_t>(block);
  return at >= begin && at < begin + kSize;
}

void* allocateIfThereIs(std::size_t size, Form form) noexcept {
  if (nesting > 0)
    if (void* piece = take(size, form)) return piece;
  ++fromHeap;
  return std::malloc(size == 0 ? 1 : size);
}

void* allocate(std::size_t size, Form form) {
  void* const piece = allocateIfThereIs(size, form);
  if (piece == nullptr) throw std::bad_alloc();
  return piece;
}

[[noreturn]] void refuse(const char* why) {
  std::fprintf(stderr, "ERROR: delete of a piece of memory that %s\n", why);
  std::abort();
}

constexpr std::size_t kUnsaid = SIZE_MAX;

__attribute__((no_sanitize("address"))) void release(void* piece, Form form, std::size_t size = kUnsaid) {
  if (!isOurs(piece)) return std::free(piece);
  Header& header = *headerOf(piece);
  if (header.form == Form::givenBack) refuse("was given back already");
  if (header.form != form) refuse(form == Form::array ? "is no array" : "is an array");
  if (size != kUnsaid && size != header.size) refuse("is of another size");
  header.form = Form::givenBack;
  forbid(static_cast<const std::byte*>(piece), header.size);
}

thread_local int nestingOutside = 0;

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

using relayproof::fuzz::Form;
void* operator new(std::size_t size) { return relayproof::fuzz::allocate(size, Form::object); }
void* operator new[](std::size_t size) { return relayproof::fuzz::allocate(size, Form::array); }
void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
  return relayproof::fuzz::allocateIfThereIs(size, Form::object);
}
void* operator new[](std::size_t size, const std::nothrow_t&) noexcept {
  return relayproof::fuzz::allocateIfThereIs(size, Form::array);
}
void operator delete(void* piece) noexcept { relayproof::fuzz::release(piece, Form::object); }
void operator delete[](void* piece) noexcept { relayproof::fuzz::release(piece, Form::array); }
void operator delete(void* piece, std::size_t size) noexcept { relayproof::fuzz::release(piece, Form::object, size); }
void operator delete[](void* piece, std::size_t size) noexcept { relayproof::fuzz::release(piece, Form::array, size); }
