#include "runners/reference/bugs/bug.h"

namespace relayproof::reference::bugs {

KnownBug endOfDataWithinASegment() {
  return {.name = "end-of-data-within-a-segment",
          .kind = "refusal",
          .wrong = "The end of data is not seen where it comes in two segments.",
          .record = "gateway practice",
          .caughtBy = {"transactions.end-of-data-by-octets"},
          .put = [](Conduct& conduct) { conduct.faults.endWithinASegment = true; }};
}

}  // namespace relayproof::reference::bugs
