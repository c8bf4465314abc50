#include <openssl/x509_vfy.h>

#include "runners/reference/bugs/bug.h"

namespace relayproof::reference::bugs {

KnownBug acceptsNotYetValid() {
  return {.name = "accepts-not-yet-valid",
          .kind = "hole",
          .wrong = "A certificate before its time is trusted.",
          .record = "gateway practice",
          .caughtBy = {"pki.path.issuer-not-yet-valid", "pki.validity.not-yet-valid", "pki.validity.valid-in-minutes"},
          .put = [](Conduct& conduct) {
            conduct.faults.forgives = [](int error) { return error == X509_V_ERR_CERT_NOT_YET_VALID; };
          }};
}

}  // namespace relayproof::reference::bugs
