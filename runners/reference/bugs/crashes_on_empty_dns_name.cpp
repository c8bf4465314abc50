#include <algorithm>

#include "runners/reference/bugs/bug.h"

namespace relayproof::reference::bugs {

KnownBug crashesOnEmptyDnsName() {
  return {.name = "crashes-on-empty-dns-name",
          .kind = "robustness",
          .wrong = "A dNSName of no octets ends the connection when a recipient is decided on.",
          .record = "CVE-2026-27138",
          .caughtBy = {"hostile.names.empty-name"},
          .put = [](Conduct& conduct) {
            conduct.faults.survives = [](const Identity& identity) {
              return std::ranges::none_of(
                  identity.ids, [](const Presented& id) { return id.kind == Kind::dnsId && id.octets.empty(); });
            };
          }};
}

}  // namespace relayproof::reference::bugs
