#include "runners/reference/bugs/asking.h"
#include "runners/reference/bugs/bug.h"

namespace relayproof::reference::bugs {

KnownBug anyCertificateRelays() {
  return {.name = "any-certificate-relays",
          .kind = "hole",
          .wrong = "Every verified certificate may relay, whatever its names.",
          .record = "Postfix permit_tls_all_clientcerts",
          .caughtBy =
              {
#include "runners/reference/bugs/any_certificate_relays.inc"
              },
          .put = [](Conduct& conduct) {
            conduct.faults.decide = [](const Question& question) {
              const Decision right = rightDecision(question);
              if (right.refusal != relayDenied) return right;
              const bool verified = !question.peer.identity.ids.empty();
              return verified ? acceptFor(Verdict::relay, {}, question) : right;
            };
          }};
}

}  // namespace relayproof::reference::bugs
