#include "runners/reference/bugs/bug.h"

namespace relayproof::reference::bugs {

KnownBug suffixWithoutDot() {
  return {
      .name = "suffix-without-dot",
      .kind = "hole",
      .wrong = "A name that ends like the domain matches, without a dot before it.",
      .record = "gateway practice",
      .caughtBy = {"hostile.names.suffix", "hostile.names.suffix-under-wildcard", "hostile.names.suffix-with-hyphen",
                   "hostile.names.www-before", "names.cn.below", "names.cn.lookalike-suffix", "names.dns.below",
                   "partner.lookalike-certificate", "wildcard.connector.host-of-suffix-without-dot",
                   "wildcard.connector.suffix-without-dot", "wildcard.presented.apex", "wildcard.presented.below"},
      .put = [](Conduct& conduct) {
        conduct.steps.matches = [](const Behaviour& behaviour, const Connector& connector, const Presented& presented) {
          return matches(behaviour, connector.certificateName, presented) ||
                 (!presented.isMalformed() && presented.name.ends_with(connector.certificateName.domain));
        };
      }};
}

}  // namespace relayproof::reference::bugs
