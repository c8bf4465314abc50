#include "runners/reference/bugs/bug.h"

namespace relayproof::reference::bugs {

KnownBug listOfLeafAlone() {
  return {
      .name = "list-of-leaf-alone",
      .kind = "hole",
      .wrong = "An authority that was revoked goes on issuing: the list of the leaf is the only one that is looked at.",
      .record = "RFC 5280 6.3",
      .caughtBy = {"pki.revocation.authority-revoked"},
      .put = [](Conduct& conduct) { conduct.faults.lists.leafAlone = true; },
      .profile = "strict"};
}

}  // namespace relayproof::reference::bugs
