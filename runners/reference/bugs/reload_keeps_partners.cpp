#include "runners/reference/bugs/bug.h"

namespace relayproof::reference::bugs {

KnownBug reloadKeepsPartners() {
  return {.name = "reload-keeps-partners",
          .kind = "hole",
          .wrong = "Partner connectors are those of the beginning.",
          .record = "gateway practice",
          .caughtBy = {"tenancy.reload.partner-added", "tenancy.reload.partner-addresses",
                       "tenancy.reload.partner-certificate", "tenancy.reload.partner-domain",
                       "tenancy.reload.partner-domain-freed", "tenancy.reload.partner-removed",
                       "tenancy.reload.partner-tls"},
          .put = [](Conduct& conduct) {
            conduct.faults.afterReload = [](const Tenancy& before, Tenancy& now) {
              const auto isPartner = [](const Connector& connector) { return connector.partner; };
              for (Tenant& tenant : now.tenants) {
                std::erase_if(tenant.connectors, isPartner);
                for (const Tenant& old : before.tenants)
                  if (old.id == tenant.id)
                    std::ranges::copy_if(old.connectors, std::back_inserter(tenant.connectors), isPartner);
              }
            };
          }};
}

}  // namespace relayproof::reference::bugs
