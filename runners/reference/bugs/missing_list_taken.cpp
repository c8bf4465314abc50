#include "runners/reference/bugs/bug.h"

namespace relayproof::reference::bugs {

KnownBug missingListTaken() {
  return {
      .name = "missing-list-taken",
      .kind = "hole",
      .wrong = "Where the state of a certificate cannot be determined it is good, though revocation must be checked.",
      .record = "RFC 5280 6.3.3",
      .caughtBy = {"pki.revocation.list-absent", "pki.revocation.list-by-unallowed-key", "pki.revocation.list-cut",
                   "pki.revocation.list-forged", "pki.revocation.list-is-a-page", "pki.revocation.list-never-comes",
                   "pki.revocation.list-never-ends", "pki.revocation.list-not-yet",
                   "pki.revocation.list-of-another-issuer", "pki.revocation.list-overdue",
                   "pki.revocation.list-unreachable", "pki.revocation.list-with-broken-signature",
                   "pki.revocation.listed-by-another-issuer"},
      .put =
          [](Conduct& conduct) {
            conduct.faults.lists.weighs = [](Revocation found) {
              return found == Revocation::unknown ? Revocation::good : found;
            };
          },
      .profile = "strict"};
}

}  // namespace relayproof::reference::bugs
