#include "runners/reference/bugs/bug.h"

namespace relayproof::reference::bugs {

KnownBug suffixWithoutDot() {
  return {.name = "suffix-without-dot",
          .kind = "hole",
          .wrong = "A name that ends like the domain matches, without a dot before it.",
          .record = "gateway practice",
          .caughtBy = {"combined.wrong-below-tls12-foreign-bdat-local-last-third-longer",
                       "combined.wrong-below-tls12-null-data-two-after-local-size-longer",
                       "combined.wrong-below-tls12-other-chunks-local-first-again-8bit-longer",
                       "combined.wrong-below-tls13-null-data-one-after-rset-rsa-longer",
                       "combined.wrong-below-tls13-own-data-local-last-after-noop-rsa",
                       "combined.wrong-below-tls13-own-data-one-alone-size-rsa",
                       "combined.wrong-hyphen-cn-tls12-foreign-bdat-one-after-rset-size",
                       "combined.wrong-hyphen-cn-tls12-null-data-two-third-size-rsa-longer",
                       "combined.wrong-hyphen-cn-tls12-own-chunks-local-last-after-local-8bit-longer",
                       "combined.wrong-hyphen-cn-tls13-other-data-local-first-after-noop-rsa",
                       "combined.wrong-hyphen-cn-tls13-own-bdat-local-first-alone-rsa-longer",
                       "combined.wrong-hyphen-cn-tls13-own-bdat-two-again-8bit-rsa-longer",
                       "combined.wrong-hyphen-tls12-other-chunks-local-first-again-8bit-rsa-longer",
                       "combined.wrong-hyphen-tls12-own-bdat-local-last-after-noop-longer",
                       "combined.wrong-hyphen-tls13-foreign-bdat-local-last-alone-8bit",
                       "combined.wrong-hyphen-tls13-foreign-data-two-after-rset-size-rsa",
                       "combined.wrong-hyphen-tls13-null-chunks-one-third-8bit",
                       "combined.wrong-hyphen-tls13-other-bdat-two-after-local-rsa-longer",
                       "combined.wrong-lookalike-tls12-foreign-data-local-first-after-rset-size-rsa-longer",
                       "combined.wrong-lookalike-tls12-other-bdat-local-last-after-noop-size-rsa-longer",
                       "combined.wrong-lookalike-tls12-other-data-local-first-after-local-size-longer",
                       "combined.wrong-lookalike-tls13-foreign-chunks-local-last-third-8bit",
                       "combined.wrong-lookalike-tls13-null-bdat-one-alone-rsa",
                       "combined.wrong-lookalike-tls13-own-chunks-two-again-rsa-longer",
                       "hostile.names.suffix",
                       "hostile.names.suffix-under-wildcard",
                       "hostile.names.suffix-with-hyphen",
                       "hostile.names.www-before",
                       "names.cn.below",
                       "names.cn.lookalike-suffix",
                       "names.dns.below",
                       "partner.lookalike-certificate",
                       "tenancy.rivals.below-anothers-exact-name",
                       "wildcard.connector.host-of-suffix-without-dot",
                       "wildcard.connector.host-of-suffix-without-dot-cn",
                       "wildcard.connector.hyphen-for-the-dot",
                       "wildcard.connector.hyphen-for-the-dot-cn",
                       "wildcard.connector.suffix-without-dot",
                       "wildcard.connector.suffix-without-dot-cn",
                       "wildcard.presented.apex",
                       "wildcard.presented.apex-cn",
                       "wildcard.presented.below",
                       "wildcard.presented.below-cn"},
          .put = [](Conduct& conduct) {
            conduct.steps.matches = [](const Behaviour& behaviour, const Connector& connector,
                                       const Presented& presented) {
              return matches(behaviour, connector.certificateName, presented) ||
                     (!presented.isMalformed() && presented.name.ends_with(connector.certificateName.domain));
            };
          }};
}

}  // namespace relayproof::reference::bugs
