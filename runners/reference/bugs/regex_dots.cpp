#include <algorithm>
#include <string_view>

#include "runners/reference/bugs/bug.h"

namespace relayproof::reference::bugs {
namespace {

bool like(std::string_view text, std::string_view expression) {
  return std::ranges::equal(text, expression, [](char c, char e) { return e == '.' || c == e; });
}

}  // namespace

KnownBug regexDots() {
  return {
      .name = "regex-dots",
      .kind = "hole",
      .wrong = "A dot of the connector's name stands for any octet.",
      .record = "gateway practice",
      .caughtBy = {"hostile.names.dots-as-any-character", "hostile.names.suffix-under-wildcard",
                   "wildcard.connector.dots-as-any-character", "wildcard.connector.dots-as-any-character-in-the-domain",
                   "wildcard.connector.host-of-suffix-without-dot", "wildcard.connector.suffix-without-dot"},
      .put = [](Conduct& conduct) {
        conduct.steps.matches = [](const Behaviour& behaviour, const Connector& connector, const Presented& presented) {
          const std::string& domain = connector.certificateName.domain;
          if (matches(behaviour, connector.certificateName, presented)) return true;
          if (presented.isMalformed() || presented.name.size() < domain.size()) return false;
          const std::string_view before =
              std::string_view(presented.name).substr(0, presented.name.size() - domain.size());
          return like(std::string_view(presented.name).substr(before.size()), domain) &&
                 (connector.certificateName.wildcard ? !before.empty() : before.empty());
        };
      }};
}

}  // namespace relayproof::reference::bugs
