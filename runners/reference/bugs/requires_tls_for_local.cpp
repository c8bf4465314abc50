#include "runners/reference/bugs/bug.h"

namespace relayproof::reference::bugs {

KnownBug requiresTlsForLocal() {
  return {.name = "requires-tls-for-local",
          .kind = "refusal",
          .wrong = "Mail for accepted domains is refused in the clear.",
          .record = "RFC 3207 4",
          .caughtBy = {"session.in-the-clear-to-local-recipient", "session.tenant-header-in-the-clear",
                       "tenancy.connectors.require-tls-to-local-recipient", "tenancy.reload.partner-tls-before"},
          .put = [](Conduct& conduct) {
            conduct.faults.decide = [](const Question& question) {
              Decision decision = rightDecision(question);
              if (decision.verdict != Verdict::deliver || question.peer.tls) return decision;
              Decision refused;
              refused.refusal = "530 5.7.0 Must issue a STARTTLS command first";
              return refused;
            };
          }};
}

}  // namespace relayproof::reference::bugs
