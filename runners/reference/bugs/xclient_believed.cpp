#include <optional>
#include <string_view>

#include "runners/reference/bugs/asking.h"
#include "runners/reference/bugs/bug.h"

namespace relayproof::reference::bugs {

KnownBug xclientBelieved() {
  return {.name = "xclient-believed",
          .kind = "hole",
          .wrong = "XCLIENT of a stranger sets the client's address.",
          .record = "Postfix XCLIENT",
          .caughtBy = {"session.xclient"},
          .put = [](Conduct& conduct) {
            conduct.faults.extraCommand = [](std::string_view line, Peer& peer) -> std::optional<std::string> {
              const std::string folded = foldCase(line);
              if (!folded.starts_with("xclient")) return std::nullopt;
              if (const std::size_t at = folded.find(" addr="); at != std::string::npos)
                peer.address = readAddress(folded.substr(at + 6));
              return "220 relay.test ESMTP";
            };
          }};
}

}  // namespace relayproof::reference::bugs
