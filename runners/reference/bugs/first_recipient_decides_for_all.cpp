#include <algorithm>

#include "runners/reference/bugs/asking.h"
#include "runners/reference/bugs/bug.h"

namespace relayproof::reference::bugs {

KnownBug firstRecipientDecidesForAll() {
  return {.name = "first-recipient-decides-for-all",
          .kind = "hole",
          .wrong = "The verdict about the first recipient stands for all of the transaction.",
          .record = "nginx mail proxy",
          .caughtBy = {"recipients.denied-between-two", "recipients.last-of-twenty", "recipients.mixed",
                       "transactions.chunks-mixed", "transactions.last-of-a-hundred-denied"},
          .put = [](Conduct& conduct) {
            conduct.faults.decide = [](const Question& question) {
              const Decision right = rightDecision(question);
              if (right.refusal != relayDenied) return right;
              const auto first = std::ranges::find(question.past, question.transaction, &Past::transaction);
              if (first == question.past.end() || first->decision.verdict == Verdict::deny) return right;
              return acceptFor(Verdict::relay, first->decision.tenant, question);
            };
          }};
}

}  // namespace relayproof::reference::bugs
