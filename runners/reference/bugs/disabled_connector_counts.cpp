#include "runners/reference/bugs/bug.h"

namespace relayproof::reference::bugs {

KnownBug disabledConnectorCounts() {
  return {.name = "disabled-connector-counts",
          .kind = "hole",
          .wrong = "A connector that is switched off counts.",
          .record = "gateway practice",
          .caughtBy = {"combined.wrong-disabled-tls12-other-chunks-two-after-noop-size",
                       "combined.wrong-disabled-tls13-foreign-data-one-again-8bit-longer",
                       "combined.wrong-disabled-tls13-null-bdat-one-third-longer",
                       "combined.wrong-disabled-tls13-null-data-local-first-alone-8bit-rsa-longer",
                       "combined.wrong-disabled-tls13-other-data-local-first-after-rset",
                       "combined.wrong-disabled-tls13-own-bdat-local-last-after-local-rsa",
                       "sequences.disabled-1",
                       "sequences.disabled-2",
                       "sequences.disabled-3",
                       "sequences.disabled-4",
                       "tenancy.addresses.disabled",
                       "tenancy.connectors.disabled",
                       "tenancy.connectors.disabled-wildcard",
                       "tenancy.connectors.disabled-with-registered-sender",
                       "tenancy.reload.disabled",
                       "tenancy.reload.disabled-null-sender",
                       "tenancy.reload.disabled-resumed",
                       "tenancy.reload.disabled-resumed-session-id",
                       "tenancy.reload.disabled-resumed-with-registered-sender",
                       "tenancy.rivals.address-disabled-sender-of-it"},
          .put = [](Conduct& conduct) {
            conduct.steps.grants = [](const Connector& connector) { return !connector.partner; };
          }};
}

}  // namespace relayproof::reference::bugs
