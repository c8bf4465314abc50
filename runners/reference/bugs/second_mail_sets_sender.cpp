#include "runners/reference/bugs/bug.h"

namespace relayproof::reference::bugs {

KnownBug secondMailSetsSender() {
  return {.name = "second-mail-sets-sender",
          .kind = "hole",
          .wrong = "A MAIL within a transaction is refused, and its sender is the one that is checked.",
          .record = "gateway practice",
          .caughtBy = {"session.second-mail-changes-nothing"},
          .put = [](Conduct& conduct) { conduct.faults.secondMailSetsSender = true; }};
}

}  // namespace relayproof::reference::bugs
