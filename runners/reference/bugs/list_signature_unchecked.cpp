#include "runners/reference/bugs/bug.h"

namespace relayproof::reference::bugs {

KnownBug listSignatureUnchecked() {
  return {.name = "list-signature-unchecked",
          .kind = "hole",
          .wrong = "A list counts whoever signed it.",
          .record = "RFC 5280 6.3.3",
          .caughtBy = {"pki.revocation.list-with-broken-signature"},
          .put =
              [](Conduct& conduct) {
                conduct.faults.lists.forgives = [](int error) { return error == X509_V_ERR_CRL_SIGNATURE_FAILURE; };
              },
          .profile = "strict"};
}

}  // namespace relayproof::reference::bugs
