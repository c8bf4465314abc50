#include "runners/reference/bugs/bug.h"

namespace relayproof::reference::bugs {

KnownBug partnerConnectorGrants() {
  return {.name = "partner-connector-grants",
          .kind = "hole",
          .wrong = "A Partner connector grants relay.",
          .record = "gateway practice",
          .caughtBy = {"partner.every-domain-certificate-to-external-recipient", "tenancy.connectors.partner-address",
                       "tenancy.connectors.partner-name", "tenancy.connectors.partner-name-and-address",
                       "tenancy.connectors.partner-name-with-registered-sender",
                       "tenancy.rivals.address-partner-sender-of-it", "tenancy.swap.kind"},
          .put = [](Conduct& conduct) {
            conduct.steps.grants = [](const Connector& connector) { return connector.enabled; };
          }};
}

}  // namespace relayproof::reference::bugs
