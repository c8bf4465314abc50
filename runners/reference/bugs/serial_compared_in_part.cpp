#include "runners/reference/bugs/lists.h"
#include "runners/reference/bugs/names.h"

namespace relayproof::reference::bugs {

KnownBug serialComparedInPart() {
  return {.name = "serial-compared-in-part",
          .kind = "refusal",
          .wrong = "Serial numbers are compared up to the length of the one on the list.",
          .record = "gateway practice",
          .caughtBy = {"pki.revocation.serial-begins-alike"},
          .put = [](Conduct& conduct) {
            conduct.faults.lists.isOn = [](const X509_CRL* list, const X509* certificate) {
              return isOf(list, certificate) && holds(list, [&](const ASN1_INTEGER* serial) {
                       return octetsOf(X509_get0_serialNumber(certificate)).starts_with(octetsOf(serial));
                     });
            };
          }};
}

}  // namespace relayproof::reference::bugs
