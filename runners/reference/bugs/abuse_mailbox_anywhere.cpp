#include "runners/reference/bugs/asking.h"
#include "runners/reference/bugs/bug.h"

namespace relayproof::reference::bugs {

KnownBug abuseMailboxAnywhere() {
  return {.name = "abuse-mailbox-anywhere",
          .kind = "hole",
          .wrong = "A recipient abuse@ is taken at any domain, as Postmaster of the server itself is.",
          .record = "gateway practice",
          .caughtBy = {"recipients.abuse-elsewhere"},
          .put = [](Conduct& conduct) {
            conduct.faults.decide = [](const Question& question) {
              const Decision right = rightDecision(question);
              const bool abuse = question.recipient.text.starts_with("abuse@");
              return abuse && right.refusal == relayDenied ? acceptFor(Verdict::relay, {}, question) : right;
            };
          }};
}

}  // namespace relayproof::reference::bugs
