#include <openssl/x509_vfy.h>

#include "runners/reference/bugs/bug.h"

namespace relayproof::reference::bugs {

KnownBug acceptsExpired() {
  return {.name = "accepts-expired",
          .kind = "hole",
          .wrong = "A certificate past its time is trusted.",
          .record = "gateway practice",
          .caughtBy = {"combined.wrong-expired-tls12-other-data-one-again-size-rsa-longer",
                       "combined.wrong-expired-tls12-own-bdat-two-after-rset-8bit",
                       "combined.wrong-expired-tls13-foreign-data-local-last-after-local-size-rsa",
                       "combined.wrong-expired-tls13-null-chunks-local-first-after-noop",
                       "combined.wrong-expired-tls13-null-chunks-local-last-third-rsa",
                       "combined.wrong-expired-tls13-other-data-local-last-alone-size-rsa",
                       "partner.expired-certificate",
                       "pki.chain.good-leaf-behind-an-expired-one",
                       "pki.path.issuer-expired-above",
                       "pki.validity.expired",
                       "pki.validity.expired-intermediate",
                       "pki.validity.expired-long-ago",
                       "pki.validity.expired-minutes-ago",
                       "pki.validity.expired-tls-1-2",
                       "pki.validity.expired-with-registered-sender",
                       "sequences.expired-1",
                       "sequences.expired-2",
                       "sequences.expired-3",
                       "sequences.expired-4",
                       "sequences.expired-5",
                       "session.memory.expired-since",
                       "session.resumption.expired-first",
                       "session.resumption.expired-meanwhile",
                       "session.resumption.expired-meanwhile-session-id",
                       "session.resumption.expired-meanwhile-ticket-tls-1-2",
                       "tenancy.registration.expired-name-from-the-address",
                       "transactions.chunks-expired"},
          .put = [](Conduct& conduct) {
            conduct.faults.forgives = [](int error) { return error == X509_V_ERR_CERT_HAS_EXPIRED; };
          }};
}

}  // namespace relayproof::reference::bugs
