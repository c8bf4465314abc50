// One tenancy, peer and envelope through both books: the core's decision and the reference relay's. The input is the
// row of numbers from which runners/random_worlds.h makes a world.
#include <cstdio>
#include <cstdlib>

#include "runners/differential.h"

using namespace relayproof;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  constexpr std::size_t kMost = 256;
  const std::vector<std::uint8_t> numbers(data, data + std::min(size, kMost));
  const worlds::World world = worlds::worldIn(worlds::Draw(numbers));
  if (worlds::difference(world).empty()) return 0;
  const worlds::World small = worlds::worldIn(worlds::Draw(worlds::shrunk(numbers)));
  std::fprintf(stderr, "core and reference relay differ: %s\n%s\n", worlds::difference(small).c_str(),
               worlds::question(small).c_str());
  std::abort();
}
