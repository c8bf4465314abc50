#include "runners/reference/bugs/asking.h"
#include "runners/reference/bugs/bug.h"

namespace relayproof::reference::bugs {

KnownBug senderOfAnyTenant() {
  return {.name = "sender-of-any-tenant",
          .kind = "hole",
          .wrong = "A connector of one tenant relays for the senders of another.",
          .record = "gateway practice",
          .caughtBy = {"combined.wrong-unregistered-tls12-other-chunks-local-last-after-noop-size",
                       "sequences.gateway-alone-2",
                       "sequences.gateway-alone-4",
                       "sequences.gateway-alone-6",
                       "sequences.gateway-and-foreign-1",
                       "sequences.gateway-and-foreign-2",
                       "sequences.gateway-and-foreign-3",
                       "sequences.unregistered-1",
                       "sequences.unregistered-3",
                       "sequences.unregistered-4",
                       "tenancy.connectors.associated-address-with-a-domain-of-another-connector",
                       "tenancy.connectors.associated-address-with-another-domain",
                       "tenancy.connectors.associated-host-with-another-domain",
                       "tenancy.reload.associated",
                       "tenancy.rivals.address-disabled-sender-of-it",
                       "tenancy.rivals.address-partner-sender-of-it",
                       "tenancy.rivals.address-within-a-range-foreign-sender",
                       "tenancy.rivals.two-names-and-a-host-of-the-third",
                       "tenancy.rivals.two-names-sender-of-the-third",
                       "tenancy.swap.addresses",
                       "tenancy.swap.connectors-with-its-own-sender",
                       "tenancy.two.address-of-a-sender-of-b",
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
