#include <openssl/x509_vfy.h>

#include "runners/reference/bugs/bug.h"

namespace relayproof::reference::bugs {

KnownBug ignoresPathLength() {
  return {.name = "ignores-path-length",
          .kind = "hole",
          .wrong = "The path length of an authority binds nothing.",
          .record = "RFC 5280 4.2.1.9",
          .caughtBy = {"pki.chain.path-length-exceeded", "pki.path.path-length-above",
                       "pki.path.path-length-of-one-exceeded"},
          .put = [](Conduct& conduct) {
            conduct.faults.forgives = [](int error) { return error == X509_V_ERR_PATH_LENGTH_EXCEEDED; };
          }};
}

}  // namespace relayproof::reference::bugs
