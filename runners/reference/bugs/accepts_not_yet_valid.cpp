#include <openssl/x509_vfy.h>

#include "runners/reference/bugs/bug.h"

namespace relayproof::reference::bugs {

KnownBug acceptsNotYetValid() {
  return {.name = "accepts-not-yet-valid",
          .kind = "hole",
          .wrong = "A certificate before its time is trusted.",
          .record = "gateway practice",
          .caughtBy = {"combined.wrong-not-yet-tls12-foreign-chunks-two-alone-rsa-longer",
                       "combined.wrong-not-yet-tls12-other-chunks-two-after-rset-8bit",
                       "combined.wrong-not-yet-tls12-other-data-local-last-again-8bit-rsa",
                       "combined.wrong-not-yet-tls12-own-bdat-local-first-after-noop-rsa",
                       "combined.wrong-not-yet-tls13-null-bdat-one-third-size",
                       "combined.wrong-not-yet-tls13-other-data-two-after-local-8bit-rsa",
                       "pki.path.authority-not-yet-valid-above", "pki.path.issuer-not-yet-valid",
                       "pki.validity.not-yet-valid", "pki.validity.valid-in-minutes"},
          .put = [](Conduct& conduct) {
            conduct.faults.forgives = [](int error) { return error == X509_V_ERR_CERT_NOT_YET_VALID; };
          }};
}

}  // namespace relayproof::reference::bugs
