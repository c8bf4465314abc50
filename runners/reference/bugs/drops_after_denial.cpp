#include "runners/reference/bugs/bug.h"

namespace relayproof::reference::bugs {

KnownBug dropsAfterDenial() {
  return {.name = "drops-after-denial",
          .kind = "protocol",
          .wrong = "The connection is closed after a denial.",
          .record = "RFC 5321 3.8",
          .caughtBy = {},
          .put = [](Conduct& conduct) { conduct.faults.endsSessionOnDenial = true; }};
}

}  // namespace relayproof::reference::bugs
