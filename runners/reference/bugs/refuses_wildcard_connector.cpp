#include "runners/reference/bugs/bug.h"

namespace relayproof::reference::bugs {

KnownBug refusesWildcardConnector() {
  return {.name = "refuses-wildcard-connector",
          .kind = "refusal",
          .wrong = "A connector with a wildcard matches nothing.",
          .record = "gateway practice",
          .caughtBy =
              {
#include "runners/reference/bugs/refuses_wildcard_connector.inc"
              },
          .put = [](Conduct& conduct) {
            conduct.steps.matches = [](const Behaviour& behaviour, const Connector& connector,
                                       const Presented& presented) {
              return matches(behaviour, connector.certificateName, presented) && !connector.certificateName.wildcard;
            };
          }};
}

}  // namespace relayproof::reference::bugs
