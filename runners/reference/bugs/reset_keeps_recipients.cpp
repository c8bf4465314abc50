#include "runners/reference/bugs/bug.h"

namespace relayproof::reference::bugs {

KnownBug resetKeepsRecipients() {
  return {.name = "reset-keeps-recipients",
          .kind = "hole",
          .wrong = "The recipients of a transaction that RSET gave up get the next message too.",
          .record = "RFC 5321 4.1.1.5",
          .caughtBy = {"sequences.disabled-4",
                       "sequences.expired-2",
                       "sequences.foreign-1",
                       "sequences.foreign-2",
                       "sequences.gateway-alone-1",
                       "sequences.gateway-alone-3",
                       "sequences.gateway-and-foreign-1",
                       "sequences.nobody-1",
                       "sequences.nobody-6",
                       "sequences.other-1",
                       "sequences.other-4",
                       "sequences.own-alone-1",
                       "sequences.own-alone-3",
                       "sequences.own-alone-6",
                       "sequences.second-1",
                       "sequences.unknown-1",
                       "sequences.unknown-3",
                       "sequences.unregistered-6",
                       "sequences.wild-1",
                       "session.beside.rset-beside-transaction",
                       "session.noop-within-a-transaction",
                       "session.rset-then-data",
                       "transactions.chunks-before-rset",
                       "transactions.chunks-before-rset-and-chunks",
                       "transactions.many.rset-behind-a-chunk",
                       "transactions.many.rset-in-a-group",
                       "transactions.recipients-before-rset"},
          .put = [](Conduct& conduct) { conduct.faults.resetKeepsRecipients = true; }};
}

}  // namespace relayproof::reference::bugs
