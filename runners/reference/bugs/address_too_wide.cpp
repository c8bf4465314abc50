#include <cstdint>

#include "runners/reference/bugs/bug.h"

namespace relayproof::reference::bugs {

KnownBug addressTooWide() {
  return {
      .name = "address-too-wide",
      .kind = "hole",
      .wrong = "Addresses are compared by their first 24 bits, whatever the connector's length.",
      .record = "gateway practice",
      .caughtBy = {"partner.address-without-its-certificate", "tenancy.addresses.before-the-sixteen",
                   "tenancy.addresses.behind-the-sixteen", "tenancy.addresses.beside-the-range",
                   "tenancy.addresses.disabled", "tenancy.addresses.longer-in-text", "tenancy.addresses.neighbour",
                   "tenancy.addresses.outside-the-half-range", "tenancy.addresses.shorter-in-text",
                   "tenancy.connectors.associated-address-with-a-domain-of-another-connector",
                   "tenancy.connectors.associated-address-with-another-domain", "tenancy.connectors.partner-address",
                   "tenancy.connectors.partner-name-and-address", "tenancy.reload.address", "tenancy.swap.addresses",
                   "tenancy.swap.range", "tenancy.two.address-of-a-sender-of-b"},
      .put = [](Conduct& conduct) {
        conduct.steps.holds = [](const Network& network, std::uint32_t address) {
          return (address ^ network.address) >> 8 == 0;
        };
      }};
}

}  // namespace relayproof::reference::bugs
