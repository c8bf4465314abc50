#include "runners/reference/bugs/bug.h"

namespace relayproof::reference::bugs {

KnownBug secondTenantMixedUp() {
  return {
      .name = "second-tenant-mixed-up",
      .kind = "hole",
      .wrong =
          "Relayed mail is put down to the tenant that accepts the sender's domain, whoever's connector it came by.",
      .record = "gateway reports",
      .caughtBy = {"combined.right-apex-cn-tls12-other-bdat-one-after-rset-8bit-longer",
                   "combined.right-apex-tls12-other-data-one-alone-size-longer",
                   "combined.right-apex-tls13-other-chunks-two-after-local-rsa",
                   "combined.right-deep-cn-tls12-other-chunks-local-last-after-rset-8bit-longer",
                   "combined.right-deep-tls12-other-chunks-local-last-after-noop-rsa",
                   "combined.right-deep-tls13-other-bdat-local-last-again-longer",
                   "combined.right-deep-tls13-other-chunks-one-after-local-8bit-longer",
                   "combined.right-exact-cn-beside-tls13-other-chunks-local-first-third-8bit-longer",
                   "combined.right-exact-cn-beside-tls13-other-chunks-one-after-rset-size-rsa",
                   "combined.right-exact-cn-tls12-other-chunks-local-last-again-longer",
                   "combined.right-exact-cn-tls13-other-data-local-first-after-local-size",
                   "combined.right-exact-second-tls13-other-bdat-one-after-noop-8bit-rsa-longer",
                   "combined.right-exact-tls13-other-chunks-local-last-third-rsa-longer",
                   "combined.right-host-cn-tls12-other-bdat-local-last-third-8bit-rsa",
                   "combined.right-host-second-tls13-other-bdat-two-after-local-8bit-rsa",
                   "combined.right-host-second-tls13-other-chunks-two-alone-8bit",
                   "combined.right-host-tls13-other-bdat-one-after-local-longer",
                   "combined.right-presented-cn-tls13-other-bdat-one-again-rsa",
                   "combined.right-presented-cn-tls13-other-data-local-first-alone-8bit-longer",
                   "combined.right-presented-tls13-other-chunks-one-after-rset-rsa",
                   "sequences.gateway-and-own-1",
                   "sequences.gateway-and-own-2",
                   "sequences.other-1",
                   "sequences.other-3",
                   "sequences.other-4",
                   "sequences.own-alone-1",
                   "sequences.own-alone-4",
                   "sequences.own-alone-6",
                   "sequences.second-3",
                   "sequences.second-4",
                   "sequences.wild-2",
                   "sequences.wild-4",
                   "tenancy.rivals.beside-disabled-sender-of-it",
                   "tenancy.rivals.beside-partner-sender-of-it",
                   "tenancy.rivals.beside-unregistered-sender-of-it",
                   "tenancy.two.address-and-sender-of-a-certificate-of-b",
                   "tenancy.two.certificate-of-a-sender-of-b",
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
