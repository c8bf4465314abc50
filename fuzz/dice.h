// Randomness of the mutators: the same seed gives the same throws everywhere.
#pragma once

#include <cstddef>
#include <cstdint>
#include <iterator>

namespace relayproof::fuzz {

class Dice {
 public:
  explicit Dice(unsigned seed) : state_(seed * 2654435769U + 1) { next(); }

  /// 0 to count - 1; 0 of nothing.
  std::size_t below(std::size_t count) { return count == 0 ? 0 : next() % count; }
  bool oneIn(std::size_t count) { return below(count) == 0; }
  template <class List>
  const auto& of(const List& list) {
    return list[below(std::size(list))];
  }

 private:
  // SplitMix64: neighbouring seeds, which libFuzzer gives, have nothing in common.
  std::uint64_t next() {
    state_ += 0x9E3779B97F4A7C15U;
    std::uint64_t z = state_;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9U;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBU;
    return z ^ (z >> 31);
  }
  std::uint64_t state_;
};

}  // namespace relayproof::fuzz
