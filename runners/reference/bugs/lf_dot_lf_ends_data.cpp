#include <string_view>

#include "runners/reference/bugs/bug.h"

namespace relayproof::reference::bugs {

KnownBug lfDotLfEndsData() {
  return {.name = "lf-dot-lf-ends-data",
          .kind = "hole",
          .wrong = "A dot between bare line feeds ends DATA.",
          .record = "CVE-2023-51764",
          .caughtBy = {},
          .put = [](Conduct& conduct) {
            conduct.faults.otherEnds = {"\n.\n"};
            conduct.faults.isClean = [](std::string_view, bool) { return true; };
          }};
}

}  // namespace relayproof::reference::bugs
