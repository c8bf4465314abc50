#include <openssl/x509_vfy.h>

#include "runners/reference/bugs/bug.h"

namespace relayproof::reference::bugs {

KnownBug acceptsForgedSignature() {
  return {.name = "accepts-forged-signature",
          .kind = "hole",
          .wrong = "The signature on the certificate is not checked.",
          .record = "gateway practice",
          .caughtBy = {"pki.chain.authority-with-a-foreign-signature", "pki.chain.broken-signature",
                       "pki.chain.foreign-signature", "pki.chain.forged-with-the-same-serial-number"},
          .put = [](Conduct& conduct) {
            conduct.faults.forgives = [](int error) { return error == X509_V_ERR_CERT_SIGNATURE_FAILURE; };
          }};
}

}  // namespace relayproof::reference::bugs
