#include <algorithm>
#include <string_view>

#include "runners/reference/bugs/bug.h"

namespace relayproof::reference::bugs {

KnownBug registrationOfParent() {
  return {.name = "registration-of-parent",
          .kind = "hole",
          .wrong = "A name below an accepted domain counts as registered.",
          .record = "gateway practice",
          .caughtBy =
              {
#include "runners/reference/bugs/registration_of_parent.inc"
              },
          .put = [](Conduct& conduct) {
            conduct.steps.registered = [](const Behaviour&, const Tenant& tenant, std::string_view name) {
              return std::ranges::any_of(tenant.acceptedDomains, [&](const AcceptedDomain& accepted) {
                return name == accepted.name || isBelow(name, accepted.name);
              });
            };
          }};
}

}  // namespace relayproof::reference::bugs
