#include <string_view>

#include "runners/reference/bugs/bug.h"

namespace relayproof::reference::bugs {

KnownBug partialWildcard() {
  return {.name = "partial-wildcard",
          .kind = "hole",
          .wrong = "A presented wildcard may be a part of the left-most label.",
          .record = "CVE-2014-1492",
          .caughtBy = {"wildcard.connector.doubled-star", "wildcard.connector.partial-wildcard",
                       "wildcard.connector.partial-wildcard-cn", "wildcard.connector.space-before-the-star",
                       "wildcard.connector.space-behind-the-star", "wildcard.presented.in-a-label",
                       "wildcard.presented.in-a-label-cn", "wildcard.presented.partial-beginning",
                       "wildcard.presented.partial-beginning-cn", "wildcard.presented.partial-end",
                       "wildcard.presented.partial-end-cn", "wildcard.presented.partial-middle",
                       "wildcard.presented.partial-middle-cn"},
          .put = [](Conduct& conduct) {
            conduct.steps.matches = [](const Behaviour& behaviour, const Connector& connector,
                                       const Presented& presented) {
              if (matches(behaviour, connector.certificateName, presented)) return true;
              const std::string name = foldCase(presented.octets);
              const std::string_view label = std::string_view(name).substr(0, name.find('.'));
              const std::size_t star = label.find('*');
              if (star == std::string_view::npos || label.size() == 1) return false;
              const Pattern& pattern = connector.certificateName;
              if (pattern.wildcard) return isBelow(name, pattern.domain);
              const std::string_view wanted = std::string_view(pattern.domain).substr(0, pattern.domain.find('.'));
              return parentOf(name) == parentOf(pattern.domain) && wanted.size() + 1 >= label.size() &&
                     wanted.starts_with(label.substr(0, star)) && wanted.ends_with(label.substr(star + 1));
            };
          }};
}

}  // namespace relayproof::reference::bugs
