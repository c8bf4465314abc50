#include "fuzz/room.h"

#include <sys/mman.h>
#include <unistd.h>

#include <cstring>
#include <new>

// There where the program has ASan.
extern "C" {
__attribute__((weak)) void __asan_poison_memory_region(const volatile void* begin, std::size_t size);
__attribute__((weak)) void __asan_unpoison_memory_region(const volatile void* begin, std::size_t size);
}

namespace relayproof::fuzz {

Room::Room(std::size_t size) : page_(static_cast<std::size_t>(sysconf(_SC_PAGESIZE))) {
  size_ = (size + page_ - 1) / page_ * page_;
  void* all = mmap(nullptr, size_ + 2 * page_, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (all == MAP_FAILED) throw std::bad_alloc();
  begin_ = static_cast<std::uint8_t*>(all) + page_;
  if (mprotect(begin_, size_, PROT_READ | PROT_WRITE) != 0) throw std::bad_alloc();
  if (__asan_poison_memory_region != nullptr) __asan_poison_memory_region(begin_, size_);
}

Room::~Room() { munmap(begin_ - page_, size_ + 2 * page_); }

const std::uint8_t* Room::put(std::string_view octets) {
  std::uint8_t* const place = begin_ + size_ - octets.size();
  if (__asan_poison_memory_region != nullptr) {
    __asan_poison_memory_region(begin_ + size_ - used_, used_);
    __asan_unpoison_memory_region(place, octets.size());
  }
  used_ = octets.size();
  if (!octets.empty()) std::memcpy(place, octets.data(), octets.size());
  return place;
}

bool Room::holds(std::string_view octets) const {
  return octets.empty() || std::memcmp(begin_ + size_ - octets.size(), octets.data(), octets.size()) == 0;
}

}  // namespace relayproof::fuzz
