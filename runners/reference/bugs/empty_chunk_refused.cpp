#include "runners/reference/bugs/bug.h"

namespace relayproof::reference::bugs {

KnownBug emptyChunkRefused() {
  return {.name = "empty-chunk-refused",
          .kind = "refusal",
          .wrong = "A chunk of no octets is refused, even if it only says that the message is complete.",
          .record = "RFC 3030 2",
          .caughtBy = {"sequences.expired-2", "sequences.expired-4", "sequences.foreign-4", "sequences.gateway-alone-6",
                       "sequences.other-2", "sequences.other-4", "sequences.own-alone-2", "sequences.own-alone-4",
                       "sequences.own-alone-6", "sequences.second-2", "sequences.second-4", "sequences.unknown-2",
                       "sequences.unknown-4", "sequences.unregistered-2", "sequences.unregistered-6",
                       "sequences.wild-2", "transactions.chunks-empty-last"},
          .put = [](Conduct& conduct) { conduct.faults.refusesEmptyChunk = true; }};
}

}  // namespace relayproof::reference::bugs
