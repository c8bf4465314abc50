#include "runners/reference/bugs/bug.h"

namespace relayproof::reference::bugs {

KnownBug bareWildcardMatches() {
  return {.name = "bare-wildcard-matches",
          .kind = "hole",
          .wrong = "A presented name of one asterisk matches every connector.",
          .record = "CVE-2016-9952",
          .caughtBy = {"wildcard.presented.bare"},
          .put = [](Conduct& conduct) {
            conduct.steps.matches = [](const Behaviour& behaviour, const Connector& connector,
                                       const Presented& presented) {
              return matches(behaviour, connector.certificateName, presented) || presented.octets == "*";
            };
          }};
}

}  // namespace relayproof::reference::bugs
