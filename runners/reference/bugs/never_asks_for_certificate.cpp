#include "runners/reference/bugs/bug.h"

namespace relayproof::reference::bugs {

KnownBug neverAsksForCertificate() {
  return {.name = "never-asks-for-certificate",
          .kind = "refusal",
          .wrong = "The handshake never asks for a client certificate.",
          .record = "gateway practice",
          .caughtBy = {"controls.by-certificate", "session.beside.local-beside-own",
                       "session.beside.nobody-beside-handshake", "session.beside.nobody-beside-message",
                       "session.beside.nobody-beside-own", "session.beside.nobody-beside-own-in-chunks",
                       "session.beside.nobody-beside-own-null-sender", "session.beside.nobody-beside-quit",
                       "session.beside.nobody-in-the-clear-beside-own"},
          .put = [](Conduct& conduct) { conduct.faults.asksForCertificate = false; }};
}

}  // namespace relayproof::reference::bugs
