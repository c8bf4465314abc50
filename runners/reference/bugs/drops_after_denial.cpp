#include "runners/reference/bugs/bug.h"

namespace relayproof::reference::bugs {

KnownBug dropsAfterDenial() {
  return {.name = "drops-after-denial",
          .kind = "protocol",
          .wrong = "The connection is closed after a denial.",
          .record = "RFC 5321 3.8",
          .caughtBy = {"partner.second-recipient",
                       "recipients.denied-between-two",
                       "recipients.last-of-twenty",
                       "recipients.mixed",
                       "recipients.mixed-the-other-way",
                       "session.denied-chunks-then-accepted",
                       "session.denied-five-times",
                       "session.denied-in-the-clear",
                       "session.denied-reset-accepted",
                       "session.denied-then-accepted",
                       "session.denied-twice",
                       "session.external-then-local",
                       "transactions.chunk-without-recipient",
                       "transactions.chunks-mixed",
                       "transactions.denied-accepted-denied",
                       "transactions.eight-denials",
                       "transactions.last-of-a-hundred-denied",
                       "transactions.pipelined",
                       "transactions.three-denials-before",
                       "transactions.three-messages"},
          .put = [](Conduct& conduct) { conduct.faults.endsSessionOnDenial = true; }};
}

}  // namespace relayproof::reference::bugs
