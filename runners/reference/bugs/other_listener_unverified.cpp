#include "runners/reference/bugs/bug.h"
#include "runners/reference/trust.h"

namespace relayproof::reference::bugs {

KnownBug otherListenerUnverified() {
  return {.name = "other-listener-unverified",
          .kind = "hole",
          .wrong = "At the port where TLS begins at once, certificates are asked for and not verified.",
          .record = "gateway practice",
          .caughtBy = {"session.listener.unknown-authority", "session.listener.unknown-authority-first"},
          .put = [](Conduct& conduct) {
            conduct.faults.afterHandshake = [](SSL* ssl, bool other, const Conduct& how, ClientCertificate& client) {
              if (other && client.presented && SSL_session_reused(ssl) == 0)
                client = recallLeaf(SSL_get0_peer_certificate(ssl), true, how);
            };
          }};
}

}  // namespace relayproof::reference::bugs
