#include "runners/reference/bugs/asking.h"
#include "runners/reference/bugs/bug.h"

namespace relayproof::reference::bugs {

KnownBug smtputf8SkipsCheck() {
  return {.name = "smtputf8-skips-check",
          .kind = "hole",
          .wrong = "With SMTPUTF8 every recipient is taken.",
          .record = "gateway practice",
          .caughtBy = {"sender.smtputf8-denied", "sender.smtputf8-recipient-denied",
                       "sender.smtputf8-registered-without-certificate"},
          .put = [](Conduct& conduct) {
            conduct.faults.decide = [](const Question& question) {
              const Decision right = rightDecision(question);
              return question.envelope.smtpUtf8 && right.refusal == relayDenied
                         ? acceptFor(Verdict::relay, question.tenancy.tenants.front().id, question)
                         : right;
            };
          }};
}

}  // namespace relayproof::reference::bugs
