#include <optional>
#include <string_view>

#include "runners/reference/bugs/asking.h"
#include "runners/reference/bugs/bug.h"

namespace relayproof::reference::bugs {

KnownBug proxyHeaderBelieved() {
  return {.name = "proxy-header-believed",
          .kind = "hole",
          .wrong = "A PROXY header of a stranger sets the client's address.",
          .record = "PROXY protocol version 1",
          .caughtBy = {},
          .put = [](Conduct& conduct) {
            conduct.faults.extraCommand = [](std::string_view line, Peer& peer) -> std::optional<std::string> {
              constexpr std::string_view start = "PROXY TCP4 ";
              if (!line.starts_with(start)) return std::nullopt;
              peer.address = readAddress(line.substr(start.size()));
              return "";
            };
          }};
}

}  // namespace relayproof::reference::bugs
