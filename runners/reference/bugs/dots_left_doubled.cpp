#include "runners/reference/bugs/bug.h"

namespace relayproof::reference::bugs {

KnownBug dotsLeftDoubled() {
  return {.name = "dots-left-doubled",
          .kind = "protocol",
          .wrong = "The dot that the client put before one that begins a line is passed on with it.",
          .record = "RFC 5321 4.5.2",
          .caughtBy = {"sequences.disabled-3",
                       "sequences.expired-2",
                       "sequences.expired-3",
                       "sequences.expired-5",
                       "sequences.foreign-2",
                       "sequences.gateway-alone-5",
                       "sequences.gateway-alone-6",
                       "sequences.gateway-and-foreign-3",
                       "sequences.gateway-and-own-1",
                       "sequences.gateway-and-own-3",
                       "sequences.gateway-and-own-4",
                       "sequences.nobody-1",
                       "sequences.nobody-3",
                       "sequences.nobody-5",
                       "sequences.other-1",
                       "sequences.other-3",
                       "sequences.own-alone-1",
                       "sequences.own-alone-2",
                       "sequences.own-alone-5",
                       "sequences.second-1",
                       "sequences.second-3",
                       "sequences.unknown-1",
                       "sequences.unknown-3",
                       "sequences.unknown-5",
                       "sequences.unregistered-3",
                       "sequences.wild-3",
                       "sequences.wild-4",
                       "session.beside.two-messages",
                       "transactions.dots",
                       "transactions.dots-at-every-place"},
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
