#include <algorithm>

#include "runners/reference/bugs/asking.h"
#include "runners/reference/bugs/bug.h"

namespace relayproof::reference::bugs {

KnownBug recipientsBeyondFiftyUnchecked() {
  return {.name = "recipients-beyond-fifty-unchecked",
          .kind = "hole",
          .wrong = "Recipients behind the fiftieth have the verdict on the first.",
          .record = "gateway practice",
          .caughtBy = {"transactions.last-of-a-hundred-denied"},
          .put = [](Conduct& conduct) {
            conduct.faults.decide = [](const Question& question) {
              constexpr std::ptrdiff_t checked = 50;
              const Decision right = rightDecision(question);
              if (right.refusal != relayDenied ||
                  std::ranges::count(question.past, question.transaction, &Past::transaction) < checked)
                return right;
              const auto first = std::ranges::find(question.past, question.transaction, &Past::transaction);
              return acceptFor(Verdict::relay, first->decision.tenant, question);
            };
          }};
}

}  // namespace relayproof::reference::bugs
