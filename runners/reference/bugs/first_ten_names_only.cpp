#include "runners/reference/bugs/bug.h"

namespace relayproof::reference::bugs {

KnownBug firstTenNamesOnly() {
  return {.name = "first-ten-names-only",
          .kind = "refusal",
          .wrong = "The eleventh dNSName and those behind it are not read.",
          .record = "gateway practice",
          .caughtBy = {"names.dns.last-of-a-hundred", "names.length.eleventh", "names.length.hundred-and-first",
                       "names.length.thousand-and-first"},
          .put = [](Conduct& conduct) {
            conduct.faults.misread = [](const SentCertificates&, CertificateNames& names) {
              constexpr std::size_t most = 10;
              if (names.dnsNames.size() > most) names.dnsNames.resize(most);
            };
          }};
}

}  // namespace relayproof::reference::bugs
