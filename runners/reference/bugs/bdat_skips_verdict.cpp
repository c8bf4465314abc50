#include "runners/reference/bugs/bug.h"

namespace relayproof::reference::bugs {

KnownBug bdatSkipsVerdict() {
  return {
      .name = "bdat-skips-verdict",
      .kind = "hole",
      .wrong = "A relay that denies at the end of data looks at no verdict where the data came by BDAT.",
      .record = "RFC 3030 2",
      .caughtBy = {"recipients.chunked", "session.denied-chunks-then-accepted", "transactions.chunks-empty-last-denied",
                   "transactions.chunks-expired", "transactions.chunks-mixed", "transactions.chunks-null-sender-denied",
                   "transactions.chunks-within-line-ends-denied"},
      .put = [](Conduct& conduct) {
        conduct.denyStage = DenyStage::endOfData;
        conduct.faults.chunksSkipVerdict = true;
      }};
}

}  // namespace relayproof::reference::bugs
