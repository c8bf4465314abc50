#include "runners/reference/bugs/bug.h"

namespace relayproof::reference::bugs {

KnownBug dropsWhatFollowsAMessage() {
  return {.name = "drops-what-follows-a-message",
          .kind = "refusal",
          .wrong = "Commands in the segment of the end of data are thrown away.",
          .record = "RFC 2920 3.1",
          .caughtBy = {"transactions.command-behind-the-last-chunk", "transactions.command-behind-the-message"},
          .put = [](Conduct& conduct) { conduct.faults.dropsWhatFollows = true; }};
}

}  // namespace relayproof::reference::bugs
