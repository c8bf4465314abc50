#include "runners/reference/bugs/bug.h"

namespace relayproof::reference::bugs {

KnownBug starttlsInjection() {
  return {.name = "starttls-injection",
          .kind = "hole",
          .wrong = "Octets that arrive in the clear behind STARTTLS are executed after the handshake.",
          .record = "CVE-2011-0411",
          .caughtBy = {"session.injected-beginning", "session.injected-ehlo", "session.injected-mail",
                       "session.injected-noop", "session.injected-transaction", "session.injected-without-certificate"},
          .put = [](Conduct& conduct) { conduct.faults.keepsClearText = true; }};
}

}  // namespace relayproof::reference::bugs
