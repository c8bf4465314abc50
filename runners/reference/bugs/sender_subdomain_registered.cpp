#include <algorithm>
#include <string_view>

#include "runners/reference/bugs/bug.h"

namespace relayproof::reference::bugs {

KnownBug senderSubdomainRegistered() {
  return {.name = "sender-subdomain-registered",
          .kind = "hole",
          .wrong = "A sender below an accepted domain counts, without matchSubDomains.",
          .record = "gateway practice",
          .caughtBy = {"sender.below-an-internal-relay", "sender.connectors-own-name", "sender.sub-domain",
                       "tenancy.registration.sender-below-a-registered-domain", "tenancy.reload.below"},
          .put = [](Conduct& conduct) {
            conduct.steps.covers = [](const Tenant& tenant, std::string_view domain) {
              return rightSteps.covers(tenant, domain) ||
                     std::ranges::any_of(tenant.acceptedDomains, [&](const AcceptedDomain& accepted) {
                       return isBelow(domain, accepted.name);
                     });
            };
          }};
}

}  // namespace relayproof::reference::bugs
