#include <string_view>

#include "runners/reference/bugs/bug.h"

namespace relayproof::reference::bugs {

KnownBug crlfDotLfEndsData() {
  return {.name = "crlf-dot-lf-ends-data",
          .kind = "hole",
          .wrong = "A dot that begins a line ends DATA where a bare line feed follows.",
          .record = "CVE-2023-51764",
          .caughtBy = {"smuggling.chunked-lf-dot-lf", "smuggling.cr-dot-cr", "smuggling.cr-dot-crlf",
                       "smuggling.crlf-dot-cr", "smuggling.crlf-dot-lf", "smuggling.crlf-dot-nul-crlf",
                       "smuggling.crlf-nul-dot-crlf", "smuggling.lf-cr-dot-crlf", "smuggling.lf-dot-crlf",
                       "smuggling.lf-dot-lf", "smuggling.tenant-header-behind-a-line-feed"},
          .put = [](Conduct& conduct) {
            conduct.faults.otherEnds = {"\r\n.\n"};
            conduct.faults.isClean = [](std::string_view, bool) { return true; };
          }};
}

}  // namespace relayproof::reference::bugs
