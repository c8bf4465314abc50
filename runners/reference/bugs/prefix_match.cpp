#include "runners/reference/bugs/bug.h"

namespace relayproof::reference::bugs {

KnownBug prefixMatch() {
  return {.name = "prefix-match",
          .kind = "hole",
          .wrong = "A name that starts like the connector's matches.",
          .record = "CVE-2009-3024",
          .caughtBy = {},
          .put = [](Conduct& conduct) {
            conduct.steps.matches = [](const Behaviour& behaviour, const Connector& connector,
                                       const Presented& presented) {
              const Pattern& pattern = connector.certificateName;
              return matches(behaviour, connector.certificateName, presented) ||
                     (!presented.isMalformed() &&
                      (presented.name.starts_with(pattern.domain) ||
                       (pattern.wildcard && presented.name.find("." + pattern.domain + ".") != std::string::npos)));
            };
          }};
}

}  // namespace relayproof::reference::bugs
