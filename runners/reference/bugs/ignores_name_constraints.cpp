#include <openssl/x509_vfy.h>

#include "runners/reference/bugs/bug.h"

namespace relayproof::reference::bugs {

KnownBug ignoresNameConstraints() {
  return {.name = "ignores-name-constraints",
          .kind = "hole",
          .wrong = "Name constraints of an authority bind nothing.",
          .record = "RFC 5280 4.2.1.10",
          .caughtBy = {"combined.wrong-excluded-tls12-foreign-bdat-local-first-third",
                       "combined.wrong-excluded-tls12-null-data-local-first-after-local-size",
                       "combined.wrong-excluded-tls12-other-bdat-local-first-alone-size",
                       "combined.wrong-excluded-tls13-null-bdat-local-last-again-size",
                       "combined.wrong-excluded-tls13-other-data-one-after-rset-size",
                       "combined.wrong-excluded-tls13-own-chunks-two-after-noop-8bit-rsa",
                       "pki.chain.constrained-and-self-issued",
                       "pki.chain.excluded-address",
                       "pki.chain.excluded-address-of-ip-six",
                       "pki.chain.excluded-mail-address",
                       "pki.chain.excluded-mailbox",
                       "pki.chain.excluded-name",
                       "pki.chain.excluded-subject",
                       "pki.chain.excluded-uri",
                       "pki.chain.excluded-wildcard",
                       "pki.chain.name-not-permitted",
                       "pki.chain.not-permitted-lookalike",
                       "pki.chain.not-permitted-mailbox",
                       "pki.chain.one-name-not-permitted",
                       "pki.chain.second-excluded-name",
                       "pki.chain.second-of-two-constraints",
                       "pki.chain.wildcard-above-the-permitted-name",
                       "pki.path.every-name-excluded",
                       "pki.path.excluded-not-critical",
                       "pki.path.excluded-two-above",
                       "pki.path.permitted-above",
                       "pki.path.permitted-wider-below"},
          .put = [](Conduct& conduct) {
            conduct.faults.forgives = [](int error) {
              return error == X509_V_ERR_PERMITTED_VIOLATION || error == X509_V_ERR_EXCLUDED_VIOLATION;
            };
          }};
}

}  // namespace relayproof::reference::bugs
