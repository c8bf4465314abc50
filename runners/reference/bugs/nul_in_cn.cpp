#include <algorithm>

#include "runners/reference/bugs/bug.h"

namespace relayproof::reference::bugs {

KnownBug nulInCn() {
  return {.name = "nul-in-cn",
          .kind = "hole",
          .wrong = "A common name ends at its first NUL.",
          .record = "CVE-2009-2408",
          .caughtBy = {},
          .put = [](Conduct& conduct) {
            conduct.faults.misread = [](const SentCertificates&, CertificateNames& names) {
              for (auto& name : names.commonNames)
                if (name) name->resize(std::min(name->find('\0'), name->size()));
            };
          }};
}

}  // namespace relayproof::reference::bugs
