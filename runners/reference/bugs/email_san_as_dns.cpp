#include "runners/reference/bugs/bug.h"
#include "runners/reference/bugs/names.h"

namespace relayproof::reference::bugs {

KnownBug emailSanAsDns() {
  return {.name = "email-san-as-dns",
          .kind = "hole",
          .wrong = "What stands behind the @ of an rfc822Name counts as a dNSName.",
          .record = "CVE-2022-21656",
          .caughtBy = {"combined.wrong-mail-address-tls12-null-chunks-one-after-rset-8bit-longer",
                       "combined.wrong-mail-address-tls12-other-chunks-local-first-third-size",
                       "combined.wrong-mail-address-tls13-foreign-data-two-again-size-rsa",
                       "combined.wrong-mail-address-tls13-other-bdat-local-last-alone-rsa",
                       "combined.wrong-mail-address-tls13-own-bdat-local-first-after-local-8bit-rsa-longer",
                       "combined.wrong-mail-address-tls13-own-chunks-local-last-after-noop-size-rsa",
                       "hostile.kinds.email-bare", "hostile.kinds.email-domain", "hostile.kinds.every-kind-but-dns"},
          .put = [](Conduct& conduct) {
            conduct.faults.misread = [](const SentCertificates& sent, CertificateNames& names) {
              eachAlternative(sent.leaf, GEN_EMAIL, [&](const GENERAL_NAME& name) {
                const std::string address = octetsOf(name.d.rfc822Name);
                names.dnsNames.push_back(address.substr(address.rfind('@') + 1));
              });
            };
          }};
}

}  // namespace relayproof::reference::bugs
