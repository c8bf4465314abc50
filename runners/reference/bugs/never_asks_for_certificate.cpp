#include "runners/reference/bugs/bug.h"

namespace relayproof::reference::bugs {

KnownBug neverAsksForCertificate() {
  return {.name = "never-asks-for-certificate",
          .kind = "refusal",
          .wrong = "The handshake never asks for a client certificate.",
          .record = "gateway practice",
          .caughtBy = {"controls.by-certificate"},
          .put = [](Conduct& conduct) { conduct.faults.asksForCertificate = false; }};
}

}  // namespace relayproof::reference::bugs
