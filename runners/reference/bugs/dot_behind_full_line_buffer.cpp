#include "runners/reference/bugs/bug.h"

namespace relayproof::reference::bugs {

KnownBug dotBehindFullLineBuffer() {
  return {
      .name = "dot-behind-full-line-buffer",
      .kind = "hole",
      .wrong =
          "A dot that follows 1024 octets of a line ends the data, for the line is read through a buffer of so many.",
      .record = "gateway practice",
      .caughtBy = {"transactions.dot-at-the-end-of-a-long-line"},
      .put = [](Conduct& conduct) { conduct.faults.lineBuffer = 1024; }};
}

}  // namespace relayproof::reference::bugs
