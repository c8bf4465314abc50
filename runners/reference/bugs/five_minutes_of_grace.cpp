#include "runners/reference/bugs/bug.h"

namespace relayproof::reference::bugs {

KnownBug fiveMinutesOfGrace() {
  return {
      .name = "five-minutes-of-grace",
      .kind = "hole",
      .wrong = "Certificates are trusted from five minutes before their time until five minutes after it.",
      .record = "RFC 5280 4.1.2.5",
      .caughtBy = {"pki.validity.expired-minutes-ago", "pki.validity.valid-in-minutes", "session.memory.expired-since",
                   "session.resumption.expired-meanwhile", "session.resumption.expired-meanwhile-session-id",
                   "session.resumption.expired-meanwhile-ticket-tls-1-2"},
      .put = [](Conduct& conduct) { conduct.faults.dateGrace = 300; }};
}

}  // namespace relayproof::reference::bugs
