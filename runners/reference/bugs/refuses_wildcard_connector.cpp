#include "runners/reference/bugs/bug.h"

namespace relayproof::reference::bugs {
namespace {

bool matchesWrongly(const Behaviour& behaviour, const Connector& connector, const Presented& presented) {
  return matches(behaviour, connector.certificateName, presented) && !connector.certificateName.wildcard;
}

}  // namespace

KnownBug refusesWildcardConnector() {
  return {.name = "refuses-wildcard-connector",
          .kind = "refusal",
          .wrong = "A connector with a wildcard matches nothing.",
          .record = "gateway practice",
          .caughtBy = {},
          .put = [](Conduct& conduct) { conduct.steps.matches = matchesWrongly; }};
}

}  // namespace relayproof::reference::bugs
