#include "runners/reference/bugs/bug.h"

namespace relayproof::reference::bugs {

KnownBug secondTenantMixedUp() {
  return {
      .name = "second-tenant-mixed-up",
      .kind = "hole",
      .wrong =
          "Relayed mail is put down to the tenant that accepts the sender's domain, whoever's connector it came by.",
      .record = "gateway reports",
      .caughtBy = {"tenancy.two.address-and-sender-of-a-certificate-of-b", "tenancy.two.certificate-of-a-sender-of-b",
                   "tenancy.two.certificate-of-b-sender-of-a"},
      .put = [](Conduct& conduct) {
        conduct.faults.decide = [](const Question& question) {
          Decision decision = rightDecision(question);
          const Tenant* owner = ownerOf(question.tenancy, question.envelope.sender.domain);
          if (decision.verdict == Verdict::relay && owner != nullptr) decision.tenant = owner->id;
          return decision;
        };
      }};
}

}  // namespace relayproof::reference::bugs
