#include <algorithm>

#include "runners/reference/bugs/bug.h"

namespace relayproof::reference::bugs {

KnownBug crashesOnEmptyDnsName() {
  return {.name = "crashes-on-empty-dns-name",
          .kind = "robustness",
          .wrong = "A dNSName of no octets ends the connection.",
          .record = "CVE-2026-27138",
          .caughtBy = {},
          .put = [](Conduct& conduct) {
            conduct.faults.survives = [](const CertificateNames& names) {
              return std::ranges::find(names.dnsNames, "") == names.dnsNames.end();
            };
          }};
}

}  // namespace relayproof::reference::bugs
