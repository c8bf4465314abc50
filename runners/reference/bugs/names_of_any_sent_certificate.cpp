#include "runners/reference/bugs/bug.h"
#include "runners/reference/bugs/names.h"

namespace relayproof::reference::bugs {

KnownBug namesOfAnySentCertificate() {
  return {
      .name = "names-of-any-sent-certificate",
      .kind = "hole",
      .wrong = "The names of every certificate that the peer sends count, though it proves one key only.",
      .record = "CVE-2026-55962",
      .caughtBy = {"pki.chain.other-leaf-last", "pki.chain.other-leaf-second", "session.identity.other-leaf-second"},
      .put = [](Conduct& conduct) {
        conduct.faults.misread = [](const SentCertificates& sent, CertificateNames& names) {
          for (int i = 0; i < sk_X509_num(sent.others); ++i)
            if (X509* other = sk_X509_value(sent.others, i); X509_check_ca(other) == 0) addNames(other, names);
        };
      }};
}

}  // namespace relayproof::reference::bugs
