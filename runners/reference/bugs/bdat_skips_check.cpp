#include <string_view>

#include "runners/reference/bugs/bug.h"

namespace relayproof::reference::bugs {

KnownBug bdatSkipsCheck() {
  return {.name = "bdat-skips-check",
          .kind = "protocol",
          .wrong = "What comes by BDAT is not checked for bare CR and LF.",
          .record = "CVE-2023-51765",
          .caughtBy = {"smuggling.chunked-lf-dot-lf"},
          .put = [](Conduct& conduct) {
            conduct.faults.isClean = [](std::string_view message, bool inChunks) {
              return inChunks || isCleanMessage(message);
            };
          }};
}

}  // namespace relayproof::reference::bugs
