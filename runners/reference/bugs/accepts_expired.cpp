#include <openssl/x509_vfy.h>

#include "runners/reference/bugs/bug.h"

namespace relayproof::reference::bugs {

KnownBug acceptsExpired() {
  return {.name = "accepts-expired",
          .kind = "hole",
          .wrong = "A certificate past its time is trusted.",
          .record = "gateway practice",
          .caughtBy = {},
          .put = [](Conduct& conduct) {
            conduct.faults.forgives = [](int error) { return error == X509_V_ERR_CERT_HAS_EXPIRED; };
          }};
}

}  // namespace relayproof::reference::bugs
