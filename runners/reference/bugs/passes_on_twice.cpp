#include "runners/reference/bugs/bug.h"

namespace relayproof::reference::bugs {

KnownBug passesOnTwice() {
  return {.name = "passes-on-twice",
          .kind = "protocol",
          .wrong = "Every message is passed on twice.",
          .record = "gateway practice",
          .caughtBy =
              {
#include "runners/reference/bugs/passes_on_twice.inc"
              },
          .put = [](Conduct& conduct) { conduct.faults.copies = 2; }};
}

}  // namespace relayproof::reference::bugs
