#include "runners/reference/bugs/bug.h"

namespace relayproof::reference::bugs {

KnownBug nullSenderAsAny() {
  return {
      .name = "null-sender-as-any",
      .kind = "hole",
      .wrong = "The null reverse-path may relay by address, as if it were of the tenant.",
      .record = "gateway practice",
      .caughtBy = {"sequences.gateway-alone-1", "sequences.gateway-alone-2", "sequences.gateway-alone-3",
                   "sequences.gateway-alone-4", "sequences.gateway-and-foreign-2", "sequences.gateway-and-foreign-3",
                   "sequences.gateway-and-foreign-4", "tenancy.addresses.null-sender"},
      .put = [](Conduct& conduct) {
        conduct.steps.sendsFor = [](const Steps& steps, const Behaviour& behaviour, const Tenant& tenant,
                                    const Connector& connector, const Envelope& envelope) {
          return rightSteps.sendsFor(steps, behaviour, tenant, connector, envelope) ||
                 (!connector.addresses.empty() && envelope.sender.isNull());
        };
      }};
}

}  // namespace relayproof::reference::bugs
