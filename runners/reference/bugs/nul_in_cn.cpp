#include <algorithm>

#include "runners/reference/bugs/bug.h"

namespace relayproof::reference::bugs {

KnownBug nulInCn() {
  return {
      .name = "nul-in-cn",
      .kind = "hole",
      .wrong = "A common name ends at its first NUL.",
      .record = "CVE-2009-2408",
      .caughtBy = {"hostile.names.cn-nul-and-text", "hostile.names.cn-nul-bmp-string",
                   "hostile.names.cn-nul-ia5-string", "hostile.names.cn-nul-printable-string",
                   "hostile.names.cn-nul-suffix", "hostile.names.cn-nul-t61-string", "hostile.names.cn-nul-trailing",
                   "hostile.names.cn-nul-universal-string", "names.cn.bmp-string-nul-at-its-end"},
      .put = [](Conduct& conduct) {
        conduct.faults.misread = [](const SentCertificates&, CertificateNames& names) {
          for (auto& name : names.commonNames)
            if (name) name->resize(std::min(name->find('\0'), name->size()));
        };
      }};
}

}  // namespace relayproof::reference::bugs
