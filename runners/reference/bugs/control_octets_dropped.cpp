#include "runners/reference/bugs/bug.h"
#include "runners/reference/bugs/names.h"

namespace relayproof::reference::bugs {

KnownBug controlOctetsDropped() {
  return {.name = "control-octets-dropped",
          .kind = "hole",
          .wrong = "Control octets are dropped from a name before it is compared.",
          .record = "gateway practice",
          .caughtBy = {"hostile.names.cn-delete-octet-in-a-host", "hostile.names.cn-newline-after",
                       "hostile.names.cn-nul-trailing", "hostile.names.cn-tab-after",
                       "hostile.names.delete-octet-in-a-host", "hostile.names.newline-after",
                       "hostile.names.nul-leading", "hostile.names.nul-trailing", "hostile.names.nul-under-wildcard",
                       "hostile.names.nul-within", "hostile.names.tab-after", "names.cn.bmp-string-nul-at-its-end",
                       "wildcard.connector.control-octets-in-a-host", "wildcard.connector.control-octets-in-a-host-cn",
                       "wildcard.connector.nul-within", "wildcard.connector.nul-within-cn"},
          .put = [](Conduct& conduct) {
            conduct.faults.misread = [](const SentCertificates&, CertificateNames& names) {
              eachText(names, [](std::string& name) {
                std::erase_if(name, [](char c) { return (c >= 0 && c < ' ') || c == 0x7F; });
              });
            };
          }};
}

}  // namespace relayproof::reference::bugs
