#include "runners/reference/bugs/bug.h"

namespace relayproof::reference::bugs {

KnownBug renegotiationKeepsIdentity() {
  return {.name = "renegotiation-keeps-identity",
          .kind = "hole",
          .wrong = "Another handshake in a session leaves it the identity of the first.",
          .record = "gateway practice",
          .caughtBy = {"session.identity.renegotiated-behind-a-transaction",
                       "session.identity.renegotiated-to-another-host",
                       "session.identity.renegotiated-to-another-tenant", "session.identity.renegotiated-to-nobody"},
          .put = [](Conduct& conduct) { conduct.faults.keepsFirstIdentity = true; }};
}

}  // namespace relayproof::reference::bugs
