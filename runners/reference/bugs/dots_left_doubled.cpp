#include "runners/reference/bugs/bug.h"

namespace relayproof::reference::bugs {

KnownBug dotsLeftDoubled() {
  return {.name = "dots-left-doubled",
          .kind = "protocol",
          .wrong = "The dot that the client put before one that begins a line is passed on with it.",
          .record = "RFC 5321 4.5.2",
          .caughtBy = {"transactions.dots"},
          .put = [](Conduct& conduct) {
            conduct.faults.changes = [](std::string message, bool inChunks) {
              if (inChunks) return message;
              for (std::size_t at = 0; (at = message.find("\r\n.", at)) != std::string::npos; at += 4)
                message.insert(at + 2, 1, '.');
              return message;
            };
          }};
}

}  // namespace relayproof::reference::bugs
