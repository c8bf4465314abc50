#include "runners/reference/bugs/bug.h"

namespace relayproof::reference::bugs {

KnownBug emptyNameMatches() {
  return {.name = "empty-name-matches",
          .kind = "hole",
          .wrong = "A dNSName of no octets skips the comparison.",
          .record = "CVE-2018-8970",
          .caughtBy = {"hostile.names.empty-name"},
          .put = [](Conduct& conduct) {
            conduct.steps.matches = [](const Behaviour& behaviour, const Connector& connector,
                                       const Presented& presented) {
              return matches(behaviour, connector.certificateName, presented) ||
                     (presented.kind == Kind::dnsId && presented.octets.empty());
            };
          }};
}

}  // namespace relayproof::reference::bugs
