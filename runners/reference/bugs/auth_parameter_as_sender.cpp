#include "runners/reference/bugs/asking.h"
#include "runners/reference/bugs/bug.h"

namespace relayproof::reference::bugs {

KnownBug authParameterAsSender() {
  return {.name = "auth-parameter-as-sender",
          .kind = "hole",
          .wrong = "The AUTH parameter of MAIL counts as the sender.",
          .record = "gateway practice",
          .caughtBy = {"sender.auth-parameter", "sender.null-with-auth-parameter"},
          .put = [](Conduct& conduct) {
            conduct.faults.decide = [](const Question& question) {
              const Decision right = rightDecision(question);
              if (right.refusal != relayDenied) return right;
              std::string claimed = question.envelope.authParameter;
              if (claimed.ends_with('>')) claimed.pop_back();
              return decisionFor(question, question.peer,
                                 sentFrom(question.envelope, claimed.substr(claimed.rfind('@') + 1)));
            };
          }};
}

}  // namespace relayproof::reference::bugs
