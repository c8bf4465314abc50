#include <algorithm>

#include "runners/reference/bugs/bug.h"

namespace relayproof::reference::bugs {

KnownBug crashesOnEmptyDnsName() {
  return {.name = "crashes-on-empty-dns-name",
          .kind = "robustness",
          .wrong = "A name of no octets ends the connection when a recipient is decided on.",
          .record = "CVE-2026-27138",
          .caughtBy = {"hostile.names.empty-name"},
          .put = [](Conduct& conduct) {
            conduct.faults.survives = [](const Identity& identity) {
              return std::ranges::find(identity.ids, "", &Presented::octets) == identity.ids.end();
            };
          }};
}

}  // namespace relayproof::reference::bugs
