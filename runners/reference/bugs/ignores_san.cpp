#include "runners/reference/bugs/bug.h"

namespace relayproof::reference::bugs {

KnownBug ignoresSan() {
  return {.name = "ignores-san",
          .kind = "refusal",
          .wrong = "Only the common name is read, as Postfix gives it to its policy services.",
          .record = "gateway practice",
          .caughtBy =
              {
#include "runners/reference/bugs/ignores_san.inc"
              },
          .put = [](Conduct& conduct) {
            conduct.faults.misread = [](const SentCertificates&, CertificateNames& names) { names.dnsNames.clear(); };
          }};
}

}  // namespace relayproof::reference::bugs
