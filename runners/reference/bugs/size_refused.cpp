#include "runners/reference/bugs/bug.h"

namespace relayproof::reference::bugs {

KnownBug sizeRefused() {
  return {.name = "size-refused",
          .kind = "refusal",
          .wrong = "The parameter SIZE of MAIL is unknown, although the answer to EHLO offers it.",
          .record = "RFC 1870 6",
          .caughtBy =
              {
#include "runners/reference/bugs/size_refused.inc"
              },
          .put = [](Conduct& conduct) { conduct.faults.refusesSize = true; }};
}

}  // namespace relayproof::reference::bugs
