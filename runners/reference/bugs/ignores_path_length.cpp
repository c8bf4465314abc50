#include <openssl/x509_vfy.h>

#include "runners/reference/bugs/bug.h"

namespace relayproof::reference::bugs {

KnownBug ignoresPathLength() {
  return {.name = "ignores-path-length",
          .kind = "hole",
          .wrong = "The path length of an authority binds nothing.",
          .record = "RFC 5280 4.2.1.9",
          .caughtBy = {"combined.wrong-path-length-tls12-foreign-chunks-local-first-again-8bit",
                       "combined.wrong-path-length-tls12-null-bdat-one-after-local-size-rsa",
                       "combined.wrong-path-length-tls12-own-data-two-after-rset-size-longer",
                       "combined.wrong-path-length-tls13-foreign-data-local-last-alone",
                       "combined.wrong-path-length-tls13-other-bdat-local-last-after-noop-rsa-longer",
                       "combined.wrong-path-length-tls13-own-chunks-local-last-third-size",
                       "pki.chain.path-length-exceeded", "pki.path.path-length-above",
                       "pki.path.path-length-exceeded-tls-1-2", "pki.path.path-length-of-one-exceeded"},
          .put = [](Conduct& conduct) {
            conduct.faults.forgives = [](int error) { return error == X509_V_ERR_PATH_LENGTH_EXCEEDED; };
          }};
}

}  // namespace relayproof::reference::bugs
