#include "runners/reference/bugs/bug.h"

namespace relayproof::reference::bugs {

KnownBug reloadNeverRemoves() {
  return {.name = "reload-never-removes",
          .kind = "hole",
          .wrong = "A reload adds connectors and domains, and those that it takes away or disables go on counting.",
          .record = "gateway practice",
          .caughtBy = {"tenancy.reload.address",
                       "tenancy.reload.associated",
                       "tenancy.reload.below",
                       "tenancy.reload.disabled",
                       "tenancy.reload.disabled-null-sender",
                       "tenancy.reload.disabled-resumed",
                       "tenancy.reload.disabled-resumed-session-id",
                       "tenancy.reload.disabled-resumed-with-registered-sender",
                       "tenancy.reload.moved",
                       "tenancy.reload.moved-resumed",
                       "tenancy.reload.partner-addresses",
                       "tenancy.reload.partner-certificate",
                       "tenancy.reload.partner-domain-freed",
                       "tenancy.reload.partner-removed",
                       "tenancy.reload.partner-tls",
                       "tenancy.reload.renamed",
                       "tenancy.reload.renamed-resumed",
                       "tenancy.reload.unregistered",
                       "tenancy.reload.unregistered-recipient",
                       "tenancy.reload.unregistered-resumed",
                       "tenancy.swap.addresses",
                       "tenancy.swap.connectors",
                       "tenancy.swap.connectors-with-its-own-sender",
                       "tenancy.swap.connectors-with-the-others-sender",
                       "tenancy.swap.kind",
                       "tenancy.swap.narrowed",
                       "tenancy.swap.narrowed-resumed",
                       "tenancy.swap.narrowed-resumed-session-id",
                       "tenancy.swap.range",
                       "tenancy.swap.tenants",
                       "tenancy.swap.tenants-recipient",
                       "tenancy.swap.tenants-resumed",
                       "tenancy.swap.tenants-the-other-way"},
          .put = [](Conduct& conduct) {
            conduct.faults.afterReload = [](const Tenancy& before, Tenancy& now) {
              for (const Tenant& old : before.tenants)
                for (Tenant& tenant : now.tenants) {
                  if (tenant.id != old.id) continue;
                  tenant.acceptedDomains.insert(tenant.acceptedDomains.end(), old.acceptedDomains.begin(),
                                                old.acceptedDomains.end());
                  tenant.connectors.insert(tenant.connectors.end(), old.connectors.begin(), old.connectors.end());
                }
            };
          }};
}

}  // namespace relayproof::reference::bugs
