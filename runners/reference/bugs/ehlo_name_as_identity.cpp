#include "runners/reference/bugs/asking.h"
#include "runners/reference/bugs/bug.h"

namespace relayproof::reference::bugs {

KnownBug ehloNameAsIdentity() {
  return {
      .name = "ehlo-name-as-identity",
      .kind = "hole",
      .wrong = "The name in EHLO counts as a name of the certificate.",
      .record = "gateway practice",
      .caughtBy = {"session.ehlo-name", "session.ehlo-name-beside-another-certificate",
                   "session.ehlo-name-in-the-clear", "session.ehlo-name-with-registered-sender", "session.helo-name"},
      .put = [](Conduct& conduct) {
        conduct.faults.decide = [](const Question& question) {
          const Decision right = rightDecision(question);
          if (right.refusal != relayDenied) return right;
          return decisionFor(question, named(question.peer, question.peer.heloName), question.envelope);
        };
      }};
}

}  // namespace relayproof::reference::bugs
