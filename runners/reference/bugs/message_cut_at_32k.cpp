#include "runners/reference/bugs/bug.h"

namespace relayproof::reference::bugs {

KnownBug messageCutAt32k() {
  return {.name = "message-cut-at-32k",
          .kind = "protocol",
          .wrong = "Of a message longer than 32,768 octets the rest is not passed on.",
          .record = "RFC 5321 4.5.3.1.7",
          .caughtBy = {"session.tenant-header-behind-64k", "transactions.dots-at-every-place",
                       "transactions.dots-at-every-place-in-chunks", "transactions.dots-within-lines",
                       "transactions.message-of-200k-octets", "transactions.message-of-64k-octets",
                       "transactions.message-of-64k-octets-local", "transactions.message-of-70k-octets-in-a-chunk"},
          .put = [](Conduct& conduct) {
            conduct.faults.changes = [](std::string message, bool) { return message.substr(0, 32768); };
          }};
}

}  // namespace relayproof::reference::bugs
