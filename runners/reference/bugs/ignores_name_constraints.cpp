#include <openssl/x509_vfy.h>

#include "runners/reference/bugs/bug.h"

namespace relayproof::reference::bugs {

KnownBug ignoresNameConstraints() {
  return {
      .name = "ignores-name-constraints",
      .kind = "hole",
      .wrong = "Name constraints of an authority bind nothing.",
      .record = "RFC 5280 4.2.1.10",
      .caughtBy = {"pki.chain.authority-not-permitted", "pki.chain.excluded-address", "pki.chain.excluded-mail-address",
                   "pki.chain.excluded-name", "pki.chain.excluded-subject", "pki.chain.excluded-uri",
                   "pki.chain.excluded-wildcard", "pki.chain.name-not-permitted", "pki.chain.not-permitted-lookalike",
                   "pki.chain.one-name-not-permitted", "pki.chain.second-excluded-name",
                   "pki.chain.second-of-two-constraints", "pki.path.permitted-above", "pki.path.permitted-wider-below"},
      .put = [](Conduct& conduct) {
        conduct.faults.forgives = [](int error) {
          return error == X509_V_ERR_PERMITTED_VIOLATION || error == X509_V_ERR_EXCLUDED_VIOLATION;
        };
      }};
}

}  // namespace relayproof::reference::bugs
