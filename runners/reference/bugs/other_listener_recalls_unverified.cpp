#include "runners/reference/bugs/bug.h"
#include "runners/reference/trust.h"

namespace relayproof::reference::bugs {

KnownBug otherListenerRecallsUnverified() {
  return {.name = "other-listener-recalls-unverified",
          .kind = "hole",
          .wrong = "A session of one port, resumed at another, counts as verified, whatever it was where it began.",
          .record = "CVE-2025-23419",
          .caughtBy = {"session.listener.unknown-authority-first"},
          .put = [](Conduct& conduct) {
            conduct.behaviour.resumption = Resumption::originalIdentity;
            conduct.faults.afterHandshake = [](SSL* ssl, bool other, const Conduct& how, ClientCertificate& client) {
              X509* const leaf = other && SSL_session_reused(ssl) == 1 ? SSL_get0_peer_certificate(ssl) : nullptr;
              if (leaf != nullptr) client = recallLeaf(leaf, true, how);
            };
          }};
}

}  // namespace relayproof::reference::bugs
