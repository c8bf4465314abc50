#include "runners/reference/bugs/asking.h"
#include "runners/reference/bugs/bug.h"

namespace relayproof::reference::bugs {

KnownBug senderOfAnyTenant() {
  return {.name = "sender-of-any-tenant",
          .kind = "hole",
          .wrong = "A connector of one tenant relays for the senders of another.",
          .record = "gateway practice",
          .caughtBy = {"tenancy.connectors.associated-address-with-another-domain",
                       "tenancy.connectors.associated-host-with-another-domain", "tenancy.two.address-of-a-sender-of-b",
                       "tenancy.two.host-of-a-sender-of-b"},
          .put = [](Conduct& conduct) {
            conduct.faults.decide = [](const Question& question) {
              const Decision right = rightDecision(question);
              if (right.refusal != relayDenied) return right;
              if (ownerOf(question.tenancy, question.envelope.sender.domain) == nullptr) return right;
              for (const Tenant& tenant : question.tenancy.tenants)
                for (const AcceptedDomain& accepted : tenant.acceptedDomains) {
                  const Decision other =
                      decisionFor(question, question.peer, sentFrom(question.envelope, accepted.name));
                  if (other.verdict == Verdict::relay) return other;
                }
              return right;
            };
          }};
}

}  // namespace relayproof::reference::bugs
