#include <openssl/x509_vfy.h>

#include "runners/reference/bugs/bug.h"

namespace relayproof::reference::bugs {

KnownBug acceptsSelfSigned() {
  return {.name = "accepts-self-signed",
          .kind = "hole",
          .wrong = "A certificate signed by its own key is trusted.",
          .record = "Postfix check_ccert_access",
          .caughtBy = {"combined.wrong-self-signed-tls12-foreign-chunks-local-first-third",
                       "combined.wrong-self-signed-tls12-null-data-local-last-alone-8bit-rsa",
                       "combined.wrong-self-signed-tls12-other-bdat-local-last-after-local-rsa",
                       "combined.wrong-self-signed-tls13-null-chunks-local-last-after-rset-8bit-rsa",
                       "combined.wrong-self-signed-tls13-other-chunks-two-after-noop-size",
                       "combined.wrong-self-signed-tls13-own-bdat-one-again-rsa", "pki.chain.self-signed",
                       "pki.chain.self-signed-before-others", "pki.chain.self-signed-before-twenty-thousand-octets",
                       "pki.chain.self-signed-common-name", "pki.chain.self-signed-tls-1-2"},
          .put = [](Conduct& conduct) {
            conduct.faults.forgives = [](int error) { return error == X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT; };
          }};
}

}  // namespace relayproof::reference::bugs
