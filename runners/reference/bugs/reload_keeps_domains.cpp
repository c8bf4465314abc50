#include "runners/reference/bugs/bug.h"

namespace relayproof::reference::bugs {

KnownBug reloadKeepsDomains() {
  return {.name = "reload-keeps-domains",
          .kind = "hole",
          .wrong = "The accepted domains of a tenant are those of the beginning.",
          .record = "gateway practice",
          .caughtBy = {"tenancy.reload.below", "tenancy.reload.below-to", "tenancy.reload.moved",
                       "tenancy.reload.moved-resumed", "tenancy.reload.unregistered",
                       "tenancy.reload.unregistered-recipient", "tenancy.reload.unregistered-resumed",
                       "tenancy.swap.tenants", "tenancy.swap.tenants-recipient", "tenancy.swap.tenants-resumed",
                       "tenancy.swap.tenants-the-other-way"},
          .put = [](Conduct& conduct) {
            conduct.faults.afterReload = [](const Tenancy& before, Tenancy& now) {
              for (Tenant& tenant : now.tenants)
                for (const Tenant& old : before.tenants)
                  if (old.id == tenant.id) tenant.acceptedDomains = old.acceptedDomains;
            };
          }};
}

}  // namespace relayproof::reference::bugs
