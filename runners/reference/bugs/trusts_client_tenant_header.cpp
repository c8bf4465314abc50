#include "runners/reference/bugs/bug.h"

namespace relayproof::reference::bugs {

KnownBug trustsClientTenantHeader() {
  return {.name = "trusts-client-tenant-header",
          .kind = "hole",
          .wrong = "A tenant header of the client's own stands.",
          .record = "gateway practice",
          .caughtBy = {"session.tenant-header-before-a-space", "session.tenant-header-behind-others",
                       "session.tenant-header-folded", "session.tenant-header-in-lower-case",
                       "session.tenant-header-of-a-bounce", "session.tenant-header-to-local-recipient",
                       "session.tenant-header-twice", "session.tenant-header-with-certificate"},
          .put = [](Conduct& conduct) { conduct.faults.keepsClientMarks = true; }};
}

}  // namespace relayproof::reference::bugs
