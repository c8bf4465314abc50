#include <openssl/x509_vfy.h>

#include "runners/reference/bugs/bug.h"

namespace relayproof::reference::bugs {

KnownBug acceptsForgedSignature() {
  return {.name = "accepts-forged-signature",
          .kind = "hole",
          .wrong = "The signature on the certificate is not checked.",
          .record = "gateway practice",
          .caughtBy = {"combined.wrong-broken-tls12-foreign-bdat-two-again-8bit-longer",
                       "combined.wrong-broken-tls12-null-bdat-local-last-after-noop-8bit-rsa",
                       "combined.wrong-broken-tls12-own-chunks-local-last-after-local-size",
                       "combined.wrong-broken-tls13-foreign-chunks-one-alone-longer",
                       "combined.wrong-broken-tls13-other-data-local-first-after-rset-size-rsa",
                       "combined.wrong-broken-tls13-own-data-two-third-size-longer",
                       "pki.chain.authority-with-a-foreign-signature",
                       "pki.chain.broken-signature",
                       "pki.chain.broken-signature-by-p384",
                       "pki.chain.broken-signature-by-rsa",
                       "pki.chain.empty-signature",
                       "pki.chain.foreign-signature",
                       "pki.chain.foreign-signature-among-many",
                       "pki.chain.foreign-signature-with-the-root",
                       "pki.chain.forged-with-the-same-serial-number",
                       "pki.chain.signature-algorithm-renamed-inside",
                       "pki.path.broken-below-ten-more",
                       "pki.path.foreign-signature-above",
                       "pki.path.signature-algorithm-named-twice",
                       "pki.path.signature-algorithm-of-an-authority-named-twice",
                       "session.memory.signature-of-a-known-certificate-broken"},
          .put = [](Conduct& conduct) {
            conduct.faults.forgives = [](int error) { return error == X509_V_ERR_CERT_SIGNATURE_FAILURE; };
          }};
}

}  // namespace relayproof::reference::bugs
