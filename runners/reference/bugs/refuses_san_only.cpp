#include "runners/reference/bugs/bug.h"

namespace relayproof::reference::bugs {

KnownBug refusesSanOnly() {
  return {.name = "refuses-san-only",
          .kind = "refusal",
          .wrong = "A certificate without a common name has no name at all.",
          .record = "Sendmail without check_cert_altnames",
          .caughtBy =
              {
#include "runners/reference/bugs/refuses_san_only.inc"
              },
          .put = [](Conduct& conduct) {
            conduct.faults.misread = [](const SentCertificates&, CertificateNames& names) {
              if (names.commonNames.empty()) names.dnsNames.clear();
            };
          }};
}

}  // namespace relayproof::reference::bugs
