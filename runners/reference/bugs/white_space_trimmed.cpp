#include <algorithm>

#include "runners/reference/bugs/bug.h"
#include "runners/reference/bugs/names.h"

namespace relayproof::reference::bugs {

KnownBug whiteSpaceTrimmed() {
  return {.name = "white-space-trimmed",
          .kind = "hole",
          .wrong = "White space around a name is taken away before it is compared.",
          .record = "gateway practice",
          .caughtBy = {"combined.wrong-space-cn-tls12-foreign-bdat-local-first-again-size-longer",
                       "combined.wrong-space-cn-tls12-null-data-two-third-rsa-longer",
                       "combined.wrong-space-cn-tls13-other-bdat-one-alone-size",
                       "combined.wrong-space-cn-tls13-other-data-local-last-after-noop-8bit",
                       "combined.wrong-space-cn-tls13-own-bdat-one-after-local",
                       "combined.wrong-space-cn-tls13-own-chunks-local-last-after-rset-8bit-rsa",
                       "hostile.names.cn-newline-after", "hostile.names.cn-tab-after", "hostile.names.newline-after",
                       "hostile.names.space-after", "hostile.names.space-before", "hostile.names.tab-after",
                       "names.cn.space-after", "names.cn.space-before", "wildcard.connector.space-before-the-star"},
          .put = [](Conduct& conduct) {
            conduct.faults.misread = [](const SentCertificates&, CertificateNames& names) {
              eachText(names, [](std::string& name) {
                name.erase(0, std::min(name.find_first_not_of(" \t\r\n"), name.size()));
                name.resize(name.find_last_not_of(" \t\r\n") + 1);
              });
            };
          }};
}

}  // namespace relayproof::reference::bugs
