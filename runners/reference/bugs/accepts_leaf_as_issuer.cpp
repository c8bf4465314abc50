#include <openssl/x509_vfy.h>

#include "runners/reference/bugs/bug.h"

namespace relayproof::reference::bugs {

KnownBug acceptsLeafAsIssuer() {
  return {.name = "accepts-leaf-as-issuer",
          .kind = "hole",
          .wrong = "A certificate that is no authority's may issue others.",
          .record = "CVE-2002-0862",
          .caughtBy = {"combined.wrong-no-ca-tls12-other-bdat-local-first-again-size-rsa",
                       "combined.wrong-no-ca-tls12-own-chunks-local-last-after-rset-8bit-rsa",
                       "combined.wrong-no-ca-tls12-own-data-one-after-noop-8bit",
                       "combined.wrong-no-ca-tls13-foreign-data-local-first-alone-size",
                       "combined.wrong-no-ca-tls13-null-data-one-third-size-longer",
                       "combined.wrong-no-ca-tls13-other-bdat-two-after-local-rsa",
                       "pki.chain.authority-that-may-not-sign-certificates", "pki.chain.issued-by-a-leaf",
                       "pki.chain.issued-by-an-authority-without-the-flag", "pki.chain.issued-by-version-one",
                       "pki.path.authority-below-a-leaf", "pki.path.authority-of-version-1-above",
                       "pki.path.authority-without-cert-sign-above", "pki.path.authority-without-constraints-above",
                       "pki.path.authority-without-the-flag-above", "pki.path.issuer-of-version-1",
                       "pki.path.issuer-without-cert-sign", "pki.path.issuer-without-constraints"},
          .put = [](Conduct& conduct) {
            conduct.faults.forgives = [](int error) {
              return error == X509_V_ERR_INVALID_CA || error == X509_V_ERR_KEYUSAGE_NO_CERTSIGN ||
                     error == X509_V_ERR_INVALID_NON_CA;
            };
          }};
}

}  // namespace relayproof::reference::bugs
