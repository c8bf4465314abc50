#include "runners/reference/bugs/lists.h"

namespace relayproof::reference::bugs {

KnownBug serialsOfAnyIssuer() {
  return {.name = "serials-of-any-issuer",
          .kind = "refusal",
          .wrong = "A certificate is revoked when any list holds its serial number, whoever issued it.",
          .record = "RFC 5280 6.3.3",
          .caughtBy = {"pki.revocation.serial-of-another-authority"},
          .put = [](Conduct& conduct) {
            conduct.faults.lists.isOn = [](const X509_CRL* list, const X509* certificate) {
              return holds(list, [&](const ASN1_INTEGER* serial) {
                return ASN1_INTEGER_cmp(serial, X509_get0_serialNumber(certificate)) == 0;
              });
            };
          }};
}

}  // namespace relayproof::reference::bugs
