#include "runners/reference/bugs/bug.h"

namespace relayproof::reference::bugs {

KnownBug deniedButPassedOn() {
  return {.name = "denied-but-passed-on",
          .kind = "hole",
          .wrong = "A message is denied after its end, and passed on all the same.",
          .record = "gateway practice",
          .caughtBy =
              {
#include "runners/reference/bugs/denied_but_passed_on.inc"
              },
          .put = [](Conduct& conduct) {
            conduct.denyStage = DenyStage::endOfData;
            conduct.faults.passesOnDenied = true;
          }};
}

}  // namespace relayproof::reference::bugs
