#include <string_view>

#include "runners/reference/bugs/bug.h"

namespace relayproof::reference::bugs {
namespace {

bool fits(std::string_view name, std::string_view domain) {
  if (labelCount(name) != labelCount(domain)) return false;
  for (; !name.empty(); name = parentOf(name), domain = parentOf(domain)) {
    const std::string_view label = name.substr(0, name.find('.'));
    if (label != "*" && label != domain.substr(0, domain.find('.'))) return false;
  }
  return true;
}

}  // namespace

KnownBug wildcardInAnyLabel() {
  return {.name = "wildcard-in-any-label",
          .kind = "hole",
          .wrong = "A presented wildcard may stand in any label, and in several.",
          .record = "CVE-2013-7440",
          .caughtBy = {"wildcard.presented.bare-with-dot", "wildcard.presented.bare-with-dot-cn",
                       "wildcard.presented.last-label", "wildcard.presented.last-label-cn",
                       "wildcard.presented.second-label", "wildcard.presented.second-label-cn",
                       "wildcard.presented.two-wildcards", "wildcard.presented.two-wildcards-cn"},
          .put = [](Conduct& conduct) {
            conduct.steps.matches = [](const Behaviour& behaviour, const Connector& connector,
                                       const Presented& presented) {
              return matches(behaviour, connector.certificateName, presented) ||
                     (presented.isMalformed() && presented.octets.find('*') != std::string::npos &&
                      !connector.certificateName.wildcard &&
                      fits(foldCase(presented.octets), connector.certificateName.domain));
            };
          }};
}

}  // namespace relayproof::reference::bugs
