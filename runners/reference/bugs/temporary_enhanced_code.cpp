#include "runners/reference/bugs/bug.h"

namespace relayproof::reference::bugs {

KnownBug temporaryEnhancedCode() {
  return {.name = "temporary-enhanced-code",
          .kind = "reply",
          .wrong = "A denial of class 5 carries an enhanced code of class 4.",
          .record = "RFC 3463 2",
          .caughtBy =
              {
#include "runners/reference/bugs/temporary_enhanced_code.inc"
              },
          .put = [](Conduct& conduct) {
            conduct.faults.decide = [](const Question& question) {
              Decision decision = rightDecision(question);
              if (decision.verdict == Verdict::deny) decision.refusal = "550 4.7.64 Relay Access Denied";
              return decision;
            };
          }};
}

}  // namespace relayproof::reference::bugs
