#include <cstdint>

#include "runners/reference/bugs/bug.h"

namespace relayproof::reference::bugs {

KnownBug addressTooWide() {
  return {.name = "address-too-wide",
          .kind = "hole",
          .wrong = "Addresses are compared by their first 24 bits, whatever the connector's length.",
          .record = "gateway practice",
          .caughtBy = {},
          .put = [](Conduct& conduct) {
            conduct.steps.holds = [](const Network& network, std::uint32_t address) {
              return (address ^ network.address) >> 8 == 0;
            };
          }};
}

}  // namespace relayproof::reference::bugs
