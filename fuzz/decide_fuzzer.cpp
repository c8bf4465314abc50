// One tenancy, peer and envelope through both books: the core's decision and the reference relay's, and what holds of
// the core whatever the options are. The input is the row of numbers from which runners/random_worlds.h makes a world.
#include <cstdio>
#include <cstdlib>

#include "runners/differential.h"
#include "runners/invariants.h"

using namespace relayproof;

namespace {

std::string faultIn(const worlds::World& world) {
  const std::string difference = worlds::difference(world);
  if (!difference.empty() || !worlds::isInOrder(world)) return difference;
  return worlds::brokenInvariant(world);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  constexpr std::size_t kMost = 256;
  const std::vector<std::uint8_t> numbers(data, data + std::min(size, kMost));
  if (faultIn(worlds::worldIn(worlds::Draw(numbers))).empty()) return 0;
  const worlds::World small = worlds::worldIn(worlds::Draw(worlds::shrunk(numbers, faultIn)));
  std::fprintf(stderr, "core and reference relay differ, or the core from what always holds: %s\n%s\n",
               faultIn(small).c_str(), worlds::question(small).c_str());
  std::abort();
}
