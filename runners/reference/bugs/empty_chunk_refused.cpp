#include "runners/reference/bugs/bug.h"

namespace relayproof::reference::bugs {

KnownBug emptyChunkRefused() {
  return {.name = "empty-chunk-refused",
          .kind = "refusal",
          .wrong = "A chunk of no octets is refused, even if it only says that the message is complete.",
          .record = "RFC 3030 2",
          .caughtBy = {"transactions.chunks-empty-last"},
          .put = [](Conduct& conduct) { conduct.faults.refusesEmptyChunk = true; }};
}

}  // namespace relayproof::reference::bugs
