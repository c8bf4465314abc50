#include "runners/reference/bugs/bug.h"

namespace relayproof::reference::bugs {

KnownBug stateKeptOverStarttls() {
  return {.name = "state-kept-over-starttls",
          .kind = "hole",
          .wrong = "What was said before STARTTLS stands after it.",
          .record = "RFC 3207 4.2",
          .caughtBy = {"session.mail-before-tls-without-ehlo"},
          .put = [](Conduct& conduct) { conduct.faults.keepsState = true; }};
}

}  // namespace relayproof::reference::bugs
