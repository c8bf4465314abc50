#include "runners/reference/bugs/bug.h"
#include "runners/reference/bugs/names.h"

namespace relayproof::reference::bugs {

KnownBug caNameInsteadOfLeaf() {
  return {.name = "ca-name-instead-of-leaf",
          .kind = "hole",
          .wrong = "The names of the authority that issued the certificate count as the peer's.",
          .record = "gateway practice",
          .caughtBy = {"pki.chain.authoritys-own-name"},
          .put = [](Conduct& conduct) {
            conduct.faults.misread = [](const SentCertificates& sent, CertificateNames& names) {
              addCommonNames(X509_get_issuer_name(sent.leaf), names);
              for (int i = 0; i < sk_X509_num(sent.others); ++i)
                if (X509* other = sk_X509_value(sent.others, i); X509_check_ca(other) != 0 && other != sent.leaf)
                  addNames(other, names);
            };
          }};
}

}  // namespace relayproof::reference::bugs
