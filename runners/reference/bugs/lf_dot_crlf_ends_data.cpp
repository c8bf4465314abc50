#include <string_view>

#include "runners/reference/bugs/bug.h"

namespace relayproof::reference::bugs {

KnownBug lfDotCrlfEndsData() {
  return {.name = "lf-dot-crlf-ends-data",
          .kind = "hole",
          .wrong = "A dot after a bare line feed ends DATA.",
          .record = "CVE-2023-51765",
          .caughtBy = {"smuggling.chunked-cr-dot-cr",
                       "smuggling.chunked-cr-dot-cr-across-chunks",
                       "smuggling.chunked-cr-dot-crlf",
                       "smuggling.chunked-cr-dot-crlf-across-chunks",
                       "smuggling.chunked-crlf-nul-dot-crlf",
                       "smuggling.chunked-lf-dot-crlf",
                       "smuggling.chunked-lf-dot-crlf-across-chunks",
                       "smuggling.chunked-lf-dot-crlf-in-the-second-message",
                       "smuggling.chunked-lf-dot-lf",
                       "smuggling.chunked-lf-dot-lf-across-chunks",
                       "smuggling.cr-dot-cr",
                       "smuggling.cr-dot-crlf",
                       "smuggling.cr-dot-crlf-at-the-other-port",
                       "smuggling.cr-dot-crlf-behind-helo",
                       "smuggling.cr-dot-crlf-in-the-second-message",
                       "smuggling.cr-dot-crlf-of-a-bounce",
                       "smuggling.cr-dot-crlf-to-a-local-recipient",
                       "smuggling.crlf-dot-cr",
                       "smuggling.crlf-dot-crcrlf",
                       "smuggling.crlf-dot-lf",
                       "smuggling.crlf-dot-nul-crlf",
                       "smuggling.crlf-nul-dot-crlf",
                       "smuggling.crlf-nul-dot-crlf-at-the-other-port",
                       "smuggling.crlf-nul-dot-crlf-of-a-bounce",
                       "smuggling.crlf-nul-dot-crlf-to-a-local-recipient",
                       "smuggling.lf-cr-dot-crlf",
                       "smuggling.lf-dot-crlf",
                       "smuggling.lf-dot-crlf-at-the-other-port",
                       "smuggling.lf-dot-crlf-behind-64k",
                       "smuggling.lf-dot-crlf-behind-helo",
                       "smuggling.lf-dot-crlf-behind-others",
                       "smuggling.lf-dot-crlf-in-the-clear",
                       "smuggling.lf-dot-crlf-in-the-second-message",
                       "smuggling.lf-dot-crlf-of-a-bounce",
                       "smuggling.lf-dot-crlf-to-a-local-recipient",
                       "smuggling.lf-dot-crlf-with-8bitmime",
                       "smuggling.lf-dot-crlf-with-smtputf8",
                       "smuggling.lf-dot-lf",
                       "smuggling.lf-dot-lf-at-the-other-port",
                       "smuggling.lf-dot-lf-behind-64k",
                       "smuggling.lf-dot-lf-behind-helo",
                       "smuggling.lf-dot-lf-in-the-second-message",
                       "smuggling.lf-dot-lf-of-a-bounce",
                       "smuggling.lf-dot-lf-to-a-local-recipient",
                       "smuggling.tenant-header-behind-a-line-feed"},
          .put = [](Conduct& conduct) {
            conduct.faults.otherEnds = {"\n.\r\n"};
            conduct.faults.isClean = [](std::string_view, bool) { return true; };
          }};
}

}  // namespace relayproof::reference::bugs
