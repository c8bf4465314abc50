#include "runners/reference/bugs/bug.h"

namespace relayproof::reference::bugs {

KnownBug repliesEndInLf() {
  return {.name = "replies-end-in-lf",
          .kind = "protocol",
          .wrong = "Replies end in a bare LF.",
          .record = "RFC 5321 2.3.8",
          .caughtBy = {"session.replies-in-lines", "session.replies-in-lines-where-denied"},
          .put = [](Conduct& conduct) { conduct.faults.endOfReply = "\n"; }};
}

}  // namespace relayproof::reference::bugs
