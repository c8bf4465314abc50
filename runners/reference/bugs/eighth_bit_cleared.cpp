#include "runners/reference/bugs/bug.h"

namespace relayproof::reference::bugs {

KnownBug eighthBitCleared() {
  return {.name = "eighth-bit-cleared",
          .kind = "protocol",
          .wrong = "Messages are passed on in seven bits.",
          .record = "RFC 6152 3",
          .caughtBy = {"transactions.eight-bits"},
          .put = [](Conduct& conduct) {
            conduct.faults.changes = [](std::string message, bool) {
              for (char& octet : message) octet = static_cast<char>(octet & 0x7f);
              return message;
            };
          }};
}

}  // namespace relayproof::reference::bugs
