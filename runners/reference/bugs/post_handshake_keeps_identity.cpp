#include "runners/reference/bugs/bug.h"

namespace relayproof::reference::bugs {

KnownBug postHandshakeKeepsIdentity() {
  return {.name = "post-handshake-keeps-identity",
          .kind = "hole",
          .wrong = "A certificate shown behind the handshake leaves the session the identity of the one in it.",
          .record = "RFC 8446 4.6.2",
          .caughtBy = {"session.identity.asked-again-another-host", "session.identity.asked-again-another-tenant"},
          .put = [](Conduct& conduct) { conduct.faults.ignoresLateAnswer = true; }};
}

}  // namespace relayproof::reference::bugs
