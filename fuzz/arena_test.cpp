// The hot loop of match_fuzzer: a mutation and a question, thousands of times, and nothing of it from the heap.
#include "fuzz/arena.h"

#include <gtest/gtest.h>

#include <array>
#include <cstdint>
#include <new>
#include <string>
#include <vector>

// There where the program has ASan.
extern "C" __attribute__((weak)) void __asan_poison_memory_region(const volatile void* begin, std::size_t size);

extern "C" int LLVMFuzzerInitialize(int* count, char*** arguments);
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);
extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size, std::size_t most, unsigned seed);

namespace relayproof::fuzz {
namespace {

TEST(Arena, TakesWhatAnExecutionNeeds) {
  const std::size_t before = Arena::heapAllocations();
  {
    const Arena arena;
    const std::vector<std::string> names(100, std::string(100, 'a'));
    EXPECT_EQ(Arena::heapAllocations(), before);
    const Arena::Outside outside;
    const std::string kept(100, 'b');
    EXPECT_EQ(Arena::heapAllocations(), before + 1);
  }
  const std::string kept(100, 'c');
  EXPECT_EQ(Arena::heapAllocations(), before + 2);
}

TEST(Arena, WhatIsMadeOutsideMayBeGivenBackInside) {
  std::string outside(100, 'a');
  const Arena arena;
  outside = std::string(1000, 'b');
  EXPECT_EQ(outside, std::string(1000, 'b'));
  outside = std::string();
  outside.shrink_to_fit();
}

TEST(Arena, WhatIsTooLargeForItComesFromTheHeap) {
  const std::size_t before = Arena::heapAllocations();
  const Arena arena;
  const std::string large(std::size_t{1} << 21, 'a');
  EXPECT_EQ(Arena::heapAllocations(), before + 1);
}

// The compiler is not to see where a piece comes from.
void* taken(std::size_t size) {
  void* volatile piece = ::operator new(size);
  return piece;
}
void* givenBack(std::size_t size) {
  void* volatile piece = ::operator new(size);
  ::operator delete(piece);
  return piece;
}

// Within the statement that dies: GoogleTest keeps what it makes of it.
template <class Statement>
void inArena(Statement statement) {
  const Arena arena;
  statement();
}

TEST(ArenaDeathTest, APieceIsGivenBackOnceAndAsWhatItIs) {
  EXPECT_DEATH(inArena([] { ::operator delete[](taken(8)); }), "delete of a piece of memory that is no array");
  EXPECT_DEATH(inArena([] { ::operator delete(taken(8), std::size_t{9}); }), "of another size");
  EXPECT_DEATH(inArena([] { ::operator delete(givenBack(8)); }), "given back already");
}

TEST(ArenaDeathTest, UnderASanAPieceIsTouchedWithinItsSizeAndWhileItIsHeld) {
  if (__asan_poison_memory_region == nullptr) GTEST_SKIP() << "there is no ASan";
  const auto write = [](void* piece, std::ptrdiff_t at) { static_cast<volatile char*>(piece)[at] = 'a'; };
  for (const std::size_t size : {1u, 7u, 16u, 40u}) {
    inArena([&] { write(taken(size), static_cast<std::ptrdiff_t>(size) - 1); });
    EXPECT_DEATH(inArena([&] { write(taken(size), static_cast<std::ptrdiff_t>(size)); }), "use-after-poison");
    EXPECT_DEATH(inArena([&] { write(taken(size), -1); }), "use-after-poison");
    EXPECT_DEATH(inArena([&] { write(givenBack(size), 0); }), "use-after-poison");
  }
}

TEST(HotLoop, OfMatchTakesNothingFromTheHeap) {
  int count = 0;
  char** arguments = nullptr;
  LLVMFuzzerInitialize(&count, &arguments);
  std::array<std::uint8_t, 512> input{};
  std::size_t size = 0;
  const std::size_t before = Arena::heapAllocations();
  std::size_t asked = 0;
  for (unsigned seed = 0; seed < 20'000; ++seed) {
    size = LLVMFuzzerCustomMutator(input.data(), size, input.size(), seed);
    if (LLVMFuzzerTestOneInput(input.data(), size) == 0) ++asked;
  }
  EXPECT_GT(asked, 15'000u);
  EXPECT_EQ(Arena::heapAllocations(), before);
}

}  // namespace
}  // namespace relayproof::fuzz
