#include <algorithm>

#include "runners/reference/bugs/bug.h"

namespace relayproof::reference::bugs {

KnownBug nulInDns() {
  return {.name = "nul-in-dns",
          .kind = "hole",
          .wrong = "A dNSName ends at its first NUL.",
          .record = "CVE-2013-4238",
          .caughtBy = {"combined.wrong-nul-tls12-foreign-bdat-one-third-longer",
                       "combined.wrong-nul-tls12-null-bdat-local-first-after-rset-8bit-rsa",
                       "combined.wrong-nul-tls12-null-data-two-alone-8bit-rsa",
                       "combined.wrong-nul-tls12-other-chunks-local-first-again-size-longer",
                       "combined.wrong-nul-tls12-other-data-local-last-after-noop-size-rsa-longer",
                       "combined.wrong-nul-tls13-own-chunks-two-after-local-8bit", "hostile.names.nul-suffix",
                       "hostile.names.nul-trailing", "session.listener.nul-suffix"},
          .put = [](Conduct& conduct) {
            conduct.faults.misread = [](const SentCertificates&, CertificateNames& names) {
              for (auto& name : names.dnsNames) name.resize(std::min(name.find('\0'), name.size()));
            };
          }};
}

}  // namespace relayproof::reference::bugs
