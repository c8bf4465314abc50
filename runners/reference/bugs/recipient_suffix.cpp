#include "runners/reference/bugs/asking.h"
#include "runners/reference/bugs/bug.h"

namespace relayproof::reference::bugs {

KnownBug recipientSuffix() {
  return {.name = "recipient-suffix",
          .kind = "hole",
          .wrong = "A recipient's domain that ends like an accepted one is local, without a dot before it.",
          .record = "gateway practice",
          .caughtBy = {"recipients.lookalike-dots", "recipients.lookalike-suffix", "recipients.lookalike-suffix-below"},
          .put = [](Conduct& conduct) {
            conduct.faults.decide = [](const Question& question) {
              const Decision right = rightDecision(question);
              if (right.refusal != relayDenied) return right;
              for (const Tenant& tenant : question.tenancy.tenants)
                for (const AcceptedDomain& accepted : tenant.acceptedDomains)
                  if (question.recipient.domain.ends_with(accepted.name) &&
                      !isBelow(question.recipient.domain, accepted.name))
                    return acceptFor(Verdict::deliver, tenant.id, question);
              return right;
            };
          }};
}

}  // namespace relayproof::reference::bugs
