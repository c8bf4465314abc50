#include "runners/reference/bugs/bug.h"

namespace relayproof::reference::bugs {

KnownBug losesAcceptedMail() {
  return {.name = "loses-accepted-mail",
          .kind = "protocol",
          .wrong = "Every message is accepted and passed on to nobody.",
          .record = "gateway practice",
          .caughtBy =
              {
#include "runners/reference/bugs/loses_accepted_mail.inc"
              },
          .put = [](Conduct& conduct) { conduct.faults.copies = 0; }};
}

}  // namespace relayproof::reference::bugs
