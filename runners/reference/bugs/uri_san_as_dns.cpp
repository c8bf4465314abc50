#include <algorithm>

#include "runners/reference/bugs/bug.h"
#include "runners/reference/bugs/names.h"

namespace relayproof::reference::bugs {

KnownBug uriSanAsDns() {
  return {.name = "uri-san-as-dns",
          .kind = "hole",
          .wrong = "The host of a URI in subjectAltName counts as a dNSName.",
          .record = "CVE-2021-44531",
          .caughtBy = {"hostile.kinds.every-kind-but-dns", "hostile.kinds.uri-bare", "hostile.kinds.uri-host"},
          .put = [](Conduct& conduct) {
            conduct.faults.misread = [](const SentCertificates& sent, CertificateNames& names) {
              eachAlternative(sent.leaf, GEN_URI, [&](const GENERAL_NAME& name) {
                std::string host = octetsOf(name.d.uniformResourceIdentifier);
                if (const std::size_t scheme = host.find("://"); scheme != std::string::npos) host.erase(0, scheme + 3);
                host.resize(std::min(host.find_first_of("/:?#"), host.size()));
                names.dnsNames.push_back(host);
              });
            };
          }};
}

}  // namespace relayproof::reference::bugs
