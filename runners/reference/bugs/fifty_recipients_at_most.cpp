#include "runners/reference/bugs/bug.h"

namespace relayproof::reference::bugs {

KnownBug fiftyRecipientsAtMost() {
  return {.name = "fifty-recipients-at-most",
          .kind = "refusal",
          .wrong = "The fifty-first recipient is put off.",
          .record = "RFC 5321 4.5.3.1.8",
          .caughtBy = {"transactions.hundred-recipients", "transactions.many.sixty-recipients-thrice",
                       "transactions.many.sixty-recipients-twice-then-denied"},
          .put = [](Conduct& conduct) { conduct.faults.mostRecipients = 50; }};
}

}  // namespace relayproof::reference::bugs
