#include "runners/reference/bugs/bug.h"

namespace relayproof::reference::bugs {

KnownBug wildcardCoversTwoLabels() {
  return {.name = "wildcard-covers-two-labels",
          .kind = "hole",
          .wrong = "A presented wildcard stands for any number of labels of an exact connector.",
          .record = "RFC 9525 6.3",
          .caughtBy = {"wildcard.presented.top-level-domain", "wildcard.presented.two-labels",
                       "wildcard.presented.two-labels-cn"},
          .put = [](Conduct& conduct) {
            conduct.steps.matches = [](const Behaviour& behaviour, const Connector& connector,
                                       const Presented& presented) {
              return matches(behaviour, connector.certificateName, presented) ||
                     (isWildcard(presented.name) && !connector.certificateName.wildcard &&
                      isBelow(connector.certificateName.domain, presented.name.substr(2)));
            };
          }};
}

}  // namespace relayproof::reference::bugs
