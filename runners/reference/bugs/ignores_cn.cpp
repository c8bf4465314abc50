#include "runners/reference/bugs/bug.h"

namespace relayproof::reference::bugs {

KnownBug ignoresCn() {
  return {.name = "ignores-cn",
          .kind = "refusal",
          .wrong = "The common name is never read.",
          .record = "gateway practice",
          .caughtBy =
              {
#include "runners/reference/bugs/ignores_cn.inc"
              },
          .put = [](Conduct& conduct) {
            conduct.faults.misread = [](const SentCertificates&, CertificateNames& names) {
              names.commonNames.clear();
            };
          }};
}

}  // namespace relayproof::reference::bugs
