#include "runners/reference/bugs/bug.h"

namespace relayproof::reference::bugs {

KnownBug tenantHeaderKeptInClear() {
  return {.name = "tenant-header-kept-in-clear",
          .kind = "hole",
          .wrong = "A client's tenant header is kept in a message that came without TLS.",
          .record = "gateway practice",
          .caughtBy = {"session.tenant-header-in-the-clear"},
          .put = [](Conduct& conduct) {
            conduct.faults.keepsClientMarks = [](const MessageFacts& message) { return !message.tls; };
          }};
}

}  // namespace relayproof::reference::bugs
