#include "runners/reference/bugs/bug.h"
#include "runners/reference/bugs/names.h"

namespace relayproof::reference::bugs {

KnownBug addressOctetsAsDns() {
  return {.name = "address-octets-as-dns",
          .kind = "hole",
          .wrong = "The octets of an iPAddress, read as text, count as a dNSName.",
          .record = "RFC 9525 6.3",
          .caughtBy = {"hostile.kinds.address-that-spells-the-name"},
          .put = [](Conduct& conduct) {
            conduct.faults.misread = [](const SentCertificates& sent, CertificateNames& names) {
              eachAlternative(sent.leaf, GEN_IPADD,
                              [&](const GENERAL_NAME& name) { names.dnsNames.push_back(octetsOf(name.d.iPAddress)); });
            };
          }};
}

}  // namespace relayproof::reference::bugs
