#include "runners/reference/bugs/asking.h"
#include "runners/reference/bugs/bug.h"

namespace relayproof::reference::bugs {

KnownBug openRelay() {
  return {.name = "open-relay",
          .kind = "hole",
          .wrong = "Everybody may relay.",
          .record = "gateway practice",
          .caughtBy = {"controls.nothing"},
          .put = [](Conduct& conduct) {
            conduct.faults.decide = [](const Question& question) {
              const Decision right = rightDecision(question);
              if (right.refusal != relayDenied) return right;
              return acceptFor(Verdict::relay, {}, question);
            };
          }};
}

}  // namespace relayproof::reference::bugs
