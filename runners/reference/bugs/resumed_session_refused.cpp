#include "runners/reference/bugs/bug.h"

namespace relayproof::reference::bugs {

KnownBug resumedSessionRefused() {
  return {.name = "resumed-session-refused",
          .kind = "refusal",
          .wrong = "Takes up the session that a client offers, and then ends it: 421, as if its certificate were bad.",
          .record = "gateway practice",
          .caughtBy = {"partner.tls-required-resumed",
                       "session.listener.nobody-first",
                       "session.listener.resumed",
                       "session.resumption.another-host-first",
                       "session.resumption.another-host-first-session-id",
                       "session.resumption.another-tenant-first",
                       "session.resumption.another-tenant-first-session-id",
                       "session.resumption.another-tenant-first-ticket-tls-1-2",
                       "session.resumption.nobody-first",
                       "session.resumption.nobody-first-session-id",
                       "session.resumption.nobody-first-ticket-tls-1-2",
                       "session.resumption.resumed",
                       "session.resumption.resumed-session-id",
                       "session.resumption.resumed-ticket-tls-1-2",
                       "session.resumption.strangers",
                       "session.resumption.strangers-session-id",
                       "session.resumption.then-another-host",
                       "session.resumption.then-another-host-session-id",
                       "session.resumption.then-nobody",
                       "session.resumption.then-nobody-session-id",
                       "session.resumption.then-nobody-ticket-tls-1-2"},
          .put = [](Conduct& conduct) {
            conduct.behaviour.resumption = Resumption::originalIdentity;
            conduct.faults.refusesResumed = true;
          }};
}

}  // namespace relayproof::reference::bugs
