#include "runners/reference/bugs/bug.h"
#include "runners/reference/bugs/names.h"

namespace relayproof::reference::bugs {

KnownBug nonAsciiDropped() {
  return {.name = "non-ascii-dropped",
          .kind = "hole",
          .wrong = "Octets outside ASCII are dropped from a name before it is compared.",
          .record = "CVE-2015-1855",
          .caughtBy = {"hostile.names.cn-byte-order-mark", "hostile.names.cn-zero-width",
                       "names.cn.bmp-string-byte-order-mark", "wildcard.connector.octets-beyond-ascii-in-a-host"},
          .put = [](Conduct& conduct) {
            conduct.faults.misread = [](const SentCertificates&, CertificateNames& names) {
              eachText(names, [](std::string& name) { std::erase_if(name, [](char c) { return (c & 0x80) != 0; }); });
            };
          }};
}

}  // namespace relayproof::reference::bugs
