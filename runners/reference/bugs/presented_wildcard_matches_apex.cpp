#include "runners/reference/bugs/bug.h"

namespace relayproof::reference::bugs {

KnownBug presentedWildcardMatchesApex() {
  return {.name = "presented-wildcard-matches-apex",
          .kind = "hole",
          .wrong = "A presented wildcard matches the domain it stands before.",
          .record = "RFC 9525 6.3",
          .caughtBy = {"wildcard.presented.apex", "wildcard.presented.apex-cn"},
          .put = [](Conduct& conduct) {
            conduct.steps.matches = [](const Behaviour& behaviour, const Connector& connector,
                                       const Presented& presented) {
              return matches(behaviour, connector.certificateName, presented) ||
                     (isWildcard(presented.name) && !connector.certificateName.wildcard &&
                      connector.certificateName.domain == presented.name.substr(2));
            };
          }};
}

}  // namespace relayproof::reference::bugs
