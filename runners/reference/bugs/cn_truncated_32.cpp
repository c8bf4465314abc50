#include "runners/reference/bugs/bug.h"

namespace relayproof::reference::bugs {

KnownBug cnTruncated32() {
  return {.name = "cn-truncated-32",
          .kind = "hole",
          .wrong = "A common name is cut at 32 octets.",
          .record = "CVE-2012-0867",
          .caughtBy = {"hostile.names.64-octets", "hostile.names.cut-at-32-octets", "names.length.cn-63"},
          .put = [](Conduct& conduct) {
            conduct.faults.misread = [](const SentCertificates&, CertificateNames& names) {
              constexpr std::size_t room = 32;
              for (auto& name : names.commonNames)
                if (name && name->size() > room) name->resize(room);
            };
          }};
}

}  // namespace relayproof::reference::bugs
