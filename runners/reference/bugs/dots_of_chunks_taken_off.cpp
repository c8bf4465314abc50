#include "runners/reference/bugs/bug.h"

namespace relayproof::reference::bugs {

KnownBug dotsOfChunksTakenOff() {
  return {.name = "dots-of-chunks-taken-off",
          .kind = "protocol",
          .wrong = "A message in chunks loses the first of the dots that begin a line, as if it had come in DATA.",
          .record = "RFC 3030 2",
          .caughtBy = {"sequences.expired-4",
                       "sequences.gateway-alone-2",
                       "sequences.gateway-alone-4",
                       "sequences.gateway-alone-6",
                       "sequences.gateway-and-own-4",
                       "sequences.nobody-2",
                       "sequences.nobody-4",
                       "sequences.nobody-6",
                       "sequences.other-2",
                       "sequences.other-4",
                       "sequences.own-alone-4",
                       "sequences.own-alone-6",
                       "sequences.second-4",
                       "sequences.unknown-4",
                       "sequences.unregistered-2",
                       "sequences.wild-2",
                       "sequences.wild-4",
                       "transactions.chunks-within-line-ends",
                       "transactions.chunks-within-lines",
                       "transactions.dots-at-every-place-in-chunks",
                       "transactions.dots-in-chunks"},
          .put = [](Conduct& conduct) {
            conduct.faults.changes = [](std::string message, bool inChunks) {
              for (std::size_t at = 0; inChunks && (at = message.find("\r\n.", at)) != std::string::npos; at += 2)
                message.erase(at + 2, 1);
              return message;
            };
          }};
}

}  // namespace relayproof::reference::bugs
