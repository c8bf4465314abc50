#include "runners/reference/bugs/bug.h"

namespace relayproof::reference::bugs {

KnownBug refusesNullSender() {
  return {.name = "refuses-null-sender",
          .kind = "refusal",
          .wrong = "The null reverse-path is refused.",
          .record = "RFC 5321 6.1",
          .caughtBy = {"partner.every-domain-null-sender", "partner.null-sender", "recipients.local-null-sender",
                       "sender.null-by-certificate", "sender.null-sender-and-header-by-certificate",
                       "sender.null-with-two-recipients", "session.tenant-header-of-a-bounce",
                       "tenancy.registration.registered-with-null-sender", "transactions.chunks-null-sender"},
          .put = [](Conduct& conduct) {
            conduct.faults.decide = [](const Question& question) {
              Decision decision = rightDecision(question);
              if (!question.envelope.sender.isNull() || decision.verdict == Verdict::deny) return decision;
              Decision refused;
              refused.refusal = "550 5.7.1 No null senders here";
              return refused;
            };
          }};
}

}  // namespace relayproof::reference::bugs
