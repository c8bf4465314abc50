#include "runners/reference/bugs/bug.h"

namespace relayproof::reference::bugs {

KnownBug resumedSessionUnverified() {
  return {.name = "resumed-session-unverified",
          .kind = "hole",
          .wrong = "A resumed session has the names of its certificate, however the first handshake was verified.",
          .record = "CVE-2022-21654, CVE-2025-68121",
          .caughtBy = {"session.listener.unknown-authority-first", "session.resumption.unknown-authority-first",
                       "session.resumption.unknown-authority-first-session-id",
                       "session.resumption.unknown-authority-first-ticket-tls-1-2",
                       "session.resumption.unknown-authority-then-own",
                       "session.resumption.unknown-authority-then-own-session-id"},
          .put = [](Conduct& conduct) {
            conduct.behaviour.resumption = Resumption::originalIdentity;
            conduct.faults.recallsUnverified = true;
          }};
}

}  // namespace relayproof::reference::bugs
