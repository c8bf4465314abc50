#include "runners/reference/bugs/bug.h"

namespace relayproof::reference::bugs {

KnownBug dropsAfterDenial() {
  return {
      .name = "drops-after-denial",
      .kind = "protocol",
      .wrong = "The connection is closed after a denial.",
      .record = "RFC 5321 3.8",
      .caughtBy = {"recipients.last-of-twenty", "recipients.mixed", "recipients.mixed-the-other-way",
                   "session.denied-chunks-then-accepted", "session.denied-five-times", "session.denied-reset-accepted",
                   "session.denied-then-accepted", "session.denied-twice", "session.external-then-local",
                   "transactions.chunk-without-recipient", "transactions.chunks-mixed",
                   "transactions.denied-accepted-denied", "transactions.last-of-a-hundred-denied",
                   "transactions.pipelined", "transactions.three-messages"},
      .put = [](Conduct& conduct) { conduct.faults.endsSessionOnDenial = true; }};
}

}  // namespace relayproof::reference::bugs
