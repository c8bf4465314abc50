#include "runners/reference/bugs/bug.h"

namespace relayproof::reference::bugs {

KnownBug refusedChunkReadAsCommands() {
  return {.name = "refused-chunk-read-as-commands",
          .kind = "refusal",
          .wrong = "The octets of a chunk that is refused are read as commands.",
          .record = "RFC 3030 2",
          .caughtBy = {"transactions.chunk-behind-a-denied-chunk", "transactions.chunk-without-recipient",
                       "transactions.commands-in-a-chunk-too-large"},
          .put = [](Conduct& conduct) { conduct.faults.readsRefusedChunk = true; }};
}

}  // namespace relayproof::reference::bugs
