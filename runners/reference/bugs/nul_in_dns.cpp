#include <algorithm>

#include "runners/reference/bugs/bug.h"

namespace relayproof::reference::bugs {

KnownBug nulInDns() {
  return {.name = "nul-in-dns",
          .kind = "hole",
          .wrong = "A dNSName ends at its first NUL.",
          .record = "CVE-2013-4238",
          .caughtBy = {"hostile.names.nul-suffix", "hostile.names.nul-trailing", "session.listener.nul-suffix"},
          .put = [](Conduct& conduct) {
            conduct.faults.misread = [](const SentCertificates&, CertificateNames& names) {
              for (auto& name : names.dnsNames) name.resize(std::min(name.find('\0'), name.size()));
            };
          }};
}

}  // namespace relayproof::reference::bugs
