#include "runners/reference/bugs/bug.h"

namespace relayproof::reference::bugs {

KnownBug disabledConnectorCounts() {
  return {
      .name = "disabled-connector-counts",
      .kind = "hole",
      .wrong = "A connector that is switched off counts.",
      .record = "gateway practice",
      .caughtBy = {"tenancy.addresses.disabled", "tenancy.connectors.disabled", "tenancy.connectors.disabled-wildcard",
                   "tenancy.connectors.disabled-with-registered-sender", "tenancy.reload.disabled",
                   "tenancy.reload.disabled-resumed", "tenancy.reload.disabled-resumed-session-id",
                   "tenancy.reload.disabled-resumed-with-registered-sender"},
      .put = [](Conduct& conduct) {
        conduct.steps.grants = [](const Connector& connector) { return !connector.partner; };
      }};
}

}  // namespace relayproof::reference::bugs
