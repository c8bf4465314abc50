#include "runners/reference/bugs/bug.h"

namespace relayproof::reference::bugs {

KnownBug prefixMatch() {
  return {.name = "prefix-match",
          .kind = "hole",
          .wrong = "A name that starts like the connector's matches.",
          .record = "CVE-2009-3024",
          .caughtBy = {"hostile.names.cn-cut-at-128-octets",  "hostile.names.cut-at-128-octets",
                       "hostile.names.cut-at-32-octets",      "hostile.names.cut-at-64-octets",
                       "hostile.names.hyphen-after",          "hostile.names.prefix",
                       "hostile.names.prefix-without-dot",    "names.cn.lookalike-prefix",
                       "names.length.cn-cut-at-31",           "names.length.cn-cut-at-63",
                       "names.length.dns-cut-at-127",         "names.length.dns-cut-at-237",
                       "names.length.dns-cut-at-31",          "names.length.dns-cut-at-32",
                       "names.length.dns-cut-at-63",          "names.length.dns-cut-at-64",
                       "wildcard.connector.domain-as-prefix", "wildcard.connector.domain-as-prefix-cn",
                       "wildcard.connector.domain-first",     "wildcard.connector.domain-first-cn"},
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
