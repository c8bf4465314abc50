#include "runners/reference/bugs/lists.h"

namespace relayproof::reference::bugs {

KnownBug firstEntryOfListAlone() {
  return {.name = "first-entry-of-list-alone",
          .kind = "hole",
          .wrong = "A list is read up to its first entry.",
          .record = "gateway practice",
          .caughtBy = {"pki.revocation.authority-revoked", "pki.revocation.revoked-last-of-list",
                       "pki.revocation.revoked-serial-of-twenty-octets"},
          .put =
              [](Conduct& conduct) {
                conduct.faults.lists.isOn = [](const X509_CRL* list, const X509* certificate) {
                  const STACK_OF(X509_REVOKED)* const entries = X509_CRL_get_REVOKED(const_cast<X509_CRL*>(list));
                  return sk_X509_REVOKED_num(entries) > 0 && isOf(list, certificate) &&
                         ASN1_INTEGER_cmp(X509_REVOKED_get0_serialNumber(sk_X509_REVOKED_value(entries, 0)),
                                          X509_get0_serialNumber(certificate)) == 0;
                };
              },
          .profile = "strict"};
}

}  // namespace relayproof::reference::bugs
