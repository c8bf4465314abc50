#include "runners/reference/bugs/bug.h"

namespace relayproof::reference::bugs {

KnownBug chunksCheckedOneByOne() {
  return {.name = "chunks-checked-one-by-one",
          .kind = "refusal",
          .wrong = "A chunk that ends between CR and LF is refused as if it held a bare CR.",
          .record = "RFC 3030 2",
          .caughtBy = {"transactions.chunks-within-line-ends", "transactions.chunks-within-lines"},
          .put = [](Conduct& conduct) { conduct.faults.checksEachChunk = true; }};
}

}  // namespace relayproof::reference::bugs
