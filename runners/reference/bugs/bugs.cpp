#include <algorithm>

#include "runners/reference/bugs/bug.h"

namespace relayproof::reference {

std::vector<KnownBug> knownBugs() {
  std::vector<KnownBug> all = {
#define KNOWN_BUG(function) bugs::function(),
#include "known_bugs.inc"
#undef KNOWN_BUG
  };
  std::ranges::sort(all, {}, &KnownBug::name);
  return all;
}

}  // namespace relayproof::reference
