#include "runners/reference/bugs/bug.h"

namespace relayproof::reference::bugs {

KnownBug firstSanOnly() {
  return {.name = "first-san-only",
          .kind = "refusal",
          .wrong = "Only the first dNSName is read.",
          .record = "gateway practice",
          .caughtBy = {"combined.right-exact-second-tls12-foreign-data-one-after-rset",
                       "combined.right-exact-second-tls12-null-data-two-third-size",
                       "combined.right-exact-second-tls13-null-data-local-last-alone-size-rsa-longer",
                       "combined.right-exact-second-tls13-other-bdat-one-after-noop-8bit-rsa-longer",
                       "combined.right-exact-second-tls13-own-chunks-local-first-again-size-longer",
                       "combined.right-exact-second-tls13-own-data-local-last-after-local",
                       "combined.right-host-second-tls12-foreign-data-two-again-rsa",
                       "combined.right-host-second-tls12-null-data-local-first-third-size-longer",
                       "combined.right-host-second-tls12-own-chunks-one-after-rset-longer",
                       "combined.right-host-second-tls13-foreign-chunks-local-last-after-noop-8bit-rsa-longer",
                       "combined.right-host-second-tls13-other-bdat-two-after-local-8bit-rsa",
                       "combined.right-host-second-tls13-other-chunks-two-alone-8bit",
                       "names.dns.last-of-a-hundred",
                       "names.dns.last-of-three",
                       "names.dns.middle-of-three",
                       "names.length.eleventh",
                       "names.length.hundred-and-first",
                       "names.length.thousand-and-first",
                       "sequences.second-1",
                       "sequences.second-2",
                       "sequences.second-3",
                       "sequences.second-4",
                       "tenancy.rivals.three-names",
                       "tenancy.rivals.three-names-null-sender",
                       "tenancy.rivals.three-names-sender-of-the-second",
                       "tenancy.rivals.three-names-sender-of-the-third",
                       "tenancy.rivals.two-names-and-a-host-of-the-third",
                       "tenancy.rivals.two-names-null-sender",
                       "tenancy.rivals.two-names-one-disabled",
                       "tenancy.rivals.two-names-one-of-nobody",
                       "tenancy.rivals.two-names-sender-of-the-third",
                       "tenancy.two.both-names",
                       "tenancy.two.both-names-sender-of-b",
                       "tenancy.two.more-labels",
                       "tenancy.two.more-labels-null-sender",
                       "wildcard.connector.last-of-three",
                       "wildcard.presented.exact-behind-a-wildcard"},
          .put = [](Conduct& conduct) {
            conduct.faults.misread = [](const SentCertificates&, CertificateNames& names) {
              if (names.dnsNames.size() > 1) names.dnsNames.resize(1);
            };
          }};
}

}  // namespace relayproof::reference::bugs
