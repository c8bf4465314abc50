#include "runners/reference/bugs/bug.h"

namespace relayproof::reference::bugs {

KnownBug firstSanOnly() {
  return {.name = "first-san-only",
          .kind = "refusal",
          .wrong = "Only the first dNSName is read.",
          .record = "gateway practice",
          .caughtBy = {"names.dns.last-of-a-hundred", "names.dns.last-of-three", "names.dns.middle-of-three",
                       "names.length.eleventh", "names.length.hundred-and-first", "names.length.thousand-and-first",
                       "tenancy.two.both-names", "tenancy.two.both-names-sender-of-b", "tenancy.two.more-labels",
                       "wildcard.connector.last-of-three", "wildcard.presented.exact-behind-a-wildcard"},
          .put = [](Conduct& conduct) {
            conduct.faults.misread = [](const SentCertificates&, CertificateNames& names) {
              if (names.dnsNames.size() > 1) names.dnsNames.resize(1);
            };
          }};
}

}  // namespace relayproof::reference::bugs
