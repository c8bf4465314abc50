#include "runners/reference/bugs/bug.h"

namespace relayproof::reference::bugs {

KnownBug overdueListTaken() {
  return {.name = "overdue-list-taken",
          .kind = "hole",
          .wrong = "A list counts after its next update, and before its time.",
          .record = "RFC 5280 6.3.3",
          .caughtBy = {"pki.revocation.list-not-yet", "pki.revocation.list-overdue"},
          .put =
              [](Conduct& conduct) {
                conduct.faults.lists.forgives = [](int error) {
                  return error == X509_V_ERR_CRL_HAS_EXPIRED || error == X509_V_ERR_CRL_NOT_YET_VALID;
                };
              },
          .profile = "strict"};
}

}  // namespace relayproof::reference::bugs
