#include "runners/reference/bugs/bug.h"

namespace relayproof::reference::bugs {

KnownBug resumedSessionKeepsTenancy() {
  return {.name = "resumed-session-keeps-tenancy",
          .kind = "hole",
          .wrong = "A resumed session goes by the connectors and domains that were there when the relay began.",
          .record = "gateway practice",
          .caughtBy = {"tenancy.reload.disabled-resumed", "tenancy.reload.disabled-resumed-session-id",
                       "tenancy.reload.disabled-resumed-with-registered-sender", "tenancy.reload.moved-resumed",
                       "tenancy.reload.renamed-resumed", "tenancy.reload.unregistered-resumed",
                       "tenancy.swap.leaving-resumed", "tenancy.swap.leaving-resumed-session-id",
                       "tenancy.swap.narrowed-resumed", "tenancy.swap.narrowed-resumed-session-id",
                       "tenancy.swap.tenants-resumed"},
          .put = [](Conduct& conduct) {
            conduct.behaviour.resumption = Resumption::originalIdentity;
            conduct.faults.resumedForgetsReload = true;
          }};
}

}  // namespace relayproof::reference::bugs
