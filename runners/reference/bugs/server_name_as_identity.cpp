#include "runners/reference/bugs/asking.h"
#include "runners/reference/bugs/bug.h"

namespace relayproof::reference::bugs {

KnownBug serverNameAsIdentity() {
  return {.name = "server-name-as-identity",
          .kind = "hole",
          .wrong = "The server name that a client asks for in the handshake counts as a name of its certificate.",
          .record = "gateway practice",
          .caughtBy = {"pki.chain.unknown-authority-with-a-server-name", "session.identity.server-name-of-connector",
                       "session.identity.server-name-without-certificate"},
          .put = [](Conduct& conduct) {
            conduct.faults.decide = [](const Question& question) {
              const Decision right = rightDecision(question);
              if (right.refusal != relayDenied || question.peer.serverName.empty()) return right;
              return decisionFor(question, named(question.peer, question.peer.serverName), question.envelope);
            };
          }};
}

}  // namespace relayproof::reference::bugs
