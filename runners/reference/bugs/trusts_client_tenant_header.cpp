#include "runners/reference/bugs/bug.h"

namespace relayproof::reference::bugs {

KnownBug trustsClientTenantHeader() {
  return {.name = "trusts-client-tenant-header",
          .kind = "hole",
          .wrong = "A tenant header of the client's own stands.",
          .record = "gateway practice",
          .caughtBy = {"session.tenant-header-across-chunks",
                       "session.tenant-header-after-an-empty-one",
                       "session.tenant-header-before-a-space",
                       "session.tenant-header-before-a-tab",
                       "session.tenant-header-behind-64k",
                       "session.tenant-header-behind-a-line-that-is-none",
                       "session.tenant-header-behind-others",
                       "session.tenant-header-eleven-times",
                       "session.tenant-header-encoded",
                       "session.tenant-header-folded",
                       "session.tenant-header-in-a-line-too-long",
                       "session.tenant-header-in-chunks",
                       "session.tenant-header-in-lower-case",
                       "session.tenant-header-in-the-clear",
                       "session.tenant-header-in-the-second-message",
                       "session.tenant-header-last",
                       "session.tenant-header-long",
                       "session.tenant-header-of-a-bounce",
                       "session.tenant-header-to-local-recipient",
                       "session.tenant-header-to-postmaster",
                       "session.tenant-header-to-two-recipients",
                       "session.tenant-header-twice",
                       "session.tenant-header-with-8bitmime",
                       "session.tenant-header-with-certificate",
                       "session.tenant-header-with-helo",
                       "session.tenant-header-with-smtputf8",
                       "session.tenant-header-within-chunks",
                       "session.tenant-header-without-a-body",
                       "session.tenant-header-without-a-space"},
          .put = [](Conduct& conduct) { conduct.faults.keepsClientMarks = [](const MessageFacts&) { return true; }; }};
}

}  // namespace relayproof::reference::bugs
