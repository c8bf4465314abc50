#include "runners/reference/bugs/bug.h"

namespace relayproof::reference::bugs {

KnownBug tenantHeaderKeptWith8bitmime() {
  return {.name = "tenant-header-kept-with-8bitmime",
          .kind = "hole",
          .wrong = "A client's tenant header is kept in a message that came with BODY=8BITMIME.",
          .record = "gateway practice",
          .caughtBy = {"session.tenant-header-with-8bitmime"},
          .put = [](Conduct& conduct) {
            conduct.faults.keepsClientMarks = [](const MessageFacts& message) { return message.eightBit; };
          }};
}

}  // namespace relayproof::reference::bugs
