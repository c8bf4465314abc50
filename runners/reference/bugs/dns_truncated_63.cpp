#include "runners/reference/bugs/bug.h"

namespace relayproof::reference::bugs {

KnownBug dnsTruncated63() {
  return {.name = "dns-truncated-63",
          .kind = "hole",
          .wrong = "A dNSName is cut at 63 octets.",
          .record = "CVE-2012-0867",
          .caughtBy = {"hostile.names.128-octets", "names.dns.longest-label", "names.dns.longest-name",
                       "names.length.dns-127", "names.length.dns-237", "names.length.dns-64",
                       "names.length.dns-cut-at-63", "wildcard.connector.longest-label"},
          .put = [](Conduct& conduct) {
            conduct.faults.misread = [](const SentCertificates&, CertificateNames& names) {
              constexpr std::size_t room = 63;
              for (std::string& name : names.dnsNames)
                if (name.size() > room) name.resize(room);
            };
          }};
}

}  // namespace relayproof::reference::bugs
