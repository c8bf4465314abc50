#include "runners/reference/bugs/bug.h"

namespace relayproof::reference::bugs {

KnownBug anySenderByAddress() {
  return {.name = "any-sender-by-address",
          .kind = "hole",
          .wrong = "An address connector grants relay to every sender.",
          .record = "gateway practice",
          .caughtBy = {"sequences.gateway-alone-1",
                       "sequences.gateway-alone-2",
                       "sequences.gateway-alone-3",
                       "sequences.gateway-alone-4",
                       "sequences.gateway-alone-5",
                       "sequences.gateway-alone-6",
                       "sequences.gateway-and-foreign-1",
                       "sequences.gateway-and-foreign-2",
                       "sequences.gateway-and-foreign-3",
                       "sequences.gateway-and-foreign-4",
                       "session.beside.gateway-beside-foreign-sender",
                       "tenancy.addresses.foreign-sender",
                       "tenancy.addresses.with-a-certificate-of-nobody-and-foreign-sender",
                       "tenancy.connectors.associated-address-with-a-domain-of-another-connector",
                       "tenancy.connectors.associated-address-with-another-domain",
                       "tenancy.registration.expired-name-from-the-address",
                       "tenancy.registration.foreign-name-from-the-address",
                       "tenancy.reload.associated",
                       "tenancy.reload.below",
                       "tenancy.rivals.address-disabled-foreign-sender",
                       "tenancy.rivals.address-disabled-sender-of-it",
                       "tenancy.rivals.address-partner-foreign-sender",
                       "tenancy.rivals.address-partner-sender-of-it",
                       "tenancy.rivals.address-range-foreign-sender",
                       "tenancy.swap.addresses",
                       "tenancy.two.address-of-a-sender-of-b",
                       "transactions.many.sixty-recipients-twice-then-denied",
                       "transactions.many.twelve-relayed-then-denied"},
          .put = [](Conduct& conduct) {
            conduct.steps.sendsFor = [](const Steps& steps, const Behaviour& behaviour, const Tenant& tenant,
                                        const Connector& connector, const Envelope& envelope) {
              return rightSteps.sendsFor(steps, behaviour, tenant, connector, envelope) ||
                     (!connector.addresses.empty() && !envelope.sender.isNull());
            };
          }};
}

}  // namespace relayproof::reference::bugs
