#include "runners/reference/bugs/bug.h"

namespace relayproof::reference::bugs {

KnownBug tenantHeaderKeptToPostmaster() {
  return {.name = "tenant-header-kept-to-postmaster",
          .kind = "hole",
          .wrong = "A client's tenant header is kept in mail to Postmaster, which is no tenant's.",
          .record = "gateway practice",
          .caughtBy = {"session.tenant-header-to-postmaster"},
          .put = [](Conduct& conduct) {
            conduct.faults.keepsClientMarks = [](const MessageFacts& message) { return message.tenantless; };
          }};
}

}  // namespace relayproof::reference::bugs
