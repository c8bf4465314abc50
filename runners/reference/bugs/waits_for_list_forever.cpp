#include "runners/reference/bugs/bug.h"

namespace relayproof::reference::bugs {

KnownBug waitsForListForever() {
  return {.name = "waits-for-list-forever",
          .kind = "robustness",
          .wrong = "A server that does not send its list holds the handshake of a client for good.",
          .record = "RFC 5280 6.3.3",
          .caughtBy = {"pki.revocation.list-never-comes", "pki.revocation.list-never-ends"},
          .put = [](Conduct& conduct) { conduct.faults.waitsForLists = true; }};
}

}  // namespace relayproof::reference::bugs
