#include <algorithm>

#include "runners/reference/bugs/bug.h"

namespace relayproof::reference::bugs {

KnownBug nulInCn() {
  return {
      .name = "nul-in-cn",
      .kind = "hole",
      .wrong = "A common name ends at its first NUL.",
      .record = "CVE-2009-2408",
      .caughtBy = {"combined.wrong-nul-cn-tls12-foreign-chunks-local-last-alone-8bit-rsa",
                   "combined.wrong-nul-cn-tls12-other-data-local-first-third-longer",
                   "combined.wrong-nul-cn-tls12-own-chunks-one-again-8bit",
                   "combined.wrong-nul-cn-tls12-own-data-local-first-after-noop-8bit-rsa",
                   "combined.wrong-nul-cn-tls13-null-bdat-two-after-local-size-longer",
                   "combined.wrong-nul-cn-tls13-null-chunks-two-after-rset-rsa-longer", "hostile.names.cn-nul-and-text",
                   "hostile.names.cn-nul-bmp-string", "hostile.names.cn-nul-ia5-string",
                   "hostile.names.cn-nul-printable-string", "hostile.names.cn-nul-suffix",
                   "hostile.names.cn-nul-t61-string", "hostile.names.cn-nul-trailing",
                   "hostile.names.cn-nul-universal-string", "names.cn.bmp-string-nul-at-its-end"},
      .put = [](Conduct& conduct) {
        conduct.faults.misread = [](const SentCertificates&, CertificateNames& names) {
          for (auto& name : names.commonNames)
            if (name) name->resize(std::min(name->find('\0'), name->size()));
        };
      }};
}

}  // namespace relayproof::reference::bugs
