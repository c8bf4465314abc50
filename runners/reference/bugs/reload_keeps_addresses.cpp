#include "runners/reference/bugs/bug.h"

namespace relayproof::reference::bugs {

KnownBug reloadKeepsAddresses() {
  return {.name = "reload-keeps-addresses",
          .kind = "hole",
          .wrong = "The addresses of a connector are those of the beginning.",
          .record = "gateway practice",
          .caughtBy = {"tenancy.reload.address", "tenancy.reload.address-to", "tenancy.swap.addresses",
                       "tenancy.swap.addresses-the-other-way", "tenancy.swap.addresses-to", "tenancy.swap.range"},
          .put = [](Conduct& conduct) {
            conduct.faults.afterReload = [](const Tenancy& before, Tenancy& now) {
              for (Tenant& tenant : now.tenants)
                for (Connector& connector : tenant.connectors)
                  for (const Tenant& old : before.tenants)
                    for (const Connector& earlier : old.connectors)
                      if (old.id == tenant.id && earlier.name == connector.name)
                        connector.addresses = earlier.addresses;
            };
          }};
}

}  // namespace relayproof::reference::bugs
