#include "runners/reference/bugs/bug.h"
#include "runners/reference/bugs/names.h"

namespace relayproof::reference::bugs {

KnownBug directoryNameAsDns() {
  return {.name = "directory-name-as-dns",
          .kind = "hole",
          .wrong = "The common name of a directoryName in subjectAltName counts.",
          .record = "gateway practice",
          .caughtBy = {"hostile.kinds.directory-name", "hostile.kinds.every-kind-but-dns"},
          .put = [](Conduct& conduct) {
            conduct.faults.misread = [](const SentCertificates& sent, CertificateNames& names) {
              eachAlternative(sent.leaf, GEN_DIRNAME,
                              [&](const GENERAL_NAME& name) { addCommonNames(name.d.directoryName, names); });
            };
          }};
}

}  // namespace relayproof::reference::bugs
