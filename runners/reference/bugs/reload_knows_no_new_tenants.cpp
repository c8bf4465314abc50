#include "runners/reference/bugs/bug.h"

namespace relayproof::reference::bugs {

KnownBug reloadKnowsNoNewTenants() {
  return {.name = "reload-knows-no-new-tenants",
          .kind = "hole",
          .wrong = "A reload changes the tenants that were there, and no tenant comes or goes.",
          .record = "gateway practice",
          .caughtBy = {"tenancy.reload.added", "tenancy.reload.added-recipient", "tenancy.reload.removed",
                       "tenancy.reload.removed-recipient", "tenancy.swap.leaving-resumed",
                       "tenancy.swap.leaving-resumed-session-id"},
          .put = [](Conduct& conduct) {
            conduct.faults.afterReload = [](const Tenancy& before, Tenancy& now) {
              std::vector<Tenant> tenants = before.tenants;
              for (Tenant& tenant : tenants)
                for (const Tenant& changed : now.tenants)
                  if (changed.id == tenant.id) tenant = changed;
              now.tenants = std::move(tenants);
            };
          }};
}

}  // namespace relayproof::reference::bugs
