#include "runners/reference/bugs/asking.h"
#include "runners/reference/bugs/bug.h"

namespace relayproof::reference::bugs {

KnownBug senderRouteBelieved() {
  return {.name = "sender-route-believed",
          .kind = "hole",
          .wrong = "The first domain of a source route in MAIL counts as the sender's.",
          .record = "gateway practice",
          .caughtBy = {"sender.source-route-through-us"},
          .put = [](Conduct& conduct) {
            conduct.faults.decide = [](const Question& question) {
              const Decision right = rightDecision(question);
              if (right.refusal != relayDenied) return right;
              const std::string& route = question.envelope.sender.route;
              if (route.empty()) return right;
              return decisionFor(question, question.peer, sentFrom(question.envelope, firstOfRoute(route)));
            };
          }};
}

}  // namespace relayproof::reference::bugs
