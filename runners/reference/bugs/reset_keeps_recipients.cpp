#include "runners/reference/bugs/bug.h"

namespace relayproof::reference::bugs {

KnownBug resetKeepsRecipients() {
  return {.name = "reset-keeps-recipients",
          .kind = "hole",
          .wrong = "The recipients of a transaction that RSET gave up get the next message too.",
          .record = "RFC 5321 4.1.1.5",
          .caughtBy = {"session.noop-within-a-transaction", "session.rset-then-data", "transactions.chunks-before-rset",
                       "transactions.chunks-before-rset-and-chunks", "transactions.recipients-before-rset"},
          .put = [](Conduct& conduct) { conduct.faults.resetKeepsRecipients = true; }};
}

}  // namespace relayproof::reference::bugs
