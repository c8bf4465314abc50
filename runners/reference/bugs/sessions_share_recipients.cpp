#include "runners/reference/bugs/bug.h"

namespace relayproof::reference::bugs {

KnownBug sessionsShareRecipients() {
  return {.name = "sessions-share-recipients",
          .kind = "protocol",
          .wrong = "Sessions of a name in EHLO have one list of recipients, which is that of the last RCPT.",
          .record = "gateway practice",
          .caughtBy = {"session.beside.data-beside-chunks", "session.beside.local-beside-own",
                       "session.beside.rset-beside-transaction", "session.beside.two-messages",
                       "session.beside.two-messages-in-chunks", "session.beside.two-tenants"},
          .put = [](Conduct& conduct) { conduct.faults.recipientsByName = true; }};
}

}  // namespace relayproof::reference::bugs
