#include "runners/reference/bugs/bug.h"

namespace relayproof::reference::bugs {

KnownBug tenantHeaderKeptWithSmtputf8() {
  return {.name = "tenant-header-kept-with-smtputf8",
          .kind = "hole",
          .wrong = "A client's tenant header is kept in a message that came with SMTPUTF8.",
          .record = "gateway practice",
          .caughtBy = {"session.tenant-header-with-smtputf8"},
          .put = [](Conduct& conduct) {
            conduct.faults.keepsClientMarks = [](const MessageFacts& message) { return message.smtpUtf8; };
          }};
}

}  // namespace relayproof::reference::bugs
