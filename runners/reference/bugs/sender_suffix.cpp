#include <algorithm>
#include <string_view>

#include "runners/reference/bugs/bug.h"

namespace relayproof::reference::bugs {

KnownBug senderSuffix() {
  return {.name = "sender-suffix",
          .kind = "hole",
          .wrong = "A sender's domain that ends like an accepted one counts, without a dot before it.",
          .record = "gateway practice",
          .caughtBy = {"sender.lookalike-dots", "sender.lookalike-suffix", "sender.lookalike-suffix-below"},
          .put = [](Conduct& conduct) {
            conduct.steps.covers = [](const Tenant& tenant, std::string_view domain) {
              return rightSteps.covers(tenant, domain) ||
                     std::ranges::any_of(tenant.acceptedDomains, [&](const AcceptedDomain& accepted) {
                       return domain.ends_with(accepted.name) && !isBelow(domain, accepted.name);
                     });
            };
          }};
}

}  // namespace relayproof::reference::bugs
