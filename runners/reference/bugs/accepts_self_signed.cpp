#include <openssl/x509_vfy.h>

#include "runners/reference/bugs/bug.h"

namespace relayproof::reference::bugs {

KnownBug acceptsSelfSigned() {
  return {.name = "accepts-self-signed",
          .kind = "hole",
          .wrong = "A certificate signed by its own key is trusted.",
          .record = "Postfix check_ccert_access",
          .caughtBy = {"pki.chain.self-signed", "pki.chain.self-signed-common-name", "pki.chain.self-signed-tls-1-2"},
          .put = [](Conduct& conduct) {
            conduct.faults.forgives = [](int error) { return error == X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT; };
          }};
}

}  // namespace relayproof::reference::bugs
