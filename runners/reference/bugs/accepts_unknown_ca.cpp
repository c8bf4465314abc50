#include <openssl/x509_vfy.h>

#include "runners/reference/bugs/bug.h"

namespace relayproof::reference::bugs {

KnownBug acceptsUnknownCa() {
  return {.name = "accepts-unknown-ca",
          .kind = "hole",
          .wrong = "A certificate of an authority that nobody trusts is trusted.",
          .record = "gateway practice",
          .caughtBy = {"combined.wrong-unknown-cn-tls12-foreign-data-local-first-after-noop-size-longer",
                       "combined.wrong-unknown-cn-tls12-null-bdat-one-alone-rsa",
                       "combined.wrong-unknown-cn-tls12-own-chunks-two-after-local-8bit",
                       "combined.wrong-unknown-cn-tls12-own-data-local-first-after-rset-size-rsa-longer",
                       "combined.wrong-unknown-cn-tls13-other-bdat-local-last-again-size",
                       "combined.wrong-unknown-cn-tls13-other-chunks-local-last-third-8bit-rsa",
                       "combined.wrong-unknown-host-tls12-null-chunks-local-first-after-local-8bit-rsa-longer",
                       "combined.wrong-unknown-host-tls12-own-bdat-one-again-size-rsa",
                       "combined.wrong-unknown-host-tls13-foreign-data-local-last-alone-longer",
                       "combined.wrong-unknown-host-tls13-null-bdat-two-after-rset-rsa",
                       "combined.wrong-unknown-host-tls13-null-data-local-last-after-noop-longer",
                       "combined.wrong-unknown-host-tls13-other-chunks-two-third-8bit",
                       "combined.wrong-unknown-tls12-foreign-chunks-one-after-noop-size",
                       "combined.wrong-unknown-tls12-foreign-data-two-after-rset-8bit",
                       "combined.wrong-unknown-tls12-own-data-local-last-alone-8bit-rsa-longer",
                       "combined.wrong-unknown-tls13-foreign-bdat-local-first-after-local-rsa-longer",
                       "combined.wrong-unknown-tls13-null-bdat-two-third-rsa-longer",
                       "combined.wrong-unknown-tls13-other-data-local-first-again-8bit-longer",
                       "partner.exempt-by-a-certificate-of-unknown-authority",
                       "partner.unknown-authority",
                       "pki.chain.authority-with-an-unknown-signature-algorithm",
                       "pki.chain.authority-with-the-roots-name",
                       "pki.chain.authority-with-the-roots-name-sent",
                       "pki.chain.issuer-of-another-name",
                       "pki.chain.missing-intermediate",
                       "pki.chain.roots-key-under-another-name",
                       "pki.chain.unknown-authority",
                       "pki.chain.unknown-authority-beside-the-good-one",
                       "pki.chain.unknown-authority-beside-the-root",
                       "pki.chain.unknown-authority-common-name",
                       "pki.chain.unknown-authority-with-a-server-name",
                       "pki.chain.unknown-authority-with-its-root",
                       "pki.chain.unknown-authority-with-registered-sender",
                       "pki.chain.unknown-signature-algorithm",
                       "pki.path.in-a-loop",
                       "pki.path.unknown-above-ten-more",
                       "sequences.unknown-1",
                       "sequences.unknown-2",
                       "sequences.unknown-3",
                       "sequences.unknown-4",
                       "sequences.unknown-5",
                       "session.listener.unknown-authority",
                       "session.listener.unknown-authority-first",
                       "session.memory.identifier-of-a-known-certificate",
                       "session.memory.key-of-a-trusted-certificate",
                       "session.resumption.unknown-authority-first",
                       "session.resumption.unknown-authority-first-session-id",
                       "session.resumption.unknown-authority-first-ticket-tls-1-2"},
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
