#include "runners/reference/bugs/bug.h"

namespace relayproof::reference::bugs {

KnownBug passesOnWhatWasCutOff() {
  return {.name = "passes-on-what-was-cut-off",
          .kind = "hole",
          .wrong = "A message whose end never came is passed on when the connection is gone.",
          .record = "RFC 5321 4.1.1.4",
          .caughtBy = {"transactions.cut-off-behind-a-dot", "transactions.cut-off-behind-an-empty-chunk",
                       "transactions.cut-off-between-chunks", "transactions.cut-off-in-data",
                       "transactions.cut-off-within-a-chunk", "transactions.data-behind-a-chunk",
                       "transactions.half-closed-in-data", "transactions.quit-between-chunks",
                       "transactions.recipient-behind-a-chunk"},
          .put = [](Conduct& conduct) { conduct.faults.passesOnCut = true; }};
}

}  // namespace relayproof::reference::bugs
