#include <algorithm>

#include "runners/reference/bugs/asking.h"
#include "runners/reference/bugs/bug.h"

namespace relayproof::reference::bugs {

KnownBug verdictOfFirstTransactionKept() {
  return {
      .name = "verdict-of-first-transaction-kept",
      .kind = "hole",
      .wrong = "The verdict of the first transaction stands for those after it.",
      .record = "gateway practice",
      .caughtBy = {"sequences.gateway-alone-1", "sequences.gateway-alone-3", "sequences.gateway-alone-4",
                   "sequences.gateway-alone-6", "sequences.gateway-and-foreign-3", "sequences.gateway-and-foreign-4",
                   "sequences.unregistered-1", "sequences.unregistered-2", "sequences.unregistered-3",
                   "sequences.unregistered-4", "sequences.unregistered-5", "session.accepted-then-denied",
                   "session.registered-twice-then-denied", "transactions.many.sixty-recipients-twice-then-denied",
                   "transactions.many.twelve-relayed-then-denied", "transactions.null-sender-behind-registered",
                   "transactions.same-recipient-twice", "transactions.three-messages"},
      .put = [](Conduct& conduct) {
        conduct.faults.decide = [](const Question& question) {
          const Decision right = rightDecision(question);
          if (right.refusal != relayDenied) return right;
          const auto carried = std::ranges::find_if(question.past, [&](const Past& past) {
            return past.decision.verdict == Verdict::relay && past.transaction < question.transaction && !past.wasReset;
          });
          return carried == question.past.end() ? right : acceptFor(Verdict::relay, carried->decision.tenant, question);
        };
      }};
}

}  // namespace relayproof::reference::bugs
