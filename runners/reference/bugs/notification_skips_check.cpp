#include "runners/reference/bugs/asking.h"
#include "runners/reference/bugs/bug.h"

namespace relayproof::reference::bugs {

KnownBug notificationSkipsCheck() {
  return {.name = "notification-skips-check",
          .kind = "hole",
          .wrong = "A recipient for whom a notification is asked is taken.",
          .record = "gateway practice",
          .caughtBy = {"recipients.notification-wanted"},
          .put = [](Conduct& conduct) {
            conduct.faults.decide = [](const Question& question) {
              const Decision right = rightDecision(question);
              return question.envelope.recipientParameters.starts_with("NOTIFY=") && right.refusal == relayDenied
                         ? acceptFor(Verdict::relay, question.tenancy.tenants.front().id, question)
                         : right;
            };
          }};
}

}  // namespace relayproof::reference::bugs
