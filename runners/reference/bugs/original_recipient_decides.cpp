#include "runners/reference/bugs/asking.h"
#include "runners/reference/bugs/bug.h"

namespace relayproof::reference::bugs {

KnownBug originalRecipientDecides() {
  return {.name = "original-recipient-decides",
          .kind = "hole",
          .wrong = "The original recipient of ORCPT= is held against the accepted domains.",
          .record = "gateway practice",
          .caughtBy = {"recipients.original-recipient-decides"},
          .put = [](Conduct& conduct) {
            conduct.faults.decide = [](const Question& question) {
              const Decision right = rightDecision(question);
              const std::string& text = question.envelope.recipientParameters;
              const Tenant* owner =
                  text.starts_with("ORCPT=") ? ownerOf(question.tenancy, text.substr(text.find('@') + 1)) : nullptr;
              return right.refusal == relayDenied && owner != nullptr ? acceptFor(Verdict::deliver, owner->id, question)
                                                                      : right;
            };
          }};
}

}  // namespace relayproof::reference::bugs
