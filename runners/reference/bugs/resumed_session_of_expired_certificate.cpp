#include "runners/reference/bugs/bug.h"

namespace relayproof::reference::bugs {

KnownBug resumedSessionOfExpiredCertificate() {
  return {.name = "resumed-session-of-expired-certificate",
          .kind = "hole",
          .wrong = "A session is resumed after its certificate has expired.",
          .record = "CVE-2025-68121",
          .caughtBy = {"session.resumption.expired-meanwhile", "session.resumption.expired-meanwhile-session-id",
                       "session.resumption.expired-meanwhile-ticket-tls-1-2"},
          .put = [](Conduct& conduct) {
            conduct.behaviour.resumption = Resumption::originalIdentity;
            conduct.faults.recallsExpired = true;
          }};
}

}  // namespace relayproof::reference::bugs
