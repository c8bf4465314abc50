#include "runners/reference/bugs/asking.h"
#include "runners/reference/bugs/bug.h"

namespace relayproof::reference::bugs {

KnownBug serverNameChoosesTenant() {
  return {.name = "server-name-chooses-tenant",
          .kind = "hole",
          .wrong = "The server name that a client asks for chooses the tenant for whom a trusted certificate relays.",
          .record = "gateway practice",
          .caughtBy = {"session.identity.server-name-of-another-tenant", "session.identity.server-name-of-connector"},
          .put = [](Conduct& conduct) {
            conduct.faults.decide = [](const Question& question) {
              const Decision right = rightDecision(question);
              if (question.peer.serverName.empty() || question.peer.identity.ids.empty()) return right;
              Peer other = question.peer;
              other.identity.ids.clear();
              const Decision theirs = decisionFor(question, named(other, other.serverName), question.envelope);
              return theirs.verdict == Verdict::relay ? theirs : right;
            };
          }};
}

}  // namespace relayproof::reference::bugs
