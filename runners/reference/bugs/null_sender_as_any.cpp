#include "runners/reference/bugs/bug.h"

namespace relayproof::reference::bugs {

KnownBug nullSenderAsAny() {
  return {.name = "null-sender-as-any",
          .kind = "hole",
          .wrong = "The null reverse-path may relay by address, as if it were of the tenant.",
          .record = "gateway practice",
          .caughtBy = {"tenancy.addresses.null-sender"},
          .put = [](Conduct& conduct) {
            conduct.steps.sendsFor = [](const Steps& steps, const Behaviour& behaviour, const Tenant& tenant,
                                        const Connector& connector, const Envelope& envelope) {
              return rightSteps.sendsFor(steps, behaviour, tenant, connector, envelope) ||
                     (!connector.addresses.empty() && envelope.sender.isNull());
            };
          }};
}

}  // namespace relayproof::reference::bugs
