#include "runners/reference/bugs/bug.h"

namespace relayproof::reference::bugs {

KnownBug percentHackBelieved() {
  return {.name = "percent-hack-believed",
          .kind = "hole",
          .wrong = "Mail for user%elsewhere at a local domain is passed on to elsewhere.",
          .record = "gateway practice",
          .caughtBy = {"recipients.percent", "recipients.quoted-percent"},
          .put = [](Conduct& conduct) {
            conduct.faults.decide = [](const Question& question) {
              Decision decision = rightDecision(question);
              const std::string local = question.recipient.text.substr(0, question.recipient.text.rfind('@'));
              const std::size_t mark = local.rfind('%');
              if (decision.verdict != Verdict::deliver || mark == std::string::npos) return decision;
              decision.verdict = Verdict::relay;
              decision.passTo = local.substr(0, mark) + "@" + local.substr(mark + 1);
              return decision;
            };
          }};
}

}  // namespace relayproof::reference::bugs
