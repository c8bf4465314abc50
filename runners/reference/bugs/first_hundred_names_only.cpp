#include "runners/reference/bugs/bug.h"

namespace relayproof::reference::bugs {

KnownBug firstHundredNamesOnly() {
  return {.name = "first-hundred-names-only",
          .kind = "refusal",
          .wrong = "The hundred-and-first dNSName and those behind it are not read.",
          .record = "gateway practice",
          .caughtBy = {"names.length.hundred-and-first", "names.length.thousand-and-first"},
          .put = [](Conduct& conduct) {
            conduct.faults.misread = [](const SentCertificates&, CertificateNames& names) {
              constexpr std::size_t most = 100;
              if (names.dnsNames.size() > most) names.dnsNames.resize(most);
            };
          }};
}

}  // namespace relayproof::reference::bugs
