#include "runners/reference/bugs/bug.h"

namespace relayproof::reference::bugs {

KnownBug tenantHeaderKeptInChunks() {
  return {.name = "tenant-header-kept-in-chunks",
          .kind = "hole",
          .wrong = "A client's tenant header is taken out of what comes by DATA alone.",
          .record = "gateway practice",
          .caughtBy = {"session.tenant-header-across-chunks", "session.tenant-header-in-chunks",
                       "session.tenant-header-within-chunks"},
          .put = [](Conduct& conduct) {
            conduct.faults.keepsClientMarks = [](const MessageFacts& message) { return message.inChunks; };
          }};
}

}  // namespace relayproof::reference::bugs
