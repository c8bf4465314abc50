#include <openssl/x509_vfy.h>

#include "runners/reference/bugs/bug.h"

namespace relayproof::reference::bugs {

KnownBug acceptsUnknownCa() {
  return {.name = "accepts-unknown-ca",
          .kind = "hole",
          .wrong = "A certificate of an authority that nobody trusts is trusted.",
          .record = "gateway practice",
          .caughtBy = {},
          .put = [](Conduct& conduct) {
            conduct.faults.forgives = [](int error) {
              return error == X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN ||
                     error == X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY ||
                     error == X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT ||
                     error == X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE;
            };
          }};
}

}  // namespace relayproof::reference::bugs
