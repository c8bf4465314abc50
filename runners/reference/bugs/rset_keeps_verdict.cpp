#include <algorithm>

#include "runners/reference/bugs/asking.h"
#include "runners/reference/bugs/bug.h"

namespace relayproof::reference::bugs {

KnownBug rsetKeepsVerdict() {
  return {
      .name = "rset-keeps-verdict",
      .kind = "hole",
      .wrong = "After RSET the verdict of the transaction before it stands.",
      .record = "gateway practice",
      .caughtBy = {"sequences.unregistered-1", "session.accepted-reset-denied", "session.sender-given-up-then-foreign"},
      .put = [](Conduct& conduct) {
        conduct.faults.decide = [](const Question& question) {
          const Decision right = rightDecision(question);
          if (right.refusal != relayDenied) return right;
          const auto carried = std::ranges::find_if(question.past, [&](const Past& past) {
            return past.decision.verdict == Verdict::relay && past.wasReset;
          });
          return carried == question.past.end() ? right : acceptFor(Verdict::relay, carried->decision.tenant, question);
        };
      }};
}

}  // namespace relayproof::reference::bugs
