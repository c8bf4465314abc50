// Memory for one execution. While an Arena stands, `new` takes from a block that the next execution takes anew, and so
// the hot loop never goes to the heap. ASan watches it as it does the heap: what was not asked for, and what was given
// back, may not be touched; and a piece is given back once, as what it was asked for.
#pragma once

#include <cstddef>

namespace relayproof::fuzz {

/// For everything that this execution makes and forgets. Whatever is kept for the next one (a static) is made before.
class Arena {
 public:
  Arena();
  ~Arena();
  Arena(const Arena&) = delete;
  Arena& operator=(const Arena&) = delete;

  /// How often `new` went to the heap since the program began.
  static std::size_t heapAllocations();

  /// Meanwhile `new` means the heap: for code that is not ours, and may keep what it makes.
  class Outside {
   public:
    Outside();
    ~Outside();
    Outside(const Outside&) = delete;
    Outside& operator=(const Outside&) = delete;
  };
};

}  // namespace relayproof::fuzz
