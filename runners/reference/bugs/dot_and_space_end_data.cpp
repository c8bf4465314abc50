#include "runners/reference/bugs/bug.h"

namespace relayproof::reference::bugs {

KnownBug dotAndSpaceEndData() {
  return {.name = "dot-and-space-end-data",
          .kind = "hole",
          .wrong = "A line of a dot and a space ends DATA.",
          .record = "RFC 5321 4.5.2",
          .caughtBy = {"smuggling.crlf-dot-space-crlf"},
          .put = [](Conduct& conduct) { conduct.faults.otherEnds = {"\r\n. \r\n"}; }};
}

}  // namespace relayproof::reference::bugs
