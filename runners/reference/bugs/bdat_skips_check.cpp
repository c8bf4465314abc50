#include <string_view>

#include "runners/reference/bugs/bug.h"

namespace relayproof::reference::bugs {

KnownBug bdatSkipsCheck() {
  return {
      .name = "bdat-skips-check",
      .kind = "protocol",
      .wrong = "What comes by BDAT is not checked for bare CR and LF.",
      .record = "CVE-2023-51765",
      .caughtBy = {"smuggling.chunked-cr-dot-cr", "smuggling.chunked-cr-dot-cr-across-chunks",
                   "smuggling.chunked-cr-dot-crlf", "smuggling.chunked-cr-dot-crlf-across-chunks",
                   "smuggling.chunked-crlf-nul-dot-crlf", "smuggling.chunked-lf-dot-crlf",
                   "smuggling.chunked-lf-dot-crlf-across-chunks", "smuggling.chunked-lf-dot-crlf-in-the-second-message",
                   "smuggling.chunked-lf-dot-lf", "smuggling.chunked-lf-dot-lf-across-chunks"},
      .put = [](Conduct& conduct) {
        conduct.faults.isClean = [](std::string_view message, bool inChunks) {
          return inChunks || isCleanMessage(message);
        };
      }};
}

}  // namespace relayproof::reference::bugs
