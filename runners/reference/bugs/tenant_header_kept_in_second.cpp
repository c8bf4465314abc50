#include "runners/reference/bugs/bug.h"

namespace relayproof::reference::bugs {

KnownBug tenantHeaderKeptInSecond() {
  return {.name = "tenant-header-kept-in-second",
          .kind = "hole",
          .wrong = "A client's tenant header is taken out of a session's first message alone.",
          .record = "gateway practice",
          .caughtBy = {"session.tenant-header-in-the-second-message"},
          .put = [](Conduct& conduct) {
            conduct.faults.keepsClientMarks = [](const MessageFacts& message) { return message.transaction > 1; };
          }};
}

}  // namespace relayproof::reference::bugs
