#include "runners/reference/bugs/bug.h"

namespace relayproof::reference::bugs {

KnownBug originalRecipientGetsIt() {
  return {.name = "original-recipient-gets-it",
          .kind = "hole",
          .wrong = "Mail goes to the original recipient of ORCPT= in the place of the one that was decided on.",
          .record = "gateway practice",
          .caughtBy = {"recipients.original-recipient-elsewhere"},
          .put = [](Conduct& conduct) {
            conduct.faults.decide = [](const Question& question) {
              Decision decision = rightDecision(question);
              const std::string& text = question.envelope.recipientParameters;
              if (text.starts_with("ORCPT=") && decision.verdict != Verdict::deny)
                decision.passTo = text.substr(text.find(';') + 1);
              return decision;
            };
          }};
}

}  // namespace relayproof::reference::bugs
