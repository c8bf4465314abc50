#include "runners/reference/bugs/bug.h"

namespace relayproof::reference::bugs {

KnownBug tenantHeaderKeptForSeveral() {
  return {.name = "tenant-header-kept-for-several",
          .kind = "hole",
          .wrong = "A client's tenant header is kept where a message has several recipients.",
          .record = "gateway practice",
          .caughtBy = {"session.tenant-header-to-two-recipients"},
          .put = [](Conduct& conduct) {
            conduct.faults.keepsClientMarks = [](const MessageFacts& message) { return message.recipients > 1; };
          }};
}

}  // namespace relayproof::reference::bugs
