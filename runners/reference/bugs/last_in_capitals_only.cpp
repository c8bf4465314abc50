#include "runners/reference/bugs/bug.h"

namespace relayproof::reference::bugs {

KnownBug lastInCapitalsOnly() {
  return {.name = "last-in-capitals-only",
          .kind = "refusal",
          .wrong = "The word LAST of BDAT is known in capitals alone.",
          .record = "RFC 5321 2.4",
          .caughtBy = {"transactions.last-chunk-in-lower-case"},
          .put = [](Conduct& conduct) { conduct.faults.lastInCapitals = true; }};
}

}  // namespace relayproof::reference::bugs
