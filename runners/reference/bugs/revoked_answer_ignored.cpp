#include "runners/reference/bugs/bug.h"

namespace relayproof::reference::bugs {

KnownBug revokedAnswerIgnored() {
  return {.name = "revoked-answer-ignored",
          .kind = "hole",
          .wrong = "The list is fetched, and a certificate on it is taken all the same.",
          .record = "RFC 5280 6.3",
          .caughtBy = {"pki.revocation.authority-revoked", "pki.revocation.revoked",
                       "pki.revocation.revoked-in-the-second-place-behind-ldap",
                       "pki.revocation.revoked-in-the-second-place-behind-unreachable",
                       "pki.revocation.revoked-last-of-list", "pki.revocation.revoked-serial-of-twenty-octets",
                       "pki.revocation.revoked-tls-1-2", "pki.revocation.revoked-with-registered-sender"},
          .put =
              [](Conduct& conduct) {
                conduct.faults.lists.weighs = [](Revocation found) {
                  return found == Revocation::revoked ? Revocation::good : found;
                };
              },
          .profile = "strict"};
}

}  // namespace relayproof::reference::bugs
