#include <openssl/x509_vfy.h>

#include "runners/reference/bugs/bug.h"

namespace relayproof::reference::bugs {

KnownBug acceptsUnknownCa() {
  return {
      .name = "accepts-unknown-ca",
      .kind = "hole",
      .wrong = "A certificate of an authority that nobody trusts is trusted.",
      .record = "gateway practice",
      .caughtBy = {"partner.exempt-by-a-certificate-of-unknown-authority", "partner.unknown-authority",
                   "pki.chain.authority-with-the-roots-name", "pki.chain.missing-intermediate",
                   "pki.chain.unknown-authority", "pki.chain.unknown-authority-beside-the-good-one",
                   "pki.chain.unknown-authority-beside-the-root", "pki.chain.unknown-authority-common-name",
                   "pki.chain.unknown-authority-with-its-root", "pki.chain.unknown-authority-with-registered-sender",
                   "session.listener.unknown-authority", "session.listener.unknown-authority-first",
                   "session.memory.key-of-a-trusted-certificate", "session.resumption.unknown-authority-first",
                   "session.resumption.unknown-authority-first-session-id",
                   "session.resumption.unknown-authority-first-ticket-tls-1-2"},
      .put = [](Conduct& conduct) {
        conduct.faults.forgives = [](int error) {
          return error == X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN ||
                 error == X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY ||
                 error == X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT || error == X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE;
        };
      }};
}

}  // namespace relayproof::reference::bugs
