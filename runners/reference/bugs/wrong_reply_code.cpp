#include "runners/reference/bugs/bug.h"

namespace relayproof::reference::bugs {

KnownBug wrongReplyCode() {
  return {.name = "wrong-reply-code",
          .kind = "reply",
          .wrong = "A denial is said as a temporary failure.",
          .record = "RFC 5321 4.2.1",
          .caughtBy =
              {
#include "runners/reference/bugs/wrong_reply_code.inc"
              },
          .put = [](Conduct& conduct) {
            conduct.faults.decide = [](const Question& question) {
              Decision decision = rightDecision(question);
              if (decision.verdict == Verdict::deny)
                decision.refusal = "451 4.7.1 Relay access denied, try again later";
              return decision;
            };
          }};
}

}  // namespace relayproof::reference::bugs
