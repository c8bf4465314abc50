#include "runners/reference/bugs/bug.h"

namespace relayproof::reference::bugs {

KnownBug anySenderByCertificate() {
  return {.name = "any-sender-by-certificate",
          .kind = "hole",
          .wrong = "A certificate connector grants relay to every sender, registered or not.",
          .record = "gateway practice",
          .caughtBy =
              {
#include "runners/reference/bugs/any_sender_by_certificate.inc"
              },
          .put = [](Conduct& conduct) {
            conduct.steps.sendsFor = [](const Steps& steps, const Behaviour& behaviour, const Tenant& tenant,
                                        const Connector& connector, const Envelope& envelope) {
              return rightSteps.sendsFor(steps, behaviour, tenant, connector, envelope) ||
                     (connector.namesCertificate() && !envelope.sender.domain.empty());
            };
          }};
}

}  // namespace relayproof::reference::bugs
