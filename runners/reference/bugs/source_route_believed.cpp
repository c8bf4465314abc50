#include "runners/reference/bugs/asking.h"
#include "runners/reference/bugs/bug.h"

namespace relayproof::reference::bugs {

KnownBug sourceRouteBelieved() {
  return {.name = "source-route-believed",
          .kind = "hole",
          .wrong = "The first domain of a source route in RCPT decides.",
          .record = "RFC 5321 appendix C",
          .caughtBy = {"recipients.source-route-of-two", "recipients.source-route-through-us"},
          .put = [](Conduct& conduct) {
            conduct.faults.decide = [](const Question& question) {
              const Decision right = rightDecision(question);
              if (right.refusal != relayDenied) return right;
              const std::string& route = question.recipient.route;
              const Tenant* owner = route.empty() ? nullptr : ownerOf(question.tenancy, firstOfRoute(route));
              return owner == nullptr ? right : acceptFor(Verdict::deliver, owner->id, question);
            };
          }};
}

}  // namespace relayproof::reference::bugs
