#include "runners/reference/bugs/bug.h"

namespace relayproof::reference::bugs {

KnownBug longMessagesUnmarked() {
  return {.name = "long-messages-unmarked",
          .kind = "protocol",
          .wrong = "A message longer than 32,768 octets goes on without the mark of its tenant.",
          .record = "gateway practice",
          .caughtBy = {"session.tenant-header-behind-64k", "transactions.dots-at-every-place",
                       "transactions.dots-at-every-place-in-chunks", "transactions.dots-within-lines",
                       "transactions.message-of-200k-octets", "transactions.message-of-64k-octets",
                       "transactions.message-of-64k-octets-local", "transactions.message-of-70k-octets-in-a-chunk"},
          .put = [](Conduct& conduct) {
            conduct.faults.leavesUnmarked = [](const MessageFacts& message) { return message.octets > 32768; };
          }};
}

}  // namespace relayproof::reference::bugs
