#include "runners/reference/bugs/bug.h"

namespace relayproof::reference::bugs {

KnownBug bangPathBelieved() {
  return {.name = "bang-path-believed",
          .kind = "hole",
          .wrong = "Mail for elsewhere!user at a local domain is passed on to elsewhere.",
          .record = "gateway practice",
          .caughtBy = {"recipients.bang-path"},
          .put = [](Conduct& conduct) {
            conduct.faults.decide = [](const Question& question) {
              Decision decision = rightDecision(question);
              const std::string local = question.recipient.text.substr(0, question.recipient.text.rfind('@'));
              const std::size_t mark = local.find('!');
              if (decision.verdict != Verdict::deliver || mark == std::string::npos) return decision;
              decision.verdict = Verdict::relay;
              decision.passTo = local.substr(mark + 1) + "@" + local.substr(0, mark);
              return decision;
            };
          }};
}

}  // namespace relayproof::reference::bugs
