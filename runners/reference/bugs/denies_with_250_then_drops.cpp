#include "runners/reference/bugs/bug.h"

namespace relayproof::reference::bugs {

KnownBug deniesWith250ThenDrops() {
  return {.name = "denies-with-250-then-drops",
          .kind = "hole",
          .wrong = "A recipient that is denied is answered 250, and its mail is lost.",
          .record = "gateway practice",
          .caughtBy = {"controls.nothing"},
          .put = [](Conduct& conduct) {
            conduct.faults.decide = [](const Question& question) {
              Decision decision = rightDecision(question);
              if (decision.verdict == Verdict::deny) decision.verdict = Verdict::relay;
              return decision;
            };
          }};
}

}  // namespace relayproof::reference::bugs
