#include "runners/reference/bugs/bug.h"

namespace relayproof::reference::bugs {

KnownBug offersStarttlsAgain() {
  return {.name = "offers-starttls-again",
          .kind = "protocol",
          .wrong = "STARTTLS is offered within TLS.",
          .record = "RFC 3207 4.2",
          .caughtBy = {"session.starttls-offered-again", "session.listener.starttls-offered"},
          .put = [](Conduct& conduct) { conduct.faults.offersTlsAgain = true; }};
}

}  // namespace relayproof::reference::bugs
